import ms from "ms";

const PART = /(\d+(?:\.\d+)?)\s*([a-z]+)\s*/gi;
/** `5h`, `1.5 h`, and Go's `1h30m`, which Pulumi's customTimeouts take. */
const DURATION = /^\s*(?:\d+(?:\.\d+)?\s*[a-z]+\s*)+$/i;

/**
 * Returns the milliseconds of a duration such as `"5h"`, `"1h30m"` or `"30s"`; undefined for zero and for any other text.
 * A unit is required: ms() reads a bare number as milliseconds, and a user who writes "30" rarely means that.
 */
export function parseDurationMs(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  const parts = [...text.matchAll(PART)].map(([, count = "", unit = ""]) => partMs(count, unit));
  if (parts.some((part) => part === undefined)) return undefined;
  const sum = parts.reduce<number>((total, part) => total + (part ?? 0), 0);
  return Number.isFinite(sum) && sum > 0 ? sum : undefined;
}

/** Undefined for an unknown unit, and for more than 100 characters, for which ms() throws. */
function partMs(count: string, unit: string): number | undefined {
  return count.length + unit.length > 100 ? undefined : ms(`${count}${unit}` as ms.StringValue);
}
