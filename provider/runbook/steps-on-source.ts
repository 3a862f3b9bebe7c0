import type { CutoverDatabase } from "./cutover-database";
import { lastLogRows, SCRIPT_LINES } from "./expected-lines";
import { code } from "./markdown";
import { packageCommand, shellWord } from "./shell";
import { disableJobs, latestLogBackups, openSessions, runningJobs } from "./source-statements";
import type { Step } from "./step";
import { each, type GroupStepsInput, logJobs, seconds, summaryWhen, whenAll } from "./step-facts";

/** Before writes stop. */
export const stepsBefore = (input: GroupStepsInput): Step[] => [
  {
    ...{ title: "Stop the source's log backup jobs", who: "DBA", seconds: seconds("stopJobs") },
    commands: [],
    text:
      "Do this before the next step: a log that a job takes after it would be missing between the applied logs and the last one. " +
      "The last query shows who takes logs, and where. Enable a job that also covers other databases again when the last log is taken.",
    statements: [
      ...disableJobs(logJobs(input.settings)),
      ...runningJobs(logJobs(input.settings)),
      ...latestLogBackups(input.group.databases),
    ],
    go: "the first query returns no row",
    noGo: "wait for the end of the job that it names, and run the block again: its log is then in the last query",
  },
  {
    ...{ title: "Apply the logs that have come", who: "Engineer", seconds: seconds("update") },
    commands: [input.commands.pulumi("up"), input.commands.status()],
    text: "Before it, bring the files that the last query of step 1 shows and the project does not have yet.",
    expected: summaryWhen(input, "waitingForIncrements"),
    go: "the line is printed",
    noGo: "a database failed, or is online already: no cutover tonight",
  },
  {
    ...{ title: "Save the logins, and try the destination", who: "DBA", seconds: seconds("logins") },
    commands: [...input.commands.saveLogins(), ...input.commands.tryDestinations()],
    text:
      `Files with the ending ${code("recreate-logins.sql")} hold password hashes: delete them after the night. ` +
      `The line with ${code("-Q")} asks for the password of the destination. It shows that this machine may log in there.`,
    go: "each sqlcmd exits with 0",
    noGo: "repair it before writes stop: a closed database cannot be read, and the logins are created after the point of no return",
  },
  {
    ...{ title: "Check the last log without taking it", who: "DBA", seconds: seconds("dryRun") },
    commands: input.commands.lastLogs(false),
    expected: SCRIPT_LINES.checked,
    go: `the line is printed for ${each(input)}`,
    noGo: "sqlcmd exits with 1, and a row says `FAILED`: no cutover tonight",
  },
];

/** From the stop of the writes until the last logs are beside the program. */
export const stepsOnSource = (input: GroupStepsInput): Step[] => [
  {
    ...{
      title: "**Writes stop**: stop every application that writes",
      who: "Applications",
      seconds: seconds("stopWrites"),
    },
    commands: [],
    text: "How: ______________________________",
    go: "no application is connected",
    noGo: "way back: only jobs and applications were stopped",
  },
  {
    ...{ title: "Find who still uses the databases", who: "DBA", seconds: seconds("sessions") },
    commands: [],
    text: `A session with ${code("writes_since")} has an open transaction that writes. Change your other query windows to ${code("master")}.`,
    statements: openSessions(input.group.databases),
    go: "the query returns no row",
    noGo: `stop the program, or end the session with ${code("KILL")} and its number; else way back`,
  },
  {
    ...{ title: "Record the source", who: "DBA", seconds: seconds("record") },
    commands: input.commands.recordSource(),
    go: "sqlcmd exits with 0",
    noGo: "way back",
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
    noGo: "way back. With error 3101 a session still uses the database: end it, and run that database's two lines again",
    recordedAt: whenAll(input.group, "lastLogAt"),
  },
  {
    ...{
      title: "Bring the files to the project",
      who: "DBA",
      seconds: seconds("bringFile", input.group.databases.length),
    },
    commands: bringCommands(input),
    text: `The step before prints each path after ${code(SCRIPT_LINES.backingUp)}. Copy ${input.group.databases.map(placeOf).join("; ")}.`,
    go: "the sizes are equal on both sides",
    noGo: "way back",
  },
];

const placeOf = ({ source, incrementsFolder }: CutoverDatabase): string =>
  `${code(source)} to ${incrementsFolder === undefined ? "where its `increments` point" : code(incrementsFolder)}`;

/** A program that reads a manifest gets the new files from it. */
function bringCommands({ settings }: GroupStepsInput): string[] {
  const { manifestFile } = settings;
  if (manifestFile === undefined) return [];
  const folder = /^(.*)[\\/]/.exec(manifestFile)?.[1] ?? ".";
  return [packageCommand("bakinfo", shellWord(folder), "--manifest", shellWord(manifestFile))];
}
