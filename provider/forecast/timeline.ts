import type { Timeline } from "../model/outputs";

/** Seconds between two stages; undefined where one of them was not observed. */
export function secondsOf(timeline: Timeline, from: keyof Timeline, to: keyof Timeline): number | undefined {
  const seconds = (Date.parse(timeline[to] ?? "") - Date.parse(timeline[from] ?? "")) / 1000;
  return seconds >= 0 ? seconds : undefined;
}

/** When a stage was observed; milliseconds since the epoch, `NaN` where it was not. */
export const timeOf = (timeline: Timeline, stage: keyof Timeline): number => Date.parse(timeline[stage] ?? "");
