import type { RdsApi } from "../aliyun/rds-api";
import { classifyTask } from "../decisions/classify-task";
import { isMissingDatabase } from "../decisions/missing-database";
import { isMigrationError } from "../errors/migration-error";
import type { MigrateTask } from "../model/migrate-task";
import { type MigrationOutputs, readableOutputs } from "../model/outputs";
import type { PlainObject } from "../model/plain";
import type { HandlerContext } from "../session/handler-context";
import { abortUnfinishedUploads } from "../steps/abort-uploads";
import { removeLocks } from "../submission-lock/job-locks";

/**
 * Removes a migration from the state. Uses only ids and keys of its own outputs: aborts unfinished uploads, and leaves a task
 * running unless `onDestroy: "stop"` terminates a *Running* one. Never changes a database. Removes the submission locks last, so that
 * another run can find the task by them until then.
 */
export async function remove({ session, log, signal }: HandlerContext, props: PlainObject): Promise<void> {
  const recorded = readableOutputs(props);
  const { migrateTaskId, status } = recorded;
  await abortUnfinishedUploads({ session, log }, recorded);
  let isOnline = status === "online";
  if (migrateTaskId !== undefined) {
    session.run.retiredTasks.add(migrateTaskId);
    if (status !== undefined && ["submitted", "restoring", "waitingForIncrements"].includes(status)) {
      await unlessInstanceGone(async () => {
        isOnline = (await leaveOrStop({ session, log }, recorded, migrateTaskId)) === "online";
      });
    }
  }
  await removeLocks({ session, log, signal }, recorded);
  if (isOnline) logKeptDatabase(log, recorded);
}

/** Only the record is deleted. A database that a refresh has missed on RDS is not reported as kept. */
function logKeptDatabase(
  log: HandlerContext["log"],
  { databaseName = "?", instanceId = "?", warnings = [] }: Partial<MigrationOutputs>,
): void {
  if (warnings.some(isMissingDatabase)) return;
  log.info(`${databaseName} stays on ${instanceId}: only the record of its migration is deleted`);
}

async function leaveOrStop(
  { session, log }: Pick<HandlerContext, "session" | "log">,
  recorded: Partial<MigrationOutputs>,
  taskId: string,
): Promise<"online" | undefined> {
  const { instanceId, databaseName = "?", onDestroy } = recorded;
  if (instanceId === undefined) return;
  const rds = session.clients.rds(recorded);
  const task = await rds.describeMigrateTask(instanceId, taskId);
  if (task === undefined) return;
  if (hasEnded(task)) return classifyTask(task).kind === "online" ? "online" : undefined;
  // Terminates only a running task: the effect on a database that waits for increments is not documented.
  if (onDestroy !== "stop" || classifyTask(task).kind !== "running") {
    log.info(
      `migration task ${taskId} of ${databaseName} is still ${task.status} on ${instanceId}; it was not stopped`,
    );
    return;
  }
  await terminateTask(rds, instanceId, taskId);
  log.info(`stopped migration task ${taskId} of ${databaseName} on ${instanceId}`);
}

/** A refused call is checked: the task may have ended by itself, or by an earlier call whose reply was lost. */
async function terminateTask(rds: RdsApi, instanceId: string, taskId: string): Promise<void> {
  try {
    await rds.terminateMigrateTask(instanceId, taskId);
  } catch (error) {
    const task = await rds.describeMigrateTask(instanceId, taskId);
    if (task !== undefined && !hasEnded(task)) throw error;
  }
}

const hasEnded = (task: MigrateTask): boolean => ["online", "failed"].includes(classifyTask(task).kind);

/** A task of an instance that no longer exists has ended. */
async function unlessInstanceGone(remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!isMigrationError(error) || error.code !== "INSTANCE_NOT_FOUND") throw error;
  }
}
