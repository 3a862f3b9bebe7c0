import { migrationError } from "../errors/migration-error";
import type { MigrateTask } from "../model/migrate-task";
import { isSameName } from "../model/names";
import type { MigrationProgress } from "../model/outputs";
import { findDatabase, isOnline } from "../session/databases";
import type { Job } from "../session/job";
import { removeAdoptedLocks } from "../submission-lock/adopted-locks";

/** `adopt: true`: records a database that is already online. @throws ADOPT_NO_DATABASE */
export async function adoptDatabase(job: Job): Promise<"finished"> {
  const { inputs, progress, session } = job;
  const database = await findDatabase(job, session.clock.now());
  if (database === undefined || !isOnline(database)) {
    throw migrationError("ADOPT_NO_DATABASE", { database: progress.databaseName, instance: inputs.instanceId });
  }
  recordExistingDatabase(progress);
  await removeAdoptedLocks(job);
  job.log.info(`recorded database ${progress.databaseName}, which already exists on ${inputs.instanceId}`);
  return "finished";
}

/** Records a database that is online without a task. */
export function recordExistingDatabase(progress: MigrationProgress): void {
  progress.status = "online";
  progress.statusText = "adopted: the database already existed";
}

/** `adopt: "<MigrateTaskId>"`: takes exactly this task. @throws ADOPT_NO_TASK, ADOPT_OTHER_DATABASE */
export async function adoptTask(job: Job, taskId: string): Promise<MigrateTask> {
  const { inputs, progress, session } = job;
  const task = await session.clients.rds(inputs).describeMigrateTask(inputs.instanceId, taskId);
  if (task === undefined) throw migrationError("ADOPT_NO_TASK", { task: taskId, instance: inputs.instanceId });
  if (!isSameName(task.databaseName, progress.databaseName)) {
    throw migrationError("ADOPT_OTHER_DATABASE", {
      task: taskId,
      database: progress.databaseName,
      found: task.databaseName,
    });
  }
  await removeAdoptedLocks(job);
  return task;
}
