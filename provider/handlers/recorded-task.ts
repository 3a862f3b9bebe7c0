import { FORGOTTEN_AFTER_MS } from "../decisions/classify-task";
import { migrationError } from "../errors/migration-error";
import type { MigrateTask } from "../model/migrate-task";
import type { MigrationOutputs } from "../model/outputs";
import { findDatabase, isOnline } from "../session/databases";
import { type Job, warn } from "../session/job";

/** Fetches the recorded task: from the list that all migrations of the instance share, or by its id, which also finds tasks older than a week. */
export async function recordedTask(
  job: Job,
  prior: MigrationOutputs,
  taskId: string,
): Promise<MigrateTask | "finished"> {
  const { inputs, session, progress } = job;
  const now = session.clock.now();
  const createdAtMs = Date.parse(prior.startedAt ?? "") || now;
  const task = await session.lookups
    .taskList(inputs, inputs.instanceId)
    .find(taskId, { createdAtMs, notBeforeMs: now });
  if (task !== undefined) return task;
  if (createdAtMs < now - FORGOTTEN_AFTER_MS && (await resolveForgottenTask(job, taskId))) return "finished";
  const { databaseName } = progress;
  return { taskId, databaseName, status: "", description: "no longer known to the service", createdAtMs };
}

/**
 * Checks the database of a task that the service has forgotten.
 * @returns true when the database is online, false when it is in another state
 * @throws TASK_FORGOTTEN when the database does not exist: the migration has failed
 */
async function resolveForgottenTask(job: Job, taskId: string): Promise<boolean> {
  const { inputs, progress, session } = job;
  const database = await findDatabase(job, session.clock.now());
  if (database === undefined) {
    progress.status = "failed";
    const values = { task: taskId, database: progress.databaseName, instance: inputs.instanceId };
    throw migrationError("TASK_FORGOTTEN", values);
  }
  if (!isOnline(database)) return false;
  progress.status = "online";
  progress.finishedAt = new Date(session.clock.now()).toISOString();
  warn(
    job,
    `The service no longer knows migration task ${taskId}; ${database.name} is online on ${inputs.instanceId}, so it is recorded as finished.`,
  );
  return true;
}
