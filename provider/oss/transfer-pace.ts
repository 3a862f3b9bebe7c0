import { setTimeout as sleep } from "node:timers/promises";

/** The longest burst above the agreed rate, in milliseconds of that rate. */
const BURST_MS = 250;

/**
 * Keeps the bytes of one upload, over all of its connections, below a rate. Each taker is given the moment at which its bytes
 * are due, so that many small waits add up to the rate whatever the timers' precision.
 */
export class TransferPace {
  private nextFreeMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly bytesPerSecond: number,
    private readonly now: () => number,
  ) {}

  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    const now = this.now();
    const startMs = Math.max(this.nextFreeMs, now - BURST_MS);
    this.nextFreeMs = startMs + (bytes / this.bytesPerSecond) * 1000;
    const waitMs = startMs - now;
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
  }
}
