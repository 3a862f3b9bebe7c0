import { formatDuration } from "../model/quantities";
import { type Finding, shared, warningOf } from "./finding";

/** Shorter restores get no warning. */
const SHORT_SECONDS = 1800;
const DAY_MINUTES = 24 * 60;

/** Whether the instance's daily maintenance window begins before the restore is likely to end, or is open now. */
export function checkMaintenance(input: {
  instance: string;
  /** `18:00Z-22:00Z`, as DescribeDBInstanceAttribute returns it. */
  window: string | undefined;
  /** How long the restore is likely to take; seconds. */
  seconds: number;
  nowMs: number;
}): Finding[] {
  const { instance, window = "", seconds, nowMs } = input;
  const [, ...parts] = /^(\d\d):(\d\d)Z-(\d\d):(\d\d)Z$/.exec(window) ?? [];
  const [fromHour, fromMinute, toHour, toMinute] = parts.map(Number);
  if (fromHour === undefined || fromMinute === undefined || toHour === undefined || toMinute === undefined) return [];
  if (seconds < SHORT_SECONDS) return [];
  const now = new Date(nowMs);
  const minute = now.getUTCHours() * 60 + now.getUTCMinutes();
  const minutesUntil = (hour: number, at: number) => (hour * 60 + at - minute + DAY_MINUTES) % DAY_MINUTES;
  const untilStart = minutesUntil(fromHour, fromMinute);
  const untilEnd = minutesUntil(toHour, toMinute);
  const isOpen = untilEnd > 0 && untilEnd < untilStart;
  if (!isOpen && untilStart * 60 > seconds) return [];
  const finding = warningOf("MAINTENANCE_NEAR", { instance, window, estimate: formatDuration(seconds) });
  // Of several databases, the longest restore decides.
  return [{ ...shared(finding), weight: seconds }];
}
