import type { ErrorCode } from "../errors/catalogue";
import { type CountedDatabase, statusSummary } from "../model/database-counts";
import type { CutoverDatabase, RecordedTimes } from "./cutover-database";
import type { CutoverForecast } from "./cutover-forecast";
import { appliedStart, comparisonLine, lastLogRows, previewHeadlines, SCRIPT_LINES } from "./expected-lines";
import type { GroupCommands } from "./group-commands";
import { code } from "./markdown";
import type { RunbookGroup } from "./runbook-groups";
import type { RunbookSettings } from "./settings";
import { packageCommand, shellWord } from "./shell";
import type { Step } from "./step";

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

export interface GroupStepsInput {
  group: RunbookGroup;
  settings: RunbookSettings;
  commands: GroupCommands;
  forecast: CutoverForecast;
  /** The databases of the same stack that are not cut over in this group. */
  others: readonly CountedDatabase[];
}

/** The steps before writes stop, until the point of no return, and after it. */
export interface GroupSteps {
  before: Step[];
  closed: Step[];
  open: Step[];
}

export const groupSteps = (input: GroupStepsInput): GroupSteps => ({
  before: stepsBefore(input),
  closed: [...stepsOnSource(input), ...stepsOnCopy(input)],
  open: stepsAfter(input),
});

const seconds = (step: keyof typeof ASSUMED_MINUTES, times = 1): number => ASSUMED_MINUTES[step] * times * 60;

const summaryWhen = ({ group, others }: GroupStepsInput, status: CountedDatabase["status"]): string =>
  statusSummary([...others, ...group.databases.map(() => ({ status }))]);

const stepsBefore = (input: GroupStepsInput): Step[] => [
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
    text: `Files with the ending ${code("recreate-logins.sql")} hold password hashes: delete them after the night.`,
    go: "sqlcmd exits with 0",
    noGo: "repair it before writes stop: a closed database cannot be read",
  },
  {
    ...{ title: "Check the last log without taking it", who: "DBA", seconds: seconds("dryRun") },
    commands: input.commands.lastLogs(false),
    expected: SCRIPT_LINES.checked,
    go: `the line is printed for ${each(input)}`,
    noGo: "sqlcmd exits with 1, and a row says `FAILED`: no cutover tonight",
  },
];

const stepsOnSource = (input: GroupStepsInput): Step[] => [
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
    go: "sqlcmd exits with 0",
    noGo: "start jobs and applications again; nothing has changed",
  },
  {
    ...{
      title: "Take the last log, which closes the source",
      who: "DBA",
      seconds: seconds("lastLog", input.group.databases.length),
    },
    commands: input.commands.lastLogs(true),
    expected: lastLogRows(input.group),
    go: `a row shows it for ${each(input)}`,
    noGo: "way back. With error 3101 a session still uses the database: end it, and take the log again",
    recordedAt: whenAll(input.group, "lastLogAt"),
  },
  {
    ...{
      title: "Bring the files to the project",
      who: "DBA",
      seconds: seconds("bringFile", input.group.databases.length),
    },
    commands: bringCommands(input),
    text: `From the column ${code("backup_file")} of the step before, ${input.group.databases.map(placeOf).join("; ")}.`,
    go: "the sizes are equal on both sides",
    noGo: "way back",
  },
];

const stepsOnCopy = (input: GroupStepsInput): Step[] => [
  {
    ...{
      title: "Apply the last log; the copy stays closed",
      who: "Engineer",
      seconds: input.forecast.applying(input.group.databases),
    },
    commands: [input.commands.pulumi("up")],
    expected: appliedStart(),
    go: `the line is printed for ${each(input)}, with the file of the step before`,
    noGo: "way back, or a better file within the time that is left",
    recordedAt: whenAll(input.group, "appliedAt"),
  },
  {
    ...{ title: "Preview the cutover", who: "Engineer", seconds: seconds("preview") },
    commands: [input.commands.setPhase("online"), input.commands.pulumi("preview")],
    expected: previewHeadlines(input.group),
    go: "the preview prints it and has no error",
    noGo: `way back. ${code(input.group.isCutoverGroup ? CODES.groupNotReady : CODES.notReady)} names what is missing`,
  },
  {
    ...{ title: "**Go or no-go**", who: "Decision", seconds: seconds("decide") },
    commands: [],
    text: "Decided by: ______________________________",
    go: "every step above is done",
    noGo: "way back",
  },
];

const stepsAfter = (input: GroupStepsInput): Step[] => [
  {
    ...{
      title: "**Point of no return**: open",
      who: "Engineer",
      seconds: input.forecast.opening(input.group.databases),
    },
    commands: [input.commands.pulumi("up"), input.commands.status()],
    expected: summaryWhen(input, "online"),
    go: "the line is printed",
    noGo: input.group.isCutoverGroup
      ? `run ${code("pulumi up")} again. ${code(CODES.groupIncomplete)} names what is open, which stays so`
      : `run ${code("pulumi up")} again`,
    recordedAt: whenAll(input.group, "openedAt"),
  },
  {
    ...{ title: "Create the logins", who: "DBA", seconds: seconds("logins") },
    commands: input.commands.createLogins(),
    go: "sqlcmd exits with 0",
    noGo: "create what is missing by hand",
  },
  {
    ...{ title: "Compare", who: "DBA", seconds: seconds("compare") },
    commands: [...input.commands.recordDestination(), ...input.commands.comparisons().map(({ command }) => command)],
    expected: input.commands
      .comparisons()
      .map(({ compared }) => comparisonLine(compared))
      .join("\n"),
    go: "every comparison exits with 0",
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

const each = ({ group }: GroupStepsInput): string => group.databases.map(({ source }) => code(source)).join(", ");

const placeOf = ({ source, incrementsFolder }: CutoverDatabase): string =>
  `${code(source)} to ${incrementsFolder === undefined ? "where its `increments` point" : code(incrementsFolder)}`;

/** A program that reads a manifest gets the new files from it. */
function bringCommands({ settings }: GroupStepsInput): string[] {
  const { manifestFile } = settings;
  if (manifestFile === undefined) return [];
  const folder = /^(.*)[\\/]/.exec(manifestFile)?.[1] ?? ".";
  return [packageCommand("bakinfo", shellWord(folder), "--manifest", shellWord(manifestFile))];
}

/** The latest of the recorded times; undefined until every database has one. */
function whenAll({ databases }: RunbookGroup, step: keyof RecordedTimes): string | undefined {
  const times = databases.map(({ recorded }) => recorded[step]);
  if (times.some((time) => time === undefined)) return undefined;
  return times.reduce((one, other) => (Date.parse(other ?? "") > Date.parse(one ?? "") ? other : one));
}
