import type { RdsApi } from "../aliyun/rds-api";
import { classifyTask } from "../decisions/classify-task";
import { isMigrationError } from "../errors/migration-error";
import type { MigrateTask } from "../model/migrate-task";
import { type MigrationOutputs, readableOutputs } from "../model/outputs";
import type { PlainObject } from "../model/plain";
import type { HandlerContext } from "../session/handler-context";
import { removeLocks } from "../submission-lock/job-locks";

/** Ends that count as done: what was to be ended is not there any more. */
const ALREADY_GONE = new Set(["INSTANCE_NOT_FOUND", "OSS_NO_SUCH_BUCKET"]);

/**
 * Forgets a migration. Acts only on ids in its own outputs: aborts an unfinished upload; leaves a task running, or with
 * `onDestroy: "stop"` ends a *Running* one. Never touches a database. Removes the submission locks last: until then another
 * run still finds the task by them.
 */
export async function remove({ session, log, signal }: HandlerContext, props: PlainObject): Promise<void> {
  const recorded = readableOutputs(props);
  const { migrateTaskId, bucket, status } = recorded;
  if (bucket !== undefined) {
    for (const { key, uploadId } of unfinishedUploads(recorded)) {
      await unlessGone(() => session.clients.store(recorded).abortUpload(bucket, key, uploadId));
    }
  }
  if (migrateTaskId !== undefined) {
    session.run.retiredTasks.add(migrateTaskId);
    if (status !== undefined && ["submitted", "restoring", "waitingForIncrements"].includes(status)) {
      await unlessGone(() => leaveOrStop({ session, log }, recorded, migrateTaskId));
    }
  }
  await removeLocks({ session, log, signal }, recorded);
}

/** Of the full backup, and of an increment. */
function unfinishedUploads({ uploadId, objectKey, chain }: Partial<MigrationOutputs>) {
  const full = uploadId === undefined || objectKey === undefined ? [] : [{ key: objectKey, uploadId }];
  return chain?.upload === undefined ? full : [...full, chain.upload];
}

async function leaveOrStop(
  { session, log }: Pick<HandlerContext, "session" | "log">,
  recorded: Partial<MigrationOutputs>,
  taskId: string,
): Promise<void> {
  const { instanceId, databaseName = "?", onDestroy } = recorded;
  if (instanceId === undefined) return;
  const rds = session.clients.rds(recorded);
  const task = await rds.describeMigrateTask(instanceId, taskId);
  if (task === undefined || hasEnded(task)) return;
  // What the end of a task does to a database that waits for increments is not documented: only a running task is ended.
  if (onDestroy !== "stop" || classifyTask(task).kind !== "running") {
    log.info(`migration task ${taskId} of ${databaseName} is still ${task.status} on ${instanceId} and was left alone`);
    return;
  }
  await endTask(rds, instanceId, taskId);
  log.info(`ended migration task ${taskId} of ${databaseName} on ${instanceId}`);
}

/** A refusal may only mean that the task has ended: by itself, or by an earlier call whose reply got lost. */
async function endTask(rds: RdsApi, instanceId: string, taskId: string): Promise<void> {
  try {
    await rds.terminateMigrateTask(instanceId, taskId);
  } catch (error) {
    const seen = await rds.describeMigrateTask(instanceId, taskId);
    if (seen !== undefined && !hasEnded(seen)) throw error;
  }
}

const hasEnded = (task: MigrateTask): boolean => ["online", "failed"].includes(classifyTask(task).kind);

async function unlessGone(end: () => Promise<void>): Promise<void> {
  try {
    await end();
  } catch (error) {
    if (!isMigrationError(error) || !ALREADY_GONE.has(error.code)) throw error;
  }
}
