import { isMigrationError } from "../errors/migration-error";
import type { Scope } from "../model/scope";
import type { Job } from "../session/job";
import type { LockTarget } from "./lock";
import { type FoundLock, type HeldLock, LockStore } from "./lock-store";

/** What the locks of a migration need of its run. */
type LockRun = Pick<Job, "session"> & { signal?: AbortSignal };

/** The submission locks of one object and destination. */
export function openLock({ session, signal }: LockRun, scope: Scope, target: LockTarget): LockStore {
  const { clock, lockTimes: times } = session;
  return new LockStore(target, { store: session.clients.store(scope), clock, times, signal });
}

/** Adds the task's id to its lock. When that fails, the lock expires in time, and the task list shows the task. */
export async function recordTaskId(store: LockStore, lock: HeldLock | undefined, taskId: string): Promise<void> {
  if (lock !== undefined) await store.recordTaskId(lock, taskId).catch(ignoreFailure);
}

/**
 * Releases a lock under which nothing was accepted. When that fails, the next run waits until it expires.
 * @returns the lock, if it was too old to be removed
 */
export async function releaseLock(store: LockStore, lock: HeldLock | undefined): Promise<FoundLock | undefined> {
  return lock && store.release(lock).catch(ignoreFailure);
}

/** The migration continues without these calls: the service's own lists decide. */
const ignoreFailure = () => undefined;

/** What the removal of locks needs to know of a migration. */
export type LockedMigration = Partial<LockTarget> & Scope;

/**
 * Removes the locks of a migration that has ended or is destroyed. A bucket that may not be written to has none; a bucket
 * that cannot be reached is not tried again for each of five hundred migrations.
 */
export async function removeLocks(run: LockRun & Pick<Job, "log">, migration: LockedMigration): Promise<void> {
  const { bucket, objectKey, instanceId, databaseName } = migration;
  const { session, log } = run;
  if (bucket === undefined || objectKey === undefined || instanceId === undefined || databaseName === undefined) return;
  const unremovable = `locks of ${bucket} cannot be removed`;
  if (session.run.bucketsWithoutLocks.has(bucket) || session.run.logged.has(unremovable)) return;
  try {
    await openLock(run, migration, { bucket, objectKey, instanceId, databaseName }).removeAll();
  } catch (error) {
    // A run that is asked to stop has to return what it knows at once.
    if (run.signal?.aborted) return;
    if (!isMigrationError(error)) throw error;
    session.run.logged.add(unremovable);
    if (error.code === "OSS_NO_SUCH_BUCKET") return;
    log.info(`submission locks (small .claim objects beside the backups) may stay in ${bucket}: ${error.message}`);
  }
}
