import { appliedLine, cutoverHeadline, groupCutoverHeadline } from "../decisions/cutover-notice";
import type { ErrorCode } from "../errors/catalogue";
import { type CountedDatabase, statusSummary } from "../model/database-counts";
import { comparisonSummary } from "../source/comparison-report";
import { sqlName } from "../source/sql-text";
import type { CutoverDatabase, RecordedTimes } from "./cutover-database";
import type { CutoverNight } from "./cutover-groups";
import { code } from "./markdown";
import type { NightCommands } from "./night-commands";
import type { NightForecast } from "./night-forecast";
import type { RunbookSettings } from "./settings";
import { packageCommand, shellWord } from "./shell";
import type { Step } from "./step";

/** What `sql/backup-databases.sql` prints. */
export const SCRIPT_LINES = {
  checked: "Checked only, nothing was changed: set @is_run to 1 to back up.",
  backedUp: "backed up",
  closed: (database: string) => `closed: RESTORE DATABASE ${sqlName(database)} WITH RECOVERY opens it again`,
} as const;

/** Minutes that people are assumed to need; scripts on the source are among them. */
const ASSUMED_MINUTES = {
  update: 20,
  logins: 5,
  dryRun: 5,
  stopWrites: 10,
  record: 10,
  lastLog: 5,
  bringFile: 5,
  preview: 5,
  decide: 5,
  compare: 10,
  startApplications: 10,
} as const;

const CODES = {
  notReady: "CUTOVER_NOT_READY",
  groupNotReady: "GROUP_NOT_READY",
  groupIncomplete: "GROUP_INCOMPLETE",
} as const satisfies Record<string, ErrorCode>;

export interface NightInput {
  night: CutoverNight;
  settings: RunbookSettings;
  commands: NightCommands;
  forecast: NightForecast;
  /** The databases of the same stack that are not cut over in this night. */
  others: readonly CountedDatabase[];
}

/** The steps before writes stop, until the point of no return, and after it. */
export interface NightSteps {
  before: Step[];
  closed: Step[];
  open: Step[];
}

export const nightSteps = (input: NightInput): NightSteps => ({
  before: stepsBefore(input),
  closed: [...stepsOnSource(input), ...stepsOnCopy(input)],
  open: stepsAfter(input),
});

const seconds = (step: keyof typeof ASSUMED_MINUTES, times = 1): number => ASSUMED_MINUTES[step] * times * 60;

const summaryWhen = ({ night, others }: NightInput, status: CountedDatabase["status"]): string =>
  statusSummary([...others, ...night.databases.map(() => ({ status }))]);

const stepsBefore = (input: NightInput): Step[] => [
  {
    ...{ title: "Apply the logs that have come", who: "Engineer", seconds: seconds("update") },
    commands: [input.commands.pulumi("up"), input.commands.status()],
    expected: summaryWhen(input, "waitingForIncrements"),
    go: "the line is printed",
    noGo: "a database failed, or is online already: no cutover tonight",
  },
  {
    ...{ title: "Save the logins", who: "DBA", seconds: seconds("logins") },
    commands: input.commands.saveLogins(),
    text: `${code("recreate-logins.sql")} holds password hashes: delete it after the night.`,
    go: "sqlcmd exits with 0",
    noGo: "repair it before writes stop: a closed database cannot be read",
  },
  {
    ...{ title: "Check the last log without taking it", who: "DBA", seconds: seconds("dryRun") },
    commands: input.commands.lastLog(false),
    expected: SCRIPT_LINES.checked,
    go: `the line is printed for ${each(input)}`,
    noGo: "sqlcmd exits with 1, and a row says `FAILED`: no cutover tonight",
  },
];

const stepsOnSource = (input: NightInput): Step[] => [
  {
    ...{
      title: "**Writes stop**: stop every application that writes",
      who: "Applications",
      seconds: seconds("stopWrites"),
    },
    commands: [],
    text: "How: ______________________________",
    go: "no application is connected",
    noGo: "start the applications again; nothing has changed",
  },
  {
    ...{
      title: "Stop the source's own log backup jobs, and record the source",
      who: "DBA",
      seconds: seconds("record"),
    },
    commands: input.commands.recordSource(),
    go: `sqlcmd exits with 0, and ${code(input.commands.sourceFile)} is there`,
    noGo: "start jobs and applications again; nothing has changed",
  },
  {
    ...{
      title: "Take the last log, which closes the source",
      who: "DBA",
      seconds: seconds("lastLog", input.night.databases.length),
    },
    commands: input.commands.lastLog(true),
    expected: input.night.databases
      .map(({ source }) => `${SCRIPT_LINES.backedUp}  ${SCRIPT_LINES.closed(source)}`)
      .join("\n"),
    go: `a row shows it for ${each(input)}`,
    noGo: "way back. With error 3101 a session still uses the database: end it, and take the log again",
    recordedAt: whenAll(input.night, "lastLogAt"),
  },
  {
    ...{
      title: "Bring the files to the project",
      who: "DBA",
      seconds: seconds("bringFile", input.night.databases.length),
    },
    commands: bringCommands(input),
    text: `From the column ${code("backup_file")} of the step before, ${input.night.databases.map(placeOf).join("; ")}.`,
    go: "the sizes are equal on both sides",
    noGo: "way back",
  },
];

