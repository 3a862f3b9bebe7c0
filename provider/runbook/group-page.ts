import { formatRange } from "../forecast/describe-forecast";
import { formatLocalTime } from "../plan/windows";
import type { CutoverForecast } from "./cutover-forecast";
import type { GroupCommands } from "./group-commands";
import type { GroupSteps } from "./group-steps";
import { code, codeBlock, markdownTable } from "./markdown";
import type { RunbookGroup } from "./runbook-groups";
import { enableJobs, reopenDatabases } from "./source-statements";
import { clockMs, type Step, totalMs } from "./step";

const BLANK = "________";

interface GroupPageInput {
  group: RunbookGroup;
  steps: GroupSteps;
  /** When writes stop. */
  startMs: number;
  timeZone: string;
  commands: GroupCommands;
  /** The jobs of the source that take log backups. */
  logJobs: readonly string[];
  forecast: CutoverForecast;
}

interface TimedStep extends Step {
  number: number;
  atMs: number;
}

/** The runbook of one group: the table, each step, and the way back. */
export function groupPage(input: GroupPageInput): string {
  const { group, startMs, timeZone } = input;
  const steps = timed(input);
  const clock = (ms: number): string => formatLocalTime(ms, timeZone);
  const last = steps.at(-1);
  const endMs = last === undefined ? startMs : last.atMs + clockMs(last);
  const returnStep = input.steps.before.length + input.steps.closed.length + 1;
  const rows = steps.map((step) => [
    String(step.number),
    shortClock(clock(step.atMs)),
    minutesOf(step),
    step.who,
    step.title,
    step.go,
    step.recordedAt === undefined ? BLANK : clock(Date.parse(step.recordedAt)),
  ]);
  return [
    `## ${group.databases.map(({ database }) => code(database)).join(", ")}`,
    `Writes stop at ${clock(startMs)} (${timeZone}); the applications work again at about ${shortClock(clock(endMs))}. ` +
      `Step ${returnStep} is the **point of no return**.`,
    markdownTable(["step", "clock", "minutes", "who", "what", "go when", "real"], rows),
    ...steps.map((step) => stepSection(step, clock)),
    wayBack(input, returnStep),
    ...recordedTimes(input, clock),
  ].join("\n\n");
}

/** Steps before writes stop end then; the others follow each other. */
function timed({ steps: { before, closed, open }, startMs }: GroupPageInput): TimedStep[] {
  let atMs = startMs - totalMs(before);
  return [...before, ...closed, ...open].map((step, index) => {
    const placed = { ...step, number: index + 1, atMs };
    atMs += clockMs(step);
    return placed;
  });
}

/** `Sat 22:00` of `Sat 2026-11-28 22:00`. */
const shortClock = (time: string): string => `${time.slice(0, 3)} ${time.slice(-5)}`;

const minutesOf = ({ seconds }: Step): string =>
  typeof seconds === "number" ? String(Math.round(seconds / 60)) : formatRange(seconds).replace(/ min$/, "");

function stepSection(step: TimedStep, clock: (ms: number) => string): string {
  const { number, title, who, atMs, commands, statements = [], text, expected, go, noGo } = step;
  return [
    `### ${number}. ${title.replaceAll("**", "")}`,
    `${shortClock(clock(atMs))}, ${who}.${text === undefined ? "" : ` ${text}`}`,
    ...(commands.length === 0 ? [] : [codeBlock("bash", commands)]),
    ...(statements.length === 0 ? [] : [codeBlock("sql", statements)]),
    ...(expected === undefined ? [] : ["Expected:", codeBlock("text", expected.split("\n"))]),
    `- **Go** when ${go}.\n- **No-go**: ${noGo}.`,
  ].join("\n\n");
}

function wayBack({ steps, group, commands, logJobs }: GroupPageInput, returnStep: number): string {
  const [first, last] = [steps.before.length + 1, returnStep - 1];
  return [
    "### Way back",
    `After any of the steps ${first} to ${last}. The DBA opens the databases on the source as they were, and reads ${code("ONLINE")} for each:`,
    codeBlock("sql", reopenDatabases(group.databases)),
    `Then, and also when the cutover is put off in the steps 1 to ${first - 1}, the DBA enables the log backup jobs again:`,
    codeBlock("sql", enableJobs(logJobs)),
    "The engineer takes the cutover out of the configuration:",
    codeBlock("bash", [commands.setPhase("restoring")]),
    "Then the applications start again on the source. The copies stay closed on RDS. The source's log chain goes on, and the " +
      "files of the last logs stay part of it.",
    `After step ${returnStep} there is no way back for an application that has written to ${group.databases.length === 1 ? "the copy" : "one of the copies"}: ` +
      "source and copy are then two databases that differ. Until the first write, the statements above open the source; drop the copies afterwards.",
  ].join("\n\n");
}

/** What a state records of the group, database by database. */
function recordedTimes({ group }: GroupPageInput, clock: (ms: number) => string): string[] {
  const cell = (time: string | undefined): string => (time === undefined ? "" : clock(Date.parse(time)));
  const done = group.databases.filter(({ recorded }) => Object.values(recorded).some((time) => time !== undefined));
  if (done.length === 0) return [];
  const rows = done.map(({ database, recorded, row }) => {
    const { lastLogAt, appliedAt, openedAt, checkedAt } = recorded;
    const failure = row?.failure === undefined ? "" : ` (${code(row.failure.code)})`;
    return [code(database), ...[lastLogAt, appliedAt, openedAt, checkedAt].map(cell), `${row?.status ?? ""}${failure}`];
  });
  const head = ["database", "last log written", "last log applied", "open", "DBCC CHECKDB", "status"];
  return ["### Recorded", markdownTable(head, rows)];
}
