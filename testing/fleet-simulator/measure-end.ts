import { estimateEnd, type FleetMember } from "../../provider/forecast/estimate-end";
import type { Sending } from "../../provider/forecast/forecast-database";
import type { Range } from "../../provider/forecast/range";
import type { Timeline } from "../../provider/model/outputs";
import { drawFleet, type Fleet, type FleetName } from "./fleet";
import { type FleetRun, migrateFleet } from "./migrate-fleet";
import { FLEET_START_MS, runFleet, timelineAt } from "./run-fleet";

/** Shares of the time until the last database is online; percent. */
export const SHARES = [25, 50, 75] as const;

/** How good the end is that an up shows at a share of its time. */
export interface EndError {
  fleet: FleetName;
  share: (typeof SHARES)[number];
  /** Fleets of which the end was shown then; percent. The other figures are of these. */
  shown: number;
  /** Mean of |shown - true end| over the time that was left; percent. */
  meanError: number;
  /** The same over the whole time; percent. */
  errorOfWhole: number;
  /** Fleets whose true end was inside the range; percent. */
  inside: number;
  /** Mean of the range's width over the time that was left; percent. */
  width: number;
}

/** Compares the end that is shown during an up with the true one, over simulated fleets of the seeds. */
export const measureEnd = (name: FleetName, seeds: readonly number[]): EndError[] =>
  meanErrors(
    name,
    seeds.map((seed) => compareShares(drawFleet(name, seed))),
  );

/** The same over fleets that are migrated into the emulator. */
export async function measureMigratedEnd(name: FleetName, seeds: readonly number[]): Promise<EndError[]> {
  const measured: (Comparison | undefined)[][] = [];
  for (const seed of seeds) measured.push(compareRun(await migrateFleet(drawFleet(name, seed))));
  return meanErrors(name, measured);
}

function meanErrors(name: FleetName, measured: readonly (readonly (Comparison | undefined)[])[]): EndError[] {
  return SHARES.map((share, index) => {
    const shown = measured.flatMap((each) => each[index] ?? []);
    const mean = (of: (each: Comparison) => number) =>
      (100 * shown.reduce((sum, each) => sum + of(each), 0)) / shown.length;
    return {
      ...{ fleet: name, share, shown: (100 * shown.length) / measured.length },
      meanError: mean(({ error, left }) => error / left),
      errorOfWhole: mean(({ error, whole }) => error / whole),
      inside: mean(({ isInside }) => (isInside ? 1 : 0)),
      width: mean(({ width, left }) => width / left),
    };
  });
}

/** Seconds. */
interface Comparison {
  error: number;
  left: number;
  whole: number;
  width: number;
  isInside: boolean;
}

function compareShares(fleet: Fleet): (Comparison | undefined)[] {
  const timelines = runFleet(fleet);
  const endMs = Math.max(...timelines.map(({ endedAt }) => Date.parse(endedAt ?? "")));
  return SHARES.map((share) => {
    const nowMs = FLEET_START_MS + ((endMs - FLEET_START_MS) * share) / 100;
    const members = membersAt(fleet, timelines, nowMs);
    const range = estimateEnd(members, { startMs: FLEET_START_MS, nowMs })?.fleet;
    if (range === undefined) return undefined;
    return compare(range, { startMs: FLEET_START_MS, nowMs, endMs });
  });
}

function compareRun({ startMs, endMs, shown }: FleetRun): (Comparison | undefined)[] {
  return SHARES.map((share) => {
    const atMs = startMs + ((endMs - startMs) * share) / 100;
    const last = shown.findLast((each) => each.atMs <= atMs);
    return last && compare(last.range, { startMs, nowMs: last.atMs, endMs });
  });
}

function compare(range: Range, { startMs, nowMs, endMs }: Record<"startMs" | "nowMs" | "endMs", number>): Comparison {
  const left = (endMs - nowMs) / 1000;
  return {
    ...{ left, whole: (endMs - startMs) / 1000, error: Math.abs(range.likely - left) },
    width: range.high - range.low,
    isInside: range.low <= left && left <= range.high,
  };
}

/** What a run knows at a time: stages that it has observed, and the progress of its uploads. */
function membersAt(fleet: Fleet, timelines: readonly Timeline[], nowMs: number): FleetMember[] {
  const sending = new Map<number, Sending>();
  runFleet(fleet, (atMs, uploads) => {
    if (atMs > nowMs) return;
    sending.clear();
    for (const { index, left: leftBytes } of uploads) {
      const startMs = Date.parse(timelines[index]?.uploadStartedAt ?? "");
      const bytes = (fleet.databases[index]?.backupBytes ?? 0) - leftBytes;
      sending.set(index, { startMs, atMs, bytes, leftBytes });
    }
  });
  return fleet.databases.map((database, index) => {
    const timeline = timelineAt(timelines[index] ?? {}, nowMs);
    const isUploading = timeline.uploadFinishedAt === undefined;
    return {
      ...{ ...database, timeline, mustUpload: isUploading },
      sending: isUploading ? sending.get(index) : undefined,
      hasEnded: timeline.endedAt !== undefined,
    };
  });
}
