/** Upper limit of the pause between two polls while nothing changes. */
const MAX_PAUSE_MS = 5 * 60_000;
const GROWTH_FACTOR = 1.5;

/** The next pause, in milliseconds, after a poll without a change. A poll interval above the limit is kept. */
export const stretchedPause = (pauseMs: number): number =>
  Math.max(pauseMs, Math.min(pauseMs * GROWTH_FACTOR, MAX_PAUSE_MS));
