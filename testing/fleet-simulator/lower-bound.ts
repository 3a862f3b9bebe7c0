import { DAILY_LIMITS } from "../../provider/model/daily-limits";
import type { PlanInput, PlanWindow } from "../../provider/plan/plan";

const DAY_SECONDS = 24 * 3600;

/**
 * Seconds that no plan of all databases can do with fewer than, in one window: the work over what does it, and the longest database.
 * To compare plans with; it need not be reachable.
 */
export function lowerBoundSeconds({ databases, runners, restoresAtOnce, queueSeconds, tasks = [] }: PlanInput): number {
  if (databases.length === 0) return 0;
  const bytesPerSecond = runners.reduce((sum, each) => sum + each, 0);
  const fastest = Math.max(...runners);
  const sum = (of: (each: (typeof databases)[number]) => number) =>
    databases.reduce((total, each) => total + of(each), 0);
  const least = (of: (each: (typeof databases)[number]) => number) => Math.min(...databases.map(of));
  const most = (of: (each: (typeof databases)[number]) => number) => Math.max(...databases.map(of));
  const tail = least((each) => each.restoreSeconds + each.checkSeconds);
  const uploads = sum((each) => each.uploadBytes) / bytesPerSecond + queueSeconds + tail;
  const head = least((each) => each.uploadBytes) / fastest + queueSeconds;
  const restores = head + sum((each) => each.restoreSeconds) / restoresAtOnce + least((each) => each.checkSeconds);
  const longest = most((each) => each.uploadBytes / fastest + queueSeconds + each.restoreSeconds + each.checkSeconds);
  const days = Math.ceil((databases.length + tasks.length) / DAILY_LIMITS.perInstance) - 1;
  const quota = tasks.length === 0 ? days * DAY_SECONDS + queueSeconds + tail : 0;
  return Math.max(uploads, restores, longest, quota);
}

/** The earliest time at which so many seconds of work can have ended within the windows. */
export function endWithin(windows: readonly PlanWindow[], seconds: number, nowMs: number): number {
  let left = seconds * 1000;
  let atMs = nowMs;
  for (const { startMs, endMs } of windows) {
    const from = Math.max(startMs, nowMs);
    if (endMs - from >= left) return from + left;
    left -= Math.max(0, endMs - from);
    atMs = endMs;
  }
  return atMs + left;
}
