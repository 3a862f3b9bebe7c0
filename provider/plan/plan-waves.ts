import { DAILY_LIMITS } from "../model/daily-limits";
import { nameKey } from "../model/names";
import { fillWave, lastEnd, SPACE_MARGIN } from "./fill-wave";
import type { Limit, Plan, PlanInput, PlanWindow, Wave } from "./plan";
import { type AcceptedTasks, type PlacedUnit, runWave } from "./run-wave";
import { type Unit, unitsOf } from "./unit";

const DAY_MS = 24 * 3_600_000;
/** A wave that waits for the day's quota starts when it has room for so many tasks, or for all that are left. */
const WORTH_STARTING = 50;

/**
 * Plans ordered waves. Each database is in exactly one wave, or in `unplanned` with the limit that keeps it out. The order in which
 * the databases are given does not matter, and waves that have begun stay as they are.
 */
export function planWaves(input: PlanInput): Plan {
  const { begun = [], windows = [{ startMs: input.nowMs, endMs: Number.POSITIVE_INFINITY }] } = input;
  const waves = [...begun];
  const hasBegun = new Set(begun.flatMap(({ databases }) => databases.map(({ database }) => nameKey(database))));
  const bytes = new Map(input.databases.map((each) => [nameKey(each.database), each.restoredBytes]));
  let open = unitsOf(input.databases.filter(({ database }) => !hasBegun.has(nameKey(database))));
  let cursorMs = Math.max(input.nowMs, lastEnd(begun));

  // A database that exists already is not among the input's, and counts in what the instance uses.
  const taken = () =>
    waves.flatMap(({ databases }) => databases.filter(({ database }) => bytes.has(nameKey(database))));
  const freeAt = (atMs: number): number =>
    (input.freeBytes ?? Number.POSITIVE_INFINITY) +
    (input.growth ?? []).reduce((sum, growth) => sum + (growth.atMs <= atMs ? growth.bytes : 0), 0) -
    taken().reduce((sum, { database }) => sum + (bytes.get(nameKey(database)) ?? 0) * SPACE_MARGIN, 0);
  const allowed = (): number => (input.databasesAllowed ?? Number.POSITIVE_INFINITY) - taken().length;

  for (const window of [...windows].sort((one, other) => one.startMs - other.startMs)) {
    let startMs: number | undefined = Math.max(window.startMs, cursorMs);
    while (startMs !== undefined && open.length > 0) {
      const accepted = acceptedTasks(input, waves);
      startMs = quotaReadyMs(startMs, accepted, open);
      if (startMs >= window.endMs) break;
      const limits = { startMs, endMs: window.endMs, freeBytes: freeAt(startMs), databases: allowed(), accepted };
      const placed = fillWave(open, limits, input);
      if (placed.length === 0) {
        startMs = nextGrowth(input, startMs, window);
        continue;
      }
      waves.push(waveOf(waves.length + 1, startMs, windowOf(input, startMs, window), placed));
      const done = new Set(placed.map(({ unit }) => unit));
      open = open.filter((unit) => !done.has(unit));
      cursorMs = lastEnd(placed);
      startMs = cursorMs;
    }
  }
  const context = { freeBytes: freeAt(Number.POSITIVE_INFINITY), databases: allowed(), windows };
  return { waves, unplanned: open.flatMap((unit) => describeUnit(unit, limitOf(unit, context, input))) };
}

const describeUnit = ({ members }: Unit, limit: Limit) => members.map(({ database }) => ({ database, limit }));

function waveOf(number: number, startMs: number, window: PlanWindow, placed: readonly PlacedUnit[]): Wave {
  const databases = placed.flatMap((each) => each.databases);
  databases.sort((one, other) => one.submitMs - other.submitMs || (one.database < other.database ? -1 : 1));
  return { number, startMs, endMs: lastEnd(placed), window, databases };
}

/** A wave may begin early when the one before it ends early, but not before the disk that it was planned with has arrived. */
function windowOf({ growth = [] }: PlanInput, startMs: number, { startMs: opensMs, endMs }: PlanWindow): PlanWindow {
  const arrived = growth.map(({ atMs }) => atMs).filter((atMs) => atMs <= startMs);
  return { startMs: Math.max(opensMs, ...arrived), endMs };
}

/** The tasks that exist, and those of the waves. */
function acceptedTasks({ tasks = [], nowMs }: PlanInput, waves: readonly Wave[]): AcceptedTasks {
  const known = new Set(tasks.map(({ databaseName }) => nameKey(databaseName)));
  const planned = waves
    .flatMap(({ databases }) => databases)
    .filter(({ database, submitMs }) => submitMs > nowMs || !known.has(nameKey(database)))
    .map(({ database, submitMs }) => ({ databaseName: database, createdAtMs: submitMs }));
  const all = [...tasks, ...planned].sort((one, other) => one.createdAtMs - other.createdAtMs);
  const byDatabase = new Map<string, number[]>();
  for (const { databaseName, createdAtMs } of all) {
    const own = byDatabase.get(nameKey(databaseName)) ?? [];
    own.push(createdAtMs);
    byDatabase.set(nameKey(databaseName), own);
  }
  return { all: all.map(({ createdAtMs }) => createdAtMs), byDatabase };
}

function quotaReadyMs(startMs: number, { all }: AcceptedTasks, open: readonly Unit[]): number {
  const count = open.reduce((sum, { members }) => sum + members.length, 0);
  const room = Math.min(WORTH_STARTING, count);
  const blocking = all[all.length - 1 - DAILY_LIMITS.perInstance + room];
  return blocking === undefined ? startMs : Math.max(startMs, blocking + DAY_MS);
}

function nextGrowth({ growth = [] }: PlanInput, afterMs: number, { endMs }: PlanWindow): number | undefined {
  const later = growth.map(({ atMs }) => atMs).filter((atMs) => atMs > afterMs && atMs < endMs);
  return later.length === 0 ? undefined : Math.min(...later);
}

/** The limit that keeps a unit out of every wave. */
function limitOf(
  unit: Unit,
  { freeBytes, databases, windows }: { freeBytes: number; databases: number; windows: readonly PlanWindow[] },
  input: PlanInput,
): Limit {
  if (unit.members.length > DAILY_LIMITS.perInstance) return "groupSize";
  if (unit.members.length > databases) return "count";
  if (unit.restoredBytes * SPACE_MARGIN + unit.backupBytes * input.restoresAtOnce > freeBytes) return "space";
  const [alone] = runWave([unit], 0, input, { all: [], byDatabase: new Map() });
  const longest = Math.max(...windows.map(({ startMs, endMs }) => endMs - startMs));
  return (alone?.endMs ?? 0) > longest ? "windowLength" : "window";
}
