import { isMigrationError } from "../errors/migration-error";
import type { MigrationInputs } from "../model/inputs";
import { type Job, showInfo } from "../session/job";
import type { Scope } from "../session/session";
import type { LockTarget } from "./lock";
import { type HeldLock, LockStore } from "./lock-store";

/** What an open desk needs of a job; `delete` has no signal. */
type LockJob = Pick<Job, "session"> & { inputs: Partial<MigrationInputs>; signal?: AbortSignal };

/** The desk of one destination of one object. */
export function openLock({ session, signal }: LockJob, scope: Scope, place: LockTarget): LockStore {
  const { clock, lockTimes: times } = session;
  return new LockStore(place, { store: session.store(scope), clock, times, signal });
}

/** Adds the task's id to its claim. When that fails the claim is void in time, and the task stands in the list. */
export async function recordTaskId(desk: LockStore, held: HeldLock | undefined, taskId: string): Promise<void> {
  if (held !== undefined) await desk.recordTaskId(held, taskId).catch(leaveIt);
}

/** Takes a claim back. When that fails, the next run waits until it is void. */
export async function releaseLock(desk: LockStore, held: HeldLock | undefined): Promise<void> {
  if (held !== undefined) await desk.releaseLock(held).catch(leaveIt);
}

/** Whatever becomes of a claim, the migration goes on: what the service has shown counts for more. */
const leaveIt = () => undefined;

/** What the removal of claims needs to know of a migration. */
export type LockedMigration = Pick<MigrationInputs, "bucket" | "instanceId"> &
  Scope & { databaseName: string; objectKey?: string };

/**
 * Removes the claims of a migration that is settled or destroyed. Those of a bucket that nobody may write to do not exist;
 * a bucket that cannot be reached is not tried again for each of five hundred migrations.
 */
export async function removeLocks(job: LockJob, of: LockedMigration): Promise<void> {
  const { bucket, objectKey, instanceId, databaseName } = of;
  const { session } = job;
  const unremovable = `claims of ${bucket} cannot be removed`;
  if (objectKey === undefined || session.bucketsWithoutLocks.has(bucket) || session.said.has(unremovable)) return;
  try {
    await openLock(job, of, { bucket, objectKey, instanceId, databaseName }).remove();
  } catch (error) {
    // A run that is told to stop has to return what it knows at once.
    if (job.signal?.aborted) return;
    if (!isMigrationError(error)) throw error;
    session.said.add(unremovable);
    if (error.code === "OSS_NO_SUCH_BUCKET") return;
    showInfo(job, `claims (small .claim objects beside the backups) may stay in ${bucket}: ${error.message}`);
  }
}
