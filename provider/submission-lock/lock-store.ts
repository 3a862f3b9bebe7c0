import type { CallLimits, ObjectStore } from "../aliyun/object-store";
import type { LockTimes } from "../model/lock-times";
import type { Clock } from "../session/clock";
import { formatLock, type LockTarget, lockKey, parseLock, type StoredLock } from "./lock";

/** A lock that this run wrote and that has not expired yet. */
export interface HeldLock {
  stored: StoredLock;
  fencingNumber: number;
  /** By our clock, before the PutObject was sent: OSS stored the lock at that time or later. */
  requestedAtMs: number;
}

/** The newest lock of a target, written by another run or earlier by this one. */
export interface FoundLock {
  /** Undefined when the object cannot be parsed. */
  stored: StoredLock | undefined;
  fencingNumber: number;
  /** By the clock of OSS. */
  ageMs: number;
}

/** For calls that only save time later: a lock without its task id, or one that stays, costs the next run at most two minutes. */
const BEST_EFFORT_MS = 20_000;
/** For each of the three calls that release a lock, also in a run that is asked to stop: it must be gone within ten seconds. */
const RELEASE_TIMEOUT_MS = 3_000;
/** Fencing numbers that are tried; each one needs a run that was killed in the half minute of its lock. */
const MOST_FENCING_NUMBERS = 1_000;

/** The submission locks of one object and destination: writes, reads and removes them, and decides nothing. */
export class LockStore {
  /** @param context its signal ends calls in progress when the run ends */
  constructor(
    readonly target: LockTarget,
    private readonly context: { store: ObjectStore; clock: Clock; times: LockTimes; signal?: AbortSignal },
  ) {}

  /**
   * Writes a lock, or finds the newest that exists. Of any number of writers exactly one succeeds.
   * @param after the expired lock that it follows; without one, this is the first
   * @throws OSS_ACCESS_DENIED where the bucket may only be read
   */
  async acquire(
    request: { crc64: string | undefined; writer: string },
    after?: FoundLock,
  ): Promise<HeldLock | FoundLock> {
    const fencingNumber = (after?.fencingNumber ?? 0) + 1;
    const { instanceId, databaseName } = this.target;
    const { store, clock } = this.context;
    for (;;) {
      const requestedAtMs = clock.now();
      const claimedAt = new Date(requestedAtMs).toISOString();
      const stored: StoredLock = { instanceId, databaseName, ...request, claimedAt };
      const key = this.key(fencingNumber);
      const isWritten = await store.putTextIfAbsent(this.target.bucket, key, formatLock(stored), this.usualLimits);
      if (isWritten) return { stored, fencingNumber, requestedAtMs };
      const found = await this.fetchNewest(fencingNumber);
      // It may have been released between the two calls.
      if (found === undefined) continue;
      const isOurs = found.stored?.writer === request.writer && found.fencingNumber === fencingNumber;
      return isOurs ? { stored: found.stored ?? stored, fencingNumber, requestedAtMs } : found;
    }
  }

  /** The newest lock from a fencing number on; undefined when none exists. */
  async fetchNewest(from = 1, limits = this.usualLimits): Promise<FoundLock | undefined> {
    let newest: FoundLock | undefined;
    for (let fencingNumber = from; fencingNumber < from + MOST_FENCING_NUMBERS; fencingNumber += 1) {
      const object = await this.context.store.getText(this.target.bucket, this.key(fencingNumber), limits);
      if (object === undefined) break;
      newest = { stored: parseLock(object.text), fencingNumber, ageMs: object.ageMs };
    }
    return newest;
  }

  /**
   * Reads the lock again before CreateMigrateTask. A process that was stopped meanwhile finds its lock removed, followed or
   * too old by the clock of OSS, although its own clock may have stood still or been set back.
   * @returns a check for the moment of sending; undefined when nothing may be sent under the lock
   */
  async confirm(lock: HeldLock): Promise<(() => boolean) | undefined> {
    const { clock, times } = this.context;
    const { requestedAtMs } = lock;
    const readAtMs = clock.now();
    const found = await this.fetchAgain(lock, this.usualLimits);
    if (found === undefined) return undefined;
    const maySend = () => {
      const nowMs = clock.now();
      const wasSetBack = nowMs < readAtMs || readAtMs < requestedAtMs;
      const ageMs = Math.max(nowMs - requestedAtMs, found.ageMs + nowMs - readAtMs);
      return !wasSetBack && ageMs < times.sendWithinMs;
    };
    return maySend() ? maySend : undefined;
  }

  /**
   * Adds the task's id to the lock. A lock that is gone stays so: another run has followed the task to its end and removed the
   * locks while this one was stopped. `removeAll` would not find a later one whose predecessors are gone.
   */
  async recordTaskId({ stored, fencingNumber }: HeldLock, taskId: string): Promise<void> {
    const { store } = this.context;
    const { bucket } = this.target;
    const key = this.key(fencingNumber);
    if ((await store.getText(bucket, key, this.bestEffortLimits)) === undefined) return;
    await store.putText(bucket, key, formatLock({ ...stored, taskId }), this.bestEffortLimits);
  }

  /**
   * Removes a lock under which nothing was sent or accepted. An old one stays, because another run may have followed it already,
   * and so does one that another run has written meanwhile. The end of the run does not cancel this: the lock would delay the next run, or make it ask where the list is incomplete.
   */
  async release(lock: HeldLock): Promise<FoundLock | undefined> {
    const { store, clock, times } = this.context;
    const limits = { budgetMs: RELEASE_TIMEOUT_MS };
    const found = await this.fetchAgain(lock, limits);
    if (found === undefined) return undefined;
    const ageMs = Math.max(clock.now() - lock.requestedAtMs, found.ageMs);
    if (ageMs > times.expireAfterMs / 2) return found;
    await store.deleteObject(this.target.bucket, this.key(lock.fencingNumber), limits);
    return undefined;
  }

  /** Removes all locks of the target; the newest first, so that no run ever sees one without its predecessors. */
  async removeAll(): Promise<void> {
    const newest = await this.fetchNewest(1, this.bestEffortLimits);
    for (let fencingNumber = newest?.fencingNumber ?? 0; fencingNumber > 0; fencingNumber -= 1) {
      await this.context.store.deleteObject(this.target.bucket, this.key(fencingNumber), this.bestEffortLimits);
    }
  }

  /** The lock object's key. */
  key(fencingNumber: number): string {
    return lockKey(this.target, fencingNumber);
  }

  /** A lock of another run, as the errors name it. */
  errorValues({ stored, fencingNumber, ageMs }: FoundLock) {
    return {
      database: this.target.databaseName,
      instance: this.target.instanceId,
      claim: `oss://${this.target.bucket}/${this.key(fencingNumber)}`,
      claimedAt: stored?.claimedAt ?? `${Math.round(ageMs / 1000)} s ago`,
    };
  }

  /** A lock of this run as OSS has it now; undefined when it was removed, followed or written by another run. */
  private async fetchAgain({ stored, fencingNumber }: HeldLock, limits: CallLimits): Promise<FoundLock | undefined> {
    const found = await this.fetchNewest(fencingNumber, limits);
    return found?.fencingNumber === fencingNumber && found.stored?.writer === stored.writer ? found : undefined;
  }

  private get usualLimits(): CallLimits {
    return { signal: this.context.signal };
  }

  private get bestEffortLimits(): CallLimits {
    return { ...this.usualLimits, budgetMs: BEST_EFFORT_MS };
  }
}

export const isHeld = (lock: HeldLock | FoundLock): lock is HeldLock => "requestedAtMs" in lock;
