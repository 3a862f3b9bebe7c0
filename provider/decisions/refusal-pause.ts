/** Longest pause after a temporary refusal; design value. */
const MAX_PAUSE_MS = 5 * 60_000;
/** Longest pause after a daily limit. "Concurrent" in its text may mean that it resets within the day. */
const MAX_LIMIT_PAUSE_MS = 60 * 60_000;

/**
 * The pause, in milliseconds, before a temporarily refused call is sent again. Starts with the poll interval and
 * doubles with each consecutive refusal (`refusals`, from 1).
 */
export function refusalPause(code: string, refusals: number, pollIntervalMs: number): number {
  const maxMs = code.startsWith("API_DAILY_LIMIT") ? MAX_LIMIT_PAUSE_MS : MAX_PAUSE_MS;
  return Math.min(pollIntervalMs * 2 ** (refusals - 1), maxMs);
}
