import { setTimeout as sleep } from "node:timers/promises";

/** The longest burst above the agreed rate, in milliseconds of that rate. */
const BURST_MS = 250;
/** So much of the rate goes out in one piece, that every connection moves several times a second. */
const PIECE_MS = 250;
const LEAST_PIECE_BYTES = 16 * 1024;

/**
 * Keeps the bytes of one upload, over all of its connections, below a rate. Each taker is given the moment at which its bytes
 * are due, so that many small waits add up to the rate whatever the timers' precision.
 */
export class TransferPace {
  /** Send no more at a time: a connection that waits for its next turn longer than the idle time-out is given up. */
  readonly pieceBytes: number;
  private nextFreeMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly bytesPerSecond: number,
    private readonly now: () => number,
  ) {
    this.pieceBytes = Math.max(LEAST_PIECE_BYTES, Math.floor((bytesPerSecond * PIECE_MS) / 1000));
  }

  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    const now = this.now();
    const startMs = Math.max(this.nextFreeMs, now - BURST_MS);
    this.nextFreeMs = startMs + (bytes / this.bytesPerSecond) * 1000;
    const waitMs = startMs - now;
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
  }
}
