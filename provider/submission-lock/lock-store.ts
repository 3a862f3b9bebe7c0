import type { CallLimits, ObjectStore } from "../aliyun/object-store";
import type { LockTimes } from "../model/lock-times";
import type { Clock } from "../session/clock";
import { type Claim, formatLock, type LockTarget, lockKey, parseLock } from "./lock";

/** A claim that this run wrote and nobody may take over yet. */
export interface HeldLock {
  claim: Claim;
  generation: number;
  /** By our clock, before it was sent: OSS took it at that time or later. */
  begunMs: number;
}

/** The newest claim of a place, when it is somebody else's or an earlier one of our own. */
export interface FoundLock {
  /** Undefined when it cannot be read. */
  claim: Claim | undefined;
  generation: number;
  /** By the clock of OSS. */
  ageMs: number;
}

/** For what is only convenient: a claim that stays for want of a reply costs the next run two minutes at most. */
const BEST_EFFORT_MS = 20_000;
/** For taking a claim back, also in a run that is told to stop: it has to be gone within ten seconds. */
const RELEASE_TIMEOUT_MS = 5_000;
/** Generations that are looked for; each one needs a run that was killed in the half minute of its claim. */
const MOST_GENERATIONS = 1_000;

/** The claims of one destination of one object: writes, reads and removes them, and decides nothing. */
export class LockStore {
  /** @param signal ends what is under way: the run is over */
  constructor(
    readonly place: LockTarget,
    private readonly world: { store: ObjectStore; clock: Clock; times: LockTimes; signal?: AbortSignal },
  ) {}

  /**
   * Writes a claim, or finds the newest that is there. Exactly one of any number of writers succeeds.
   * @param after the void claim that it follows; without one, this is the first
   * @throws OSS_ACCESS_DENIED where the bucket may only be read
   */
  async take(wish: { crc64: string | undefined; writer: string }, after?: FoundLock): Promise<HeldLock | FoundLock> {
    const generation = (after?.generation ?? 0) + 1;
    const { instanceId, databaseName } = this.place;
    for (;;) {
      const begunMs = this.world.clock.now();
      const claim: Claim = { instanceId, databaseName, ...wish, claimedAt: new Date(begunMs).toISOString() };
      const written = await this.world.store.putTextIfAbsent(
        this.place.bucket,
        this.key(generation),
        formatLock(claim),
        this.usual,
      );
      if (written) return { claim, generation, begunMs };
      const found = await this.newest(generation);
      // Between the two calls it may have gone.
      if (found === undefined) continue;
      const isOurs = found.claim?.writer === wish.writer && found.generation === generation;
      return isOurs ? { claim: found.claim ?? claim, generation, begunMs } : found;
    }
  }

  /** The newest claim from a generation on; undefined when there is none. */
  async newest(from = 1, limits = this.usual): Promise<FoundLock | undefined> {
    let newest: FoundLock | undefined;
    for (let generation = from; generation < from + MOST_GENERATIONS; generation += 1) {
      const stored = await this.world.store.getText(this.place.bucket, this.key(generation), limits);
      if (stored === undefined) break;
      newest = { claim: parseLock(stored.text), generation, ageMs: stored.ageMs };
    }
    return newest;
  }

  /** Whether CreateMigrateTask may still be sent under a claim. */
  maySend(held: HeldLock): boolean {
    return this.world.clock.now() - held.begunMs < this.world.times.sendWithinMs;
  }

  /** Adds the task's id. */
  async recordTaskId({ claim, generation }: HeldLock, taskId: string): Promise<void> {
    const text = formatLock({ ...claim, taskId });
    await this.world.store.putText(this.place.bucket, this.key(generation), text, this.brief);
  }

  /**
   * Takes a claim back under which nothing was sent or accepted. An old one stays: somebody may be following it already. The end
   * of the run does not end this: the claim would hold the next run up, or make it ask where the list cannot tell.
   */
  async releaseLock(held: HeldLock): Promise<void> {
    if (this.world.clock.now() - held.begunMs > this.world.times.voidAfterMs / 2) return;
    await this.world.store.deleteObject(this.place.bucket, this.key(held.generation), { budgetMs: RELEASE_TIMEOUT_MS });
  }

  /** Removes all claims; the newest first, so that one without its predecessors is never seen. */
  async remove(): Promise<void> {
    const newest = await this.newest(1, this.brief);
    for (let generation = newest?.generation ?? 0; generation > 0; generation -= 1) {
      await this.world.store.deleteObject(this.place.bucket, this.key(generation), this.brief);
    }
  }

  private get usual(): CallLimits {
    return { signal: this.world.signal };
  }

  private get brief(): CallLimits {
    return { ...this.usual, budgetMs: BEST_EFFORT_MS };
  }

  key(generation: number): string {
    return lockKey(this.place, generation);
  }
}

export const isHeld = (taken: HeldLock | FoundLock): taken is HeldLock => "begunMs" in taken;
