/** The handlers' source of time; tests inject their own. */
export interface Clock {
  now(): number;
  /** Resolves after `ms` milliseconds, at most 24 days, or when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Whether a reply that was requested at `requestedMs` is recent enough. When the clock was set back since, its age is unknown. */
export const isRecent = (requestedMs: number, notBeforeMs: number, nowMs: number): boolean =>
  requestedMs >= notBeforeMs && requestedMs <= nowMs;

/** The longest delay of a Node timer; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(ms, LONGEST_TIMER_MS));
      signal?.addEventListener("abort", done, { once: true });
    }),
};
