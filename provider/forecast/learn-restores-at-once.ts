import type { Timeline } from "../model/outputs";
import { ASSUMED } from "./assumptions";
import { timeOf } from "./timeline";

/** Migration tasks that the instance works on at the same time. */
export interface RestoresAtOnce {
  least: number;
  likely: number;
  most: number;
  /** Restores behind it; 0: it is assumed. */
  samples: number;
}

/** A wait this much longer than the shortest one means that other tasks were in the way; polls are up to five minutes apart. */
const CLEAR_WAIT_MS = 300_000;

/**
 * Learns how many tasks an instance works on: at least as many as were seen at once, and no more where another task had to wait
 * meanwhile.
 */
export function learnRestoresAtOnce(timelines: readonly Timeline[], nowMs: number): RestoresAtOnce {
  const started = timelines.filter((timeline) => timeOf(timeline, "restoreStartedAt") > 0);
  if (started.length === 0) return { ...ASSUMED.restoresAtOnce, samples: 0 };
  const samples = started.length;
  const seen = mostAtOnce(started);
  if (hadToWait(timelines, nowMs)) return { least: seen, likely: seen, most: seen, samples };
  const { likely, most } = ASSUMED.restoresAtOnce;
  return { least: seen, likely: Math.max(seen, likely), most: Math.max(2 * seen, most), samples };
}

function mostAtOnce(started: readonly Timeline[]): number {
  const events = started.flatMap((timeline) => {
    const endMs = timeOf(timeline, "endedAt");
    return [
      { atMs: timeOf(timeline, "restoreStartedAt"), change: 1 },
      ...(Number.isNaN(endMs) ? [] : [{ atMs: endMs, change: -1 }]),
    ];
  });
  // At the same time an end counts first: one task makes room for the next.
  events.sort((one, other) => one.atMs - other.atMs || one.change - other.change);
  let now = 0;
  return events.reduce((most, { change }) => {
    now += change;
    return Math.max(most, now);
  }, 1);
}

function hadToWait(timelines: readonly Timeline[], nowMs: number): boolean {
  const waits = timelines
    .map((timeline) => (timeOf(timeline, "restoreStartedAt") || nowMs) - timeOf(timeline, "submittedAt"))
    .filter((wait) => wait >= 0);
  const shortest = Math.min(...waits);
  return waits.some((wait) => wait > 2 * shortest + CLEAR_WAIT_MS);
}
