import { objectKeyFor } from "../backup-files/object-key";
import { isMigrationError } from "../errors/migration-error";
import { parseBackupLocation } from "../files/backup-location";
import type { Job } from "../session/job";
import { removeLocks } from "./job-locks";

/** Removes the locks of a migration that a person adopted: the run that left them has recorded nothing. */
export async function removeAdoptedLocks(job: Job): Promise<void> {
  const objectKey = await expectedKey(job);
  await removeLocks(job, { ...job.inputs, ...job.progress, objectKey });
}

/** The key that the backup has or would get; undefined where no backup is named or it cannot be read. */
async function expectedKey({ inputs, progress, session }: Job): Promise<string | undefined> {
  const { backup, bucket, folder } = inputs;
  if (progress.objectKey !== undefined || backup === undefined) return progress.objectKey;
  try {
    const location = parseBackupLocation(backup, bucket);
    if (location.kind === "object") return location.key;
    const examined = await session.backups.examine(location, () => session.clients.store(inputs));
    return objectKeyFor(examined, progress.databaseName, folder);
  } catch (error) {
    if (isMigrationError(error)) return undefined;
    throw error;
  }
}
