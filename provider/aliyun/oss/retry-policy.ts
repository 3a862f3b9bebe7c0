import { setTimeout as sleep } from "node:timers/promises";
import { DelegateBackoff, handleWhen, retry } from "cockatiel";
import { OssFault } from "./oss-fault";

/** Limits of the retries after temporary faults, in milliseconds. */
export interface RetryTimes {
  /**
   * Longest time from a fault to the next success.
   * @default 900000 (15 minutes: longer than the usual outage of a site)
   */
  budgetMs: number;
  /** The same until the service has answered once, so that a wrong host name fails early. @default 60000 */
  firstContactMs: number;
  /** Upper limit of the first delay; it doubles with each further one. @default 500 */
  initialDelayMs: number;
  /** @default 20000 */
  maxDelayMs: number;
}

export const USUAL_RETRY_TIMES: RetryTimes = {
  budgetMs: 15 * 60_000,
  firstContactMs: 60_000,
  initialDelayMs: 500,
  maxDelayMs: 20_000,
};

/** Attempts of a call whose reply is not from OSS: a proxy may fail for a moment, but a wrong one fails for ever. */
const UNREADABLE_ATTEMPTS = 4;

/** A retry that is about to be made. */
export interface Retry {
  fault: OssFault;
  /** Counts from 1 since the last success of any call of the job. */
  retry: number;
  /** Set when the number of retries is limited. */
  maxRetries?: number;
}

/**
 * Measures the time since the first fault without a later success, shared by all calls of one job: while one of them
 * succeeds, the others may retry. Local work, such as reading a file for hours, does not count.
 */
export class StallWatch {
  private stalledSinceMs: number | undefined;
  private contacted = false;
  private stalls = 0;

  constructor(
    private readonly now: () => number,
    private readonly times: RetryTimes,
    readonly onRetry?: (retry: Retry) => void,
    /** Called at the first success after a fault. */
    private readonly onRecovery?: () => void,
  ) {}

  /** Number of the current or last stall, from 1; 0 before the first. */
  get stall(): number {
    return this.stalls;
  }

  get isStalled(): boolean {
    return this.stalledSinceMs !== undefined;
  }

  noteProgress(): void {
    this.contacted = true;
    if (this.stalledSinceMs === undefined) return;
    this.stalledSinceMs = undefined;
    this.onRecovery?.();
  }

  /** @param answered whether the service replied, for example with a 503 */
  noteFault(answered: boolean): void {
    this.contacted ||= answered;
    if (this.stalledSinceMs === undefined) this.stalls++;
    this.stalledSinceMs ??= this.now();
  }

  stalledMs(): number {
    return this.stalledSinceMs === undefined ? 0 : this.now() - this.stalledSinceMs;
  }

  remainingMs(): number {
    const { budgetMs, firstContactMs } = this.times;
    return (this.contacted ? budgetMs : Math.min(firstContactMs, budgetMs)) - this.stalledMs();
  }
}

/**
 * Runs `attempt` until it succeeds or fails permanently. The delay between attempts is exponential with full jitter, or
 * the service's `Retry-After`. Faults of other kinds than `passes` and `unreadable` are thrown at once.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  options: { watch: StallWatch; times: RetryTimes; random: () => number; signal?: AbortSignal },
): Promise<T> {
  const { watch, times, random, signal } = options;
  let unreadable = 0;
  const isWorthAnother = (error: Error): boolean => {
    if (!(error instanceof OssFault)) return false;
    watch.noteFault(error.facts.status !== undefined);
    if (error.facts.kind === "unreadable") return ++unreadable < UNREADABLE_ATTEMPTS;
    return error.facts.kind === "passes" && watch.remainingMs() > (error.facts.retryAfterMs ?? 0);
  };
  let delayMs = 0;
  let stall = 0;
  let retriesInStall = 0;
  const noteRetry = (fault: OssFault): void => {
    if (stall !== watch.stall) retriesInStall = 0;
    stall = watch.stall;
    retriesInStall++;
    const isLimited = fault.facts.kind === "unreadable";
    const count = isLimited ? { retry: unreadable, maxRetries: UNREADABLE_ATTEMPTS - 1 } : { retry: retriesInStall };
    watch.onRetry?.({ fault, ...count });
  };
  const policy = retry(handleWhen(isWorthAnother), {
    maxAttempts: Number.POSITIVE_INFINITY,
    // An abort cannot end the policy's own timer, so the delay is at the start of the next attempt.
    backoff: new DelegateBackoff(({ attempt: count, result }) => {
      const fault = "error" in result && result.error instanceof OssFault ? result.error : undefined;
      const retryAfterMs = fault?.facts.retryAfterMs;
      if (fault !== undefined) noteRetry(fault);
      const ceilingMs = Math.min(times.maxDelayMs, times.initialDelayMs * 2 ** Math.min(count - 1, 30));
      delayMs = retryAfterMs ?? Math.min(Math.ceil(random() * ceilingMs), Math.max(1, watch.remainingMs()));
      return 0;
    }),
  });
  const value = await policy.execute(async ({ attempt: count }) => {
    if (count > 0) await sleep(delayMs, undefined, { signal });
    signal?.throwIfAborted();
    return attempt();
  });
  watch.noteProgress();
  return value;
}
