/** A tenth of the time since the start, within these limits; milliseconds. */
const PAUSE_MS = { least: 10_000, most: 300_000, share: 0.1 };

/** Spaces out what is repeated during a run, ever less often the longer the run takes. */
export class GrowingPause {
  private lastMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly startMs: number) {}

  /** Whether the pause since the last time is over; then the next one begins. The first call is never in a pause. */
  isOver(nowMs: number): boolean {
    const { least, most, share } = PAUSE_MS;
    const pauseMs = Math.min(most, Math.max(least, (nowMs - this.startMs) * share));
    if (nowMs < this.lastMs + pauseMs) return false;
    this.lastMs = nowMs;
    return true;
  }
}
