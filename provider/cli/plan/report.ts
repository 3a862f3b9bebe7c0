import { counted } from "../../errors/message-text";
import { describeRates } from "../../forecast/describe-forecast";
import type { Rates } from "../../forecast/learn-rates";
import { nameKey } from "../../model/names";
import { formatBytes, formatDuration } from "../../model/quantities";
import { terminalLine } from "../../model/terminal-text";
import { plainTable } from "../../outcome/plain-table";
import type { Advice } from "../../plan/advice";
import type { Plan, PlanDatabase, PlannedDatabase, Wave } from "../../plan/plan";
import { formatLocalTime } from "../../plan/windows";

export interface PlanReport {
  plan: Plan;
  databases: readonly PlanDatabase[];
  advice: readonly Advice[];
  rates: Rates;
  timeZone: string;
  /** What was not considered, and why. */
  notes: readonly string[];
}

const WAVE_HEAD = ["wave", "machine", "start", "end", "databases", "upload", "restored", "last to end"];
const DATABASE_HEAD = ["wave", "machine", "database", "submit", "restore", "end", "upload", "restored"];

/** A table of more rows helps nobody. */
const MOST_ROWS = 500;

/** The waves by machine, then each database, what does not fit, and what the times are computed from. */
export function planReport({ plan, databases, advice, rates, timeZone, notes }: PlanReport): string {
  const sizes = new Map(databases.map((each) => [nameKey(each.database), each]));
  const time = (atMs: number): string => formatLocalTime(atMs, timeZone);
  const sum = (chosen: readonly PlannedDatabase[], of: (size: PlanDatabase) => number): string =>
    formatBytes(
      chosen.flatMap(({ database }) => sizes.get(nameKey(database)) ?? []).reduce((all, each) => all + of(each), 0),
    );
  const waveRows = plan.waves.flatMap((wave) =>
    shardsOf(wave).map(([runner, placed]) => {
      const last = placed.reduce((one, other) => (other.endMs > one.endMs ? other : one));
      return [
        ...[String(wave.number), String(runner), time(wave.startMs), time(last.endMs), String(placed.length)],
        ...[sum(placed, (each) => each.uploadBytes), sum(placed, (each) => each.restoredBytes), last.database],
      ];
    }),
  );
  const placed = plan.waves.flatMap(({ number, databases: own }) => own.map((each) => ({ number, each })));
  const databaseRows = placed
    .slice(0, MOST_ROWS)
    .map(({ number, each }) => [
      ...[String(number), String(each.runner), each.database, time(each.submitMs), time(each.restoreMs)],
      ...[time(each.endMs), sum([each], (size) => size.uploadBytes), sum([each], (size) => size.restoredBytes)],
    ]);
  const more = placed.length - MOST_ROWS;
  const cells = (rows: readonly string[][]) => rows.map((row) => row.map(terminalLine));
  return [
    summary(plan, timeZone),
    ...(waveRows.length === 0
      ? []
      : [plainTable(WAVE_HEAD, cells(waveRows)), plainTable(DATABASE_HEAD, cells(databaseRows))]),
    ...(more > 0 ? [`and ${counted(more, "database")} more, which --json prints`] : []),
    ...advice.map(({ what, remedy, databases: left }) => terminalLine(`${what} ${remedy} ${namesOf(left)}`)),
    ["Computed from:", ...[...describeRates(rates), ...notes].map((line) => `  ${line}`)].join("\n"),
  ].join("\n\n");
}

function summary({ waves, unplanned }: Plan, timeZone: string): string {
  const planned = waves.reduce((count, { databases }) => count + databases.length, 0);
  const [first] = waves;
  const last = waves.at(-1);
  const left = unplanned.length === 0 ? "" : `; not planned: ${counted(unplanned.length, "database")}`;
  if (first === undefined || last === undefined) return `no database is planned${left}`;
  const span = formatDuration((last.endMs - first.startMs) / 1000);
  const times = `${formatLocalTime(first.startMs, timeZone)} to ${formatLocalTime(last.endMs, timeZone)} (${timeZone}), ${span}`;
  return `${counted(planned, "database")} in ${counted(waves.length, "wave")}, ${times}${left}`;
}

function shardsOf({ databases }: Wave): [number, PlannedDatabase[]][] {
  const shards = new Map<number, PlannedDatabase[]>();
  for (const each of databases) shards.set(each.runner, [...(shards.get(each.runner) ?? []), each]);
  return [...shards].sort(([one], [other]) => one - other);
}

const NAMED = 10;
const namesOf = (names: readonly string[]): string =>
  `(${names.slice(0, NAMED).join(", ")}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ""})`;
