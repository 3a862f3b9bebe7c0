import ms from "ms";

/** Milliseconds of a duration such as `"5h"`, `"90m"` or `"30s"`; undefined when the text is none, or not above zero. */
export function parseDurationMs(text: string): number | undefined {
  // ms() reads a bare number as milliseconds, which nobody who writes "30" means: a unit is required.
  if (!/^\s*\d+(\.\d+)?\s*[a-z]+\s*$/i.test(text)) return undefined;
  const value: number | undefined = ms(text as ms.StringValue);
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
}
