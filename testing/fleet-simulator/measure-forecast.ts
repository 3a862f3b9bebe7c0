import { forecast } from "../../provider/forecast/forecast";
import { learnRates, type ObservedMigration } from "../../provider/forecast/learn-rates";
import type { Timeline } from "../../provider/model/outputs";
import { drawFleet, type Fleet, type FleetName } from "./fleet";
import { FLEET_START_MS, runFleet, timelineAt } from "./run-fleet";

/** When a forecast is made: with what it knows. */
export const MOMENTS = ["assumed", "rehearsed", "10 %", "50 %"] as const;
export type Moment = (typeof MOMENTS)[number];

/** How good forecasts of one kind of fleet are. */
export interface ForecastError {
  fleet: FleetName;
  moment: Moment;
  /** Mean of |forecast - truth| / truth of the remaining time; percent. */
  meanError: number;
  /** Fleets whose true end was inside the range; percent. */
  inside: number;
  /** Mean of the range's width over the truth; percent. */
  width: number;
}

/** Databases that are migrated before, to learn from. */
const REHEARSED = 5;

/** Compares forecasts with what then happens, over fleets of the seeds. */
export function measureForecast(name: FleetName, seeds: readonly number[]): ForecastError[] {
  const measured = seeds.map((seed) => {
    const fleet = drawFleet(name, seed);
    const timelines = runFleet(fleet);
    return MOMENTS.map((moment) => compare(fleet, timelines, moment));
  });
  return MOMENTS.map((moment, index) => {
    const own = measured.flatMap((each) => each[index] ?? []);
    const mean = (of: (each: Comparison) => number) =>
      (100 * own.reduce((sum, each) => sum + of(each), 0)) / own.length;
    return {
      fleet: name,
      moment,
      meanError: mean(({ error }) => error),
      inside: mean(({ isInside }) => (isInside ? 1 : 0)),
      width: mean(({ width }) => width),
    };
  });
}

interface Comparison {
  error: number;
  isInside: boolean;
  width: number;
}

function compare(fleet: Fleet, timelines: readonly Timeline[], moment: Moment): Comparison {
  const endMs = Math.max(...timelines.map(({ checkedAt }) => Date.parse(checkedAt ?? "")));
  const nowMs = momentMs(timelines, moment);
  const records = fleet.databases.map(
    (database, index): ObservedMigration => ({ ...database, timeline: timelineAt(timelines[index] ?? {}, nowMs) }),
  );
  const rates = learnRates({ runs: [moment === "rehearsed" ? rehearsal(fleet) : records], nowMs });
  const databases = fleet.databases.map((database, index) => ({
    ...database,
    mustUpload: true,
    timeline: records[index]?.timeline,
  }));
  const { low, likely, high } = forecast({ databases, rates, nowMs }).fleet;
  const truth = (endMs - nowMs) / 1000;
  return {
    error: Math.abs(likely - truth) / truth,
    isInside: low <= truth && truth <= high,
    width: (high - low) / truth,
  };
}

/** The last moment counts the databases whose restores have ended. */
function momentMs(timelines: readonly Timeline[], moment: Moment): number {
  if (moment === "assumed" || moment === "rehearsed") return FLEET_START_MS;
  const ends = timelines.map(({ endedAt }) => Date.parse(endedAt ?? "")).sort((one, other) => one - other);
  return ends[Math.ceil((ends.length * Number.parseInt(moment, 10)) / 100) - 1] ?? FLEET_START_MS;
}

/** The same network and instance with the middle databases only, in an earlier run. */
function rehearsal(fleet: Fleet): ObservedMigration[] {
  const bySize = fleet.databases.map((_, index) => index);
  bySize.sort((one, other) => sizeOf(fleet, one) - sizeOf(fleet, other));
  const middle = Math.floor((bySize.length - REHEARSED) / 2);
  const chosen = bySize.slice(middle, middle + REHEARSED);
  const small = {
    ...fleet,
    seed: fleet.seed + 2,
    databases: chosen.flatMap((index) => fleet.databases[index] ?? []),
    restoreSeconds: chosen.flatMap((index) => fleet.restoreSeconds[index] ?? []),
    checkSeconds: chosen.flatMap((index) => fleet.checkSeconds[index] ?? []),
  };
  const timelines = runFleet(small);
  return small.databases.map((database, index) => ({ ...database, timeline: timelines[index] ?? {} }));
}

const sizeOf = (fleet: Fleet, index: number): number => fleet.databases[index]?.restoredBytes ?? 0;
