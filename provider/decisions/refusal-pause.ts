/** The longest pause after a refusal that passes by itself; design value, milliseconds. */
const MOST_MS = 5 * 60_000;
/** The daily limits are asked again hourly at most: "concurrent" in their text may mean that they pass within the day. */
const MOST_FOR_LIMIT_MS = 60 * 60_000;

/**
 * How long to wait before a call is sent again that was refused for the moment; milliseconds. Doubles with each refusal in a
 * row (`refusals`, from 1), beginning with the poll interval.
 */
export function refusalPause(code: string, refusals: number, pollIntervalMs: number): number {
  const mostMs = code.startsWith("API_DAILY_LIMIT") ? MOST_FOR_LIMIT_MS : MOST_MS;
  return Math.min(pollIntervalMs * 2 ** (refusals - 1), mostMs);
}
