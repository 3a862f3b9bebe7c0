/** Milliseconds, all of them. */
export interface PollPauseOptions {
  firstMs: number;
  /** Factor from one pause to the next while nothing changes. @default 1 */
  growth?: number;
  /** The growth stops here; a first pause that is longer is kept. @default no limit */
  maxMs?: number;
  /** The pause after a change. @default firstMs */
  afterChangeMs?: number;
}

/** The pauses of a poll loop. Its numbers are checked at construction, so that no loop can run on a NaN or without a pause. */
export class PollPause {
  readonly firstMs: number;
  private readonly growth: number;
  private readonly maxMs: number;
  private readonly afterChangeMs: number;

  /** @throws RangeError for a pause that is not above zero, or a growth below 1 */
  constructor({ firstMs, growth = 1, maxMs = Number.POSITIVE_INFINITY, afterChangeMs = firstMs }: PollPauseOptions) {
    for (const [name, ms] of Object.entries({ firstMs, maxMs, afterChangeMs }))
      if (!(ms > 0)) throw new RangeError(`${name} of a poll pause must be above zero, not ${ms}`);
    if (!(growth >= 1)) throw new RangeError(`growth of a poll pause must be at least 1, not ${growth}`);
    this.firstMs = firstMs;
    this.growth = growth;
    this.maxMs = maxMs;
    this.afterChangeMs = afterChangeMs;
  }

  /** The pause that follows one of `pauseMs`. */
  next(pauseMs: number, hasChanged: boolean): number {
    return hasChanged ? this.afterChangeMs : Math.max(pauseMs, Math.min(pauseMs * this.growth, this.maxMs));
  }
}

/** For tasks that run for hours: a wait without news stretches to five minutes, and news resets it. */
export const taskPollPause = (options: Pick<PollPauseOptions, "firstMs" | "afterChangeMs">): PollPause =>
  new PollPause({ ...options, growth: 1.5, maxMs: 5 * 60_000 });
