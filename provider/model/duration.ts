import ms from "ms";

const PART = /(\d+(?:\.\d+)?)\s*([a-z]+)\s*/gi;
/** `5h`, `1.5 h`, and Go's `1h30m`, which Pulumi's customTimeouts take. */
const DURATION = /^\s*(?:\d+(?:\.\d+)?\s*[a-z]+\s*)+$/i;

/**
 * Milliseconds of a duration such as `"5h"`, `"1h30m"` or `"30s"`; undefined when the text is none, or not above zero.
 * A unit is required: ms() reads a bare number as milliseconds, which nobody who writes "30" means.
 */
export function parseDurationMs(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  let sum = 0;
  for (const [, count = "", unit = ""] of text.matchAll(PART)) {
    // NaN for an unknown unit and for a text of more than a hundred characters, which ms() throws at.
    sum += count.length + unit.length > 100 ? Number.NaN : (ms(`${count}${unit}` as ms.StringValue) ?? Number.NaN);
  }
  return Number.isFinite(sum) && sum > 0 ? sum : undefined;
}
