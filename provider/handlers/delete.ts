import type { RdsApi } from "../aliyun/rds-api";
import type { MigrateTask } from "../model/migrate-task";
import { classifyTask } from "../decisions/classify-task";
import { isMigrationError } from "../errors/migration-error";
import type { MigrationOutputs } from "../model/outputs";
import type { PlainObject } from "../model/plain";
import type { Session } from "../session/session";
import { removeLocks } from "../submission-lock/job-locks";

/** Ends that count as done: what was to be ended is not there any more. */
const ALREADY_GONE = new Set(["INSTANCE_NOT_FOUND", "OSS_NO_SUCH_BUCKET"]);

/**
 * Forgets a migration. Acts only on ids in its own outputs: an unfinished upload is aborted; a task is left to run, or with
 * `onDestroy: "stop"` a *Running* one is ended. A database is never touched. Claims go last: until then whoever comes finds the task.
 */
export async function remove(session: Session, props: PlainObject): Promise<void> {
  const recorded = props as unknown as MigrationOutputs;
  const { migrateTaskId } = recorded;
  for (const { key, uploadId } of unfinishedUploads(recorded)) {
    await unlessGone(() => session.store(recorded).abortUpload(recorded.bucket, key, uploadId));
  }
  if (migrateTaskId !== undefined) {
    session.retiredTasks.add(migrateTaskId);
    if (["submitted", "restoring", "waitingForIncrements"].includes(recorded.status)) {
      await unlessGone(() => leaveOrStop(session, recorded, migrateTaskId));
    }
  }
  await removeLocks({ session, inputs: recorded }, recorded);
}

/** Of the full backup, and of an increment. */
function unfinishedUploads({ uploadId, objectKey, chain }: MigrationOutputs): { key: string; uploadId: string }[] {
  const full = uploadId === undefined || objectKey === undefined ? [] : [{ key: objectKey, uploadId }];
  return chain?.upload === undefined ? full : [...full, chain.upload];
}

async function leaveOrStop(session: Session, recorded: MigrationOutputs, taskId: string): Promise<void> {
  const { instanceId, databaseName, resourceUrn, onDestroy } = recorded;
  const say = (message: string) => session.engine.log("info", resourceUrn, message);
  const rds = session.rds(recorded);
  const task = await rds.describeMigrateTask(instanceId, taskId);
  if (task === undefined || hasEnded(task)) return;
  // What an end does to a database that waits for increments is not documented: only a running task is ever ended.
  if (onDestroy !== "stop" || classifyTask(task).kind !== "running") {
    say(`migration task ${taskId} of ${databaseName} is still ${task.status} on ${instanceId} and was left alone`);
    return;
  }
  await endTask(rds, instanceId, taskId);
  say(`ended migration task ${taskId} of ${databaseName} on ${instanceId}`);
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
