import type { PlanWindow } from "../../plan/plan";
import { isTimeZone, parseLocalTime, parseWindow } from "../../plan/windows";
import { UsageError } from "../program/usage-error";

const UNITS: Readonly<Record<string, number>> = {
  gb: 1e9,
  tb: 1e12,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** `500GB`, `1.5 TiB`; bytes. @throws UsageError */
export function parseSize(text: string, option: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?) *([gt]i?b)$/i.exec(text.trim()) ?? [];
  const bytes = UNITS[unit.toLowerCase()];
  if (amount === undefined || bytes === undefined)
    throw new UsageError(`${option} is a size such as 500GB or 1.5TiB, not ${JSON.stringify(text)}`);
  return Number(amount) * bytes;
}

/** A whole number. @throws UsageError */
export function parseCount(text: string, option: string, least = 1): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) < least)
    throw new UsageError(`${option} is a whole number from ${least}, not ${JSON.stringify(text)}`);
  return Number(text);
}

/** @throws UsageError */
export function requireTimeZone(name: string): string {
  if (!isTimeZone(name))
    throw new UsageError(`--timezone is a name such as Asia/Shanghai, not ${JSON.stringify(name)}`);
  return name;
}

/** The windows of all options; undefined without one. @throws UsageError */
export function parseWindows(
  texts: readonly string[] | undefined,
  { timeZone, nowMs, weeks }: { timeZone: string; nowMs: number; weeks: number },
): PlanWindow[] | undefined {
  return texts?.flatMap((text) => {
    const windows = parseWindow(text, timeZone, nowMs, weeks);
    if (windows === undefined)
      throw new UsageError(
        `--window is two times such as "Fri 22:00/Mon 06:00" or "2026-12-04 22:00/2026-12-07 06:00", not ${JSON.stringify(text)}`,
      );
    return windows;
  });
}

/** `500GB@2026-12-05 02:00`: disk that is added then. @throws UsageError */
export function parseGrowth(text: string, timeZone: string): { atMs: number; bytes: number } {
  const [size = "", time = ""] = text.split("@");
  const atMs = parseLocalTime(time.trim(), timeZone);
  if (atMs === undefined)
    throw new UsageError(`--growth is a size and a time such as "500GB@2026-12-05 02:00", not ${JSON.stringify(text)}`);
  return { atMs, bytes: parseSize(size, "--growth") };
}
