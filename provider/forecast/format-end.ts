import { formatRange } from "./describe-forecast";
import type { Range } from "./range";

const MINUTE = 60;

/**
 * `14:20, 35 to 50 min`, and `Sun 02:20, …` on another day: the likely time, rounded as far as it is known, and the range from now on.
 * @param timeZone @default that of this machine
 */
export function formatEnd(range: Range, nowMs: number, timeZone?: string): string {
  const stepMs = 1000 * (range.likely > 60 * MINUTE ? 10 * MINUTE : range.likely > 10 * MINUTE ? 5 * MINUTE : MINUTE);
  const endMs = Math.round((nowMs + range.likely * 1000) / stepMs) * stepMs;
  const part = (atMs: number, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { ...options, timeZone }).format(atMs);
  const isToday = part(endMs, { dateStyle: "short" }) === part(nowMs, { dateStyle: "short" });
  const time = part(endMs, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = isToday ? "" : `${part(endMs, { weekday: "short" })} `;
  return `${day}${time}, ${formatRange(range)}`;
}
