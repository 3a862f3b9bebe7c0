import type { PlanWindow } from "./plan";

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const WEEKLY = /^([a-z]{3})[a-z]* +(\d\d?):(\d\d)$/i;
const DATED = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)$/;
const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;

/** A day of a calendar, and minutes from its midnight. */
interface LocalTime {
  /** Days since 1970-01-01. */
  day: number;
  minutes: number;
}

/**
 * The next periods of a window such as `Fri 22:00/Mon 06:00`, or the one of `2026-12-04 22:00/2026-12-07 06:00`; the period that is
 * open now counts. Undefined for any other text.
 * @param timeZone an IANA name
 * @param weeks how many periods of a weekly window
 */
export function parseWindow(text: string, timeZone: string, nowMs: number, weeks: number): PlanWindow[] | undefined {
  const [from, to, ...rest] = text.split("/").map((part) => part.trim());
  if (from === undefined || to === undefined || rest.length > 0) return undefined;
  const dated = [parseTime(from), parseTime(to)];
  if (dated[0] !== undefined && dated[1] !== undefined) {
    const [startMs, endMs] = [toMs(dated[0], timeZone), toMs(dated[1], timeZone)];
    return endMs > startMs ? [{ startMs, endMs }] : undefined;
  }
  const [start, end] = [parseWeekly(from), parseWeekly(to)];
  if (start === undefined || end === undefined) return undefined;
  const today = localTime(nowMs, timeZone).day;
  const firstDay = today + ((start.weekday - weekdayOf(today) + 7) % 7);
  let days = (end.weekday - start.weekday + 7) % 7;
  if (days === 0 && end.minutes <= start.minutes) days = 7;
  return Array.from({ length: weeks + 1 }, (_, week) => {
    // It begins a week earlier, because a window may be open now.
    const day = firstDay + 7 * (week - 1);
    return {
      startMs: toMs({ day, minutes: start.minutes }, timeZone),
      endMs: toMs({ day: day + days, minutes: end.minutes }, timeZone),
    };
  })
    .filter(({ endMs }) => endMs > nowMs)
    .slice(0, weeks);
}

/** A dated time in a time zone; milliseconds since the epoch. Undefined for any other text. */
export function parseLocalTime(text: string, timeZone: string): number | undefined {
  const time = parseTime(text);
  return time && toMs(time, timeZone);
}

/** A dated time, or the next `Sat 22:00` of a week; milliseconds since the epoch. Undefined for any other text. */
export const parseNextTime = (text: string, timeZone: string, nowMs: number): number | undefined =>
  // The period of a week that ends at that time is the one that is open now.
  parseLocalTime(text.trim(), timeZone) ?? parseWindow(`${text}/${text}`, timeZone, nowMs, 1)?.[0]?.endMs;

/** `Fri 2026-11-27 22:00`. */
export function formatLocalTime(atMs: number, timeZone: string): string {
  const { day, minutes } = localTime(atMs, timeZone);
  const name = DAYS[weekdayOf(day)] ?? "";
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  const clock = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${date} ${clock}`;
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function parseWeekly(text: string): { weekday: number; minutes: number } | undefined {
  const [, name = "", hours, minutes] = WEEKLY.exec(text) ?? [];
  const weekday = DAYS.indexOf(name.toLowerCase());
  const ofDay = minutesOf(hours, minutes);
  return weekday < 0 || ofDay === undefined ? undefined : { weekday, minutes: ofDay };
}

function parseTime(text: string): LocalTime | undefined {
  const [, year, month, day, hours, minutes] = DATED.exec(text) ?? [];
  const ofDay = minutesOf(hours, minutes);
  const midnight = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  return Number.isNaN(midnight) || ofDay === undefined ? undefined : { day: midnight / DAY_MS, minutes: ofDay };
}

function minutesOf(hours: string | undefined, minutes: string | undefined): number | undefined {
  const total = Number(hours) * 60 + Number(minutes);
  return total <= 24 * 60 && Number(minutes) < 60 ? total : undefined;
}

/** 1970-01-01 was a Thursday. */
const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

const QUARTER_MS = 15 * MINUTE_MS;
/** Offsets by zone and quarter of an hour, in which every change of an offset falls: a plan prints tens of thousands of times. */
const offsets = new Map<string, number>();

function localTime(atMs: number, timeZone: string): LocalTime {
  const local = atMs + offsetMs(atMs, timeZone);
  const day = Math.floor(local / DAY_MS);
  return { day, minutes: Math.floor((local - day * DAY_MS) / MINUTE_MS) };
}

/** What the zone's clocks show more than UTC; milliseconds. */
function offsetMs(atMs: number, timeZone: string): number {
  const quarter = Math.floor(atMs / QUARTER_MS);
  const key = `${timeZone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const parts = new Intl.DateTimeFormat("en-CA", {
    ...{ timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
    hourCycle: "h23",
  }).formatToParts(quarter * QUARTER_MS);
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const local = Date.parse(`${of.year}-${of.month}-${of.day}T${of.hour}:${of.minute}:00Z`);
  const offset = local - quarter * QUARTER_MS;
  offsets.set(key, offset);
  return offset;
}

/** A time that summer time skips becomes the one an hour later; of a time that comes twice it is the first. */
function toMs({ day, minutes }: LocalTime, timeZone: string): number {
  const asUtc = day * DAY_MS + minutes * MINUTE_MS;
  const offsetAt = (atMs: number): number => offsetMs(atMs, timeZone);
  // The offsets of a day before and after enclose every change.
  const candidates = [offsetAt(asUtc - DAY_MS), offsetAt(asUtc + DAY_MS)].map((offset) => asUtc - offset);
  const exact = candidates.filter((atMs) => atMs + offsetAt(atMs) === asUtc);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}
