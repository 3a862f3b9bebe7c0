import type { PollPause } from "../decisions/poll-pause";
import type { Clock } from "./clock";

export interface PollOptions<T> {
  /** Gets the value that was fetched last and the current pause, from which the allowed age of shared facts follows. */
  fetchNext: (previous: T, pauseMs: number) => Promise<T>;
  /** Asked for the initial value too: nothing is fetched when that is done already. */
  isDone: (value: T) => boolean;
  /** Resets the pause. @default never */
  hasChanged?: (previous: T, value: T) => boolean;
  pause: PollPause;
  /** Shortens the next pause. @default no limit */
  longestPauseMs?: (value: T) => number;
  /** No fetch begins later, except one without a pause; milliseconds since the epoch. @default no deadline */
  deadlineMs?: number;
  /** @default no limit */
  maxFetches?: number;
  /** Whether the first fetch comes without a pause. @default false */
  fetchesAtOnce?: boolean;
  /** Whether an abort leads to one more fetch, which then has to throw. @default false */
  fetchesAfterAbort?: boolean;
  clock: Clock;
  signal: AbortSignal;
}

/** How a poll loop ended, with the value that was fetched last. */
export interface Polled<T> {
  kind: "done" | "timedOut";
  value: T;
}

/**
 * Fetches a value until it is done, the deadline is reached or the fetches are used up. The last pause ends at the deadline.
 * @throws the signal's reason when it aborts before a fetch; RangeError for a deadline or a limit that is NaN
 */
export async function pollUntil<T>(initial: T, options: PollOptions<T>): Promise<Polled<T>> {
  const {
    fetchNext,
    isDone,
    hasChanged = () => false,
    pause,
    longestPauseMs = () => Number.POSITIVE_INFINITY,
  } = options;
  const { deadlineMs = Number.POSITIVE_INFINITY, maxFetches = Number.POSITIVE_INFINITY, clock, signal } = options;
  const { fetchesAtOnce = false, fetchesAfterAbort = false } = options;
  if (Number.isNaN(deadlineMs) || Number.isNaN(maxFetches)) throw new RangeError("a poll limit is not a number");
  let value = initial;
  let pauseMs = pause.firstMs;
  for (let fetches = 0; !isDone(value); fetches += 1) {
    if (fetches > 0 || !fetchesAtOnce) {
      const leftMs = deadlineMs - clock.now();
      if (leftMs <= 0 || fetches >= maxFetches) return { kind: "timedOut", value };
      await clock.sleep(Math.min(pauseMs, leftMs, longestPauseMs(value)), signal);
    }
    if (!fetchesAfterAbort) signal.throwIfAborted();
    const fetched = await fetchNext(value, pauseMs);
    pauseMs = pause.next(pauseMs, hasChanged(value, fetched));
    value = fetched;
  }
  return { kind: "done", value };
}