const stepsOnCopy = (input: NightInput): Step[] => [
  {
    ...{
      title: "Apply the last log; the copy stays closed",
      who: "Engineer",
      seconds: input.forecast.applying(input.night.databases),
    },
    commands: [input.commands.pulumi("up")],
    expected: `${appliedLine("…", 0).split("…")[0]}…`,
    go: `the line is printed for ${each(input)}, with the file of the step before`,
    noGo: "way back, or a better file within the time that is left",
    recordedAt: whenAll(input.night, "appliedAt"),
  },
  {
    ...{ title: "Preview the cutover", who: "Engineer", seconds: seconds("preview") },
    commands: [input.commands.setPhase("online"), input.commands.pulumi("preview")],
    expected: headlines(input.night).join("\n"),
    go: "the preview prints it and has no error",
    noGo: `way back. ${code(input.night.isGroup ? CODES.groupNotReady : CODES.notReady)} names what is missing`,
  },
  {
    ...{ title: "**Go or no-go**", who: "Decision", seconds: seconds("decide") },
    commands: [],
    text: "Decided by: ______________________________",
    go: "every step above is done",
    noGo: "way back",
  },
];

const stepsAfter = (input: NightInput): Step[] => [
  {
    ...{
      title: "**Point of no return**: open",
      who: "Engineer",
      seconds: input.forecast.opening(input.night.databases),
    },
    commands: [input.commands.pulumi("up"), input.commands.status()],
    expected: summaryWhen(input, "online"),
    go: "the line is printed",
    noGo: input.night.isGroup
      ? `run ${code("pulumi up")} again. ${code(CODES.groupIncomplete)} names what is open, which stays so`
      : `run ${code("pulumi up")} again`,
    recordedAt: whenAll(input.night, "openedAt"),
  },
  {
    ...{ title: "Create the logins", who: "DBA", seconds: seconds("logins") },
    commands: [input.commands.createLogins()],
    go: "sqlcmd exits with 0",
    noGo: "create what is missing by hand",
  },
  {
    ...{ title: "Compare", who: "DBA", seconds: seconds("compare") },
    commands: [...input.commands.recordDestination(), input.commands.compare()],
    expected: `${comparisonSummary(input.night.databases.length, []).split(",")[0]}, …`,
    go: "the command exits with 0",
    noGo: "the applications stay stopped until the difference is explained",
  },
  {
    ...{
      title: "Start the applications on the destination",
      who: "Applications",
      seconds: seconds("startApplications"),
    },
    commands: [],
    text: "How (connection strings, DNS): ______________________________",
    go: "the applications work",
    noGo: "repair forward: there is no way back once they have written",
  },
];

const each = ({ night }: NightInput): string => night.databases.map(({ source }) => code(source)).join(", ");

const headlines = ({ isGroup, databases }: CutoverNight): string[] =>
  isGroup
    ? [groupCutoverHeadline(databases.map(({ database }) => database))]
    : // A row prints one sentence a line.
      databases.map(({ database }) => cutoverHeadline(database, []).replace(". ", ".\n"));

const placeOf = ({ source, incrementsFolder }: CutoverDatabase): string =>
  `${code(source)} to ${incrementsFolder === undefined ? "where its `increments` point" : code(incrementsFolder)}`;

/** A program that reads a manifest gets the new files from it. */
function bringCommands({ settings }: NightInput): string[] {
  const { manifestFile } = settings;
  if (manifestFile === undefined) return [];
  const folder = /^(.*)[\\/]/.exec(manifestFile)?.[1] ?? ".";
  return [packageCommand("bakinfo", shellWord(folder), "--manifest", shellWord(manifestFile))];
}

/** The latest of the recorded times; undefined until every database has one. */
function whenAll({ databases }: CutoverNight, step: keyof RecordedTimes): string | undefined {
  const times = databases.map(({ recorded }) => recorded[step]);
  if (times.some((time) => time === undefined)) return undefined;
  return times.reduce((one, other) => (Date.parse(other ?? "") > Date.parse(one ?? "") ? other : one));
}
