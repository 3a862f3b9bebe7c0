import { simulate } from "../forecast/simulate";
import { spread } from "../forecast/simulate-uploads";
import { DAILY_LIMITS } from "../model/daily-limits";
import { nameKey } from "../model/names";
import type { PlanInput, PlannedDatabase } from "./plan";
import type { Unit } from "./unit";

/** When tasks were created, ascending: on the instance, and of each database. */
export interface AcceptedTasks {
  all: readonly number[];
  byDatabase: ReadonlyMap<string, readonly number[]>;
}

/** A unit in a wave, and when all of it has ended. */
export interface PlacedUnit {
  unit: Unit;
  databases: PlannedDatabase[];
  endMs: number;
}

const DAY_MS = 24 * 3_600_000;

/** Simulates a wave of the units in their order. */
export function runWave(
  units: readonly Unit[],
  startMs: number,
  input: PlanInput,
  accepted: AcceptedTasks,
): PlacedUnit[] {
  const { runners, uploadsAtOnce, restoresAtOnce, queueSeconds } = input;
  const machines = spread(
    units.map(({ uploadBytes }) => uploadBytes),
    runners,
  );
  const secondsFrom = (atMs: number): number => (atMs - startMs) / 1000;
  const jobs = units.flatMap(({ members }, index) =>
    members.map(({ database, uploadBytes, restoreSeconds, checkSeconds }) => ({
      uploadBytes,
      runner: machines[index] ?? 0,
      queueSeconds,
      restoreSeconds,
      checkSeconds,
      notBefore: Math.max(0, secondsFrom(allowedFromMs(database, accepted))),
    })),
  );
  const quota = { perDay: DAILY_LIMITS.perInstance, usedAt: accepted.all.map(secondsFrom) };
  const times = simulate(jobs, { runners, uploadsAtOnce, restoresAtOnce, quota });
  let next = 0;
  return units.map((unit, index) => {
    const databases = unit.members.map(({ database }): PlannedDatabase => {
      const time = times[next];
      next += 1;
      const atMs = (seconds = 0): number => Math.ceil(startMs + seconds * 1000);
      return {
        database,
        runner: (machines[index] ?? 0) + 1,
        submitMs: atMs(time?.submitted),
        restoreMs: atMs(time?.restoreStarted),
        endMs: atMs(time?.checked),
      };
    });
    return { unit, databases, endMs: databases.reduce((last, { endMs }) => Math.max(last, endMs), startMs) };
  });
}

/** When the day's quota of a database has room; milliseconds. */
function allowedFromMs(database: string, { byDatabase }: AcceptedTasks): number {
  const own = byDatabase.get(nameKey(database)) ?? [];
  const blocking = own[own.length - DAILY_LIMITS.perDatabase];
  return blocking === undefined ? Number.NEGATIVE_INFINITY : blocking + DAY_MS;
}
