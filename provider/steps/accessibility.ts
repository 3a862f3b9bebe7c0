import type { DatabaseFacts } from "../aliyun/rds-api";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { findDatabase, isOnline } from "../session/databases";
import { type Job, warn } from "../session/job";
import { SERVICE_SECOND_MS } from "../session/lookups";

/** `Success` says that the task has ended, not that the database can be reached: what DescribeDatabases shows counts too. */
export async function verifyAccessible(job: Job): Promise<void> {
  const { inputs, progress, session } = job;
  if (progress.status !== "online") return;
  try {
    const now = session.clock.now();
    // The service's times have whole seconds; a list from within the last one may be from before the end.
    const afterEndMs = (Date.parse(progress.finishedAt ?? "") || now) + SERVICE_SECOND_MS;
    const database = await findDatabase(job, Math.min(now, afterEndMs));
    if (database !== undefined) noteAccessibility(job, database);
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    // The migration has succeeded: a look that fails behind it is no reason to fail it. Refresh looks again.
    job.log.info(
      `not checked: whether ${progress.databaseName} on ${inputs.instanceId} is accessible. ${error.message}`,
    );
  }
}

/** Warns of a database that is there and cannot be used, once, and takes the warning back when it can. */
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
