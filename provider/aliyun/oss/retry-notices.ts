import type { CallRetry } from "../call-retry";

/** Retries of a call before the first notice: one lost connection needs none. */
const FIRST_RETRY = 2;
/** A changed fault is reported at most this often: several connections may fail alternately in different ways. */
const CHANGE_EVERY_MS = 60_000;

/**
 * Reports the retries of one stall from the second one on: when their number has doubled, or the fault has changed. A stall
 * of 15 minutes with one fault has about 90 retries and 6 notices.
 */
export class RetryNotices {
  private last: { stall: number; retry: number; what: string; atMs: number } | undefined;

  constructor(
    private readonly now: () => number,
    private readonly onRetry: (retry: CallRetry) => void,
  ) {}

  /** @param stall number of the stall; it changes after each success */
  note(stall: number, notice: CallRetry): void {
    if (notice.retry < FIRST_RETRY) return;
    const what = `${notice.operation} ${notice.fault}`;
    const last = this.last?.stall === stall ? this.last : undefined;
    if (last !== undefined) {
      const hasFaultChanged = what !== last.what && this.now() - last.atMs >= CHANGE_EVERY_MS;
      if (notice.retry < 2 * last.retry && !hasFaultChanged) return;
    }
    this.last = { stall, retry: Math.max(notice.retry, last?.retry ?? 0), what, atMs: this.now() };
    this.onRetry(notice);
  }

  /** Whether the retries of this stall were reported. */
  isReported(stall: number): boolean {
    return this.last?.stall === stall;
  }
}
