import { DAILY_LIMITS } from "../model/daily-limits";
import { candidateOrders } from "./orders";
import type { PlanInput } from "./plan";
import { type AcceptedTasks, type PlacedUnit, runWave } from "./run-wave";
import type { Unit } from "./unit";

/** What a wave may take. */
export interface WaveLimits {
  startMs: number;
  endMs: number;
  freeBytes: number;
  databases: number;
  accepted: AcceptedTasks;
}

/** Safety factor, as the preview's: databases grow while they are restored and opened. */
export const SPACE_MARGIN = 1.1;

/** Fills one wave: the units that fit the space and the count, in the order with which most of them end within the window. */
export function fillWave(units: readonly Unit[], limits: WaveLimits, input: PlanInput): PlacedUnit[] {
  const fitting = withinLimits(units, limits, input);
  let best: PlacedUnit[] = [];
  for (const order of candidateOrders(fitting, input)) {
    const placed = withinWindow(order, limits, input);
    if (isBetter(placed, best)) best = placed;
  }
  return best;
}

/** The units that space, number of databases and the day's tasks allow; the first that does not fit makes room for smaller ones. */
function withinLimits(units: readonly Unit[], limits: WaveLimits, { restoresAtOnce }: PlanInput): Unit[] {
  let { freeBytes, databases } = limits;
  let tasks: number = DAILY_LIMITS.perInstance;
  let largestFile = 0;
  return units.filter(({ members, restoredBytes, backupBytes }) => {
    const needed = restoredBytes * SPACE_MARGIN;
    // The files of all tasks that the instance works on lie beside the databases.
    const files = Math.max(largestFile, backupBytes) * restoresAtOnce;
    if (members.length > databases || members.length > tasks || needed + files > freeBytes) return false;
    freeBytes -= needed;
    databases -= members.length;
    tasks -= members.length;
    largestFile = Math.max(largestFile, backupBytes);
    return true;
  });
}

/** Leaves out what would end after the window, and then takes up again as many of the shortest as fit. */
function withinWindow(order: readonly Unit[], limits: WaveLimits, input: PlanInput): PlacedUnit[] {
  const { startMs, endMs, accepted } = limits;
  const run = (units: readonly Unit[]) => runWave(units, startMs, input, accepted);
  let placed = run(order);
  const isLate = (each: PlacedUnit): boolean => each.endMs > endMs;
  if (!placed.some(isLate)) return placed;
  const left: Unit[] = [];
  while (placed.some(isLate)) {
    left.push(...placed.filter(isLate).map(({ unit }) => unit));
    placed = run(placed.filter((each) => !isLate(each)).map(({ unit }) => unit));
  }
  const kept = new Set(placed.map(({ unit }) => unit));
  left.sort((one, other) => one.priority - other.priority || one.tailSeconds - other.tailSeconds);
  let [fewest, most] = [0, left.length];
  while (fewest < most) {
    const count = Math.ceil((fewest + most) / 2);
    const added = new Set(left.slice(0, count));
    const longer = run(order.filter((unit) => kept.has(unit) || added.has(unit)));
    if (longer.some(isLate)) most = count - 1;
    else [fewest, placed] = [count, longer];
  }
  return placed;
}

/** More of the work, then an earlier end. */
function isBetter(one: readonly PlacedUnit[], other: readonly PlacedUnit[]): boolean {
  const work = (placed: readonly PlacedUnit[]) =>
    placed.reduce((sum, { unit }) => sum + unit.tailSeconds + unit.members.length, 0);
  const difference = work(one) - work(other);
  return Math.abs(difference) > 1e-6 ? difference > 0 : lastEnd(one) < lastEnd(other);
}

export const lastEnd = (placed: readonly { endMs: number }[]): number =>
  placed.reduce((last, { endMs }) => Math.max(last, endMs), Number.NEGATIVE_INFINITY);
