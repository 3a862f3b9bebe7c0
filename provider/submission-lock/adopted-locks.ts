import { examineBackup } from "../backup-files/examine-backup";
import { objectKeyFor } from "../backup-files/object-key";
import { isMigrationError } from "../errors/migration-error";
import { parseBackupLocation } from "../model/location";
import type { Job } from "../session/job";
import { removeLocks } from "./job-locks";

/** Removes the claims that a person's `adopt` has settled: the run whose claim it was has recorded nothing. */
export async function removeAdoptedLocks(job: Job): Promise<void> {
  const objectKey = await expectedKey(job);
  await removeLocks(job, { ...job.inputs, ...job.progress, objectKey });
}

/** The key that the backup has or would get; undefined where it cannot be read: then there is nothing to look beside. */
async function expectedKey({ inputs, progress, session }: Job): Promise<string | undefined> {
  if (progress.objectKey !== undefined) return progress.objectKey;
  try {
    const location = parseBackupLocation(inputs.backup, inputs.bucket);
    if (location.kind === "object") return location.key;
    const examined = await examineBackup(location, () => session.store(inputs));
    return objectKeyFor(examined, progress.databaseName, inputs.folder);
  } catch (error) {
    if (isMigrationError(error)) return undefined;
    throw error;
  }
}
