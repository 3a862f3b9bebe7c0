import type { DatabaseFacts } from "../aliyun/rds-api";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { findDatabase, isOnline } from "../session/databases";
import { type Job, warn } from "../session/job";
import { SERVICE_SECOND_MS } from "../session/lookups";

/** Checks a database that has just gone online: `Success` means that the task has ended, not that the database is accessible. */
export async function verifyAccessible(job: Job): Promise<void> {
  const { inputs, progress, session } = job;
  if (progress.status !== "online") return;
  try {
    const now = session.clock.now();
    // The service's times have whole seconds, so a list of the same second may be older than the end of the task.
    const afterEndMs = (Date.parse(progress.finishedAt ?? "") || now) + SERVICE_SECOND_MS;
    const database = await findDatabase(job, Math.min(now, afterEndMs));
    if (database !== undefined) noteAccessibility(job, database);
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    // The migration has succeeded, so a failed check does not fail it. The next refresh checks again.
    job.log.info(
      `not checked: whether ${progress.databaseName} on ${inputs.instanceId} is accessible. ${error.message}`,
    );
  }
}

/** Warns once of a database that exists but is not accessible, and removes the warning when it is. */
export function noteAccessibility(job: Job, database: DatabaseFacts): void {
  const { inputs, progress } = job;
  const values = { database: database.name, instance: inputs.instanceId, status: database.status };
  const { code, message } = migrationError("ONLINE_NOT_ACCESSIBLE", values);
  const outdated = progress.warnings.filter(
    (each) => each.startsWith(`${code}:`) && (isOnline(database) || each !== message),
  );
  for (const each of outdated) progress.warnings.splice(progress.warnings.indexOf(each), 1);
  if (!isOnline(database)) warn(job, message);
}
