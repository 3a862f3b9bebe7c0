import { setTimeout as sleep } from "node:timers/promises";

/** The longest burst above the rate limit, in milliseconds of that rate. */
const BURST_MS = 250;
/** Size of one piece, in milliseconds of the rate: every connection sends several times a second. */
const PIECE_MS = 250;
const LEAST_PIECE_BYTES = 16 * 1024;

/**
 * Limits the rate of one upload over all of its connections. Each call of `take` reserves the time slot of its bytes,
 * so that many small waits add up to the rate, whatever the precision of the timers.
 */
export class TransferPace {
  /** Maximum size of one piece. A connection that waits for its next piece longer than the idle time-out is closed. */
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
