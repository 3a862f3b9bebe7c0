/** The pause between two looks grows up to this while nothing changes; milliseconds. */
const MOST_MS = 5 * 60_000;
const STRETCH = 1.5;

/** The next pause after a look that showed nothing new; one that began longer than the most is kept. Milliseconds. */
export const stretchedPause = (pauseMs: number): number => Math.max(pauseMs, Math.min(pauseMs * STRETCH, MOST_MS));
