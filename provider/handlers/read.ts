import { isMigrationError } from "../errors/migration-error";
import { clearCutoverStatus } from "../increments/chain-progress";
import { fetchChainPosition } from "../increments/run-chain";
import type { MigrateTask } from "../model/migrate-task";
import { type MigrationOutputs, parseOutputs } from "../model/outputs";
import { type PlainObject, toPlain } from "../model/plain";
import { findDatabase } from "../session/databases";
import type { HandlerContext } from "../session/handler-context";
import { type Job, runOf, warn } from "../session/job";
import { SERVICE_SECOND_MS, SHARED_FACTS_MAX_AGE_MS } from "../session/lookups";
import { noteAccessibility } from "../steps/accessibility";
import { explainFailure } from "../steps/explain-failure";
import { describeFailure } from "../steps/failure";
import { recordTask } from "../steps/follow-task";
import { fetchTaskFiles } from "../steps/task-files";
import { startProgress } from "./converge";

/**
 * Refresh: looks and never acts, and moves the status on. Nothing is forgotten because the service's history has aged out:
 * the resource leaves the state only when the instance itself is gone.
 */
export async function read(
  context: HandlerContext,
  id: string,
  props: PlainObject,
): Promise<{ id: string; props: PlainObject }> {
  const { session, log } = context;
  const recorded = parseOutputs(props);
  const job: Job = {
    inputs: recorded,
    progress: { ...startProgress(recorded.databaseName, recorded, session.clock.now()), ...keepEnd(recorded) },
    ...runOf(context),
    deadlineMs: session.clock.now(),
  };
  try {
    await look(job);
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    if (error.code === "INSTANCE_NOT_FOUND") {
      job.log.info(`${recorded.instanceId} is gone, so the migration into it is no longer recorded`);
      return { id: "", props: {} };
    }
    if (job.progress.status === "failed")
      job.progress.failure = await explainFailure(
        { session, scope: recorded, notBeforeMs: session.clock.now() },
        describeFailure(error),
      );
    else log.warning(`not refreshed, the last known state is kept. ${error.message}`);
  }
  return { id, props: toPlain({ ...recorded, ...job.progress }) };
}

/** For so long a finished task is looked at again: what an asynchronous DBCC found arrives after Success. The list keeps a week. */
const NEWS_MS = 6 * 24 * 3_600_000;

/** What startProgress leaves out because a new run sets it anew. */
const keepEnd = ({ finishedAt, failure }: MigrationOutputs) => ({ finishedAt, failure });

async function look(job: Job): Promise<void> {
  const { inputs, progress, session } = job;
  const { migrateTaskId } = progress;
  const createdAtMs = Date.parse(progress.startedAt ?? "") || 0;
  const isHistory = progress.status === "online" && createdAtMs < session.clock.now() - NEWS_MS;
  if (migrateTaskId !== undefined && progress.status !== "failed" && !isHistory) {
    const board = session.lookups.taskList(inputs, inputs.instanceId);
    const task = await board.find(migrateTaskId, {
      createdAtMs,
      notBeforeMs: session.clock.now() - SHARED_FACTS_MAX_AGE_MS,
    });
    // A finished migration whose task has aged out stays what it was.
    if (task !== undefined) await recordSeen(job, task);
  } else if (progress.status === "uploading" && progress.objectKey !== undefined) {
    await refreshUpload(job, progress.objectKey);
    return;
  }
  if (progress.status === "online") await refreshDatabase(job);
}

/** Of a database that waits, also how far it has come; of one that was opened, no more than that. */
async function recordSeen(job: Job, task: MigrateTask): Promise<void> {
  const { inputs, progress } = job;
  recordTask(job, await fetchTaskFiles(job, task));
  if (progress.status === "online") clearCutoverStatus(job);
  if (progress.status === "waitingForIncrements" && inputs.chainStart !== undefined)
    await fetchChainPosition(job, task, inputs.chainStart);
}

async function refreshUpload(job: Job, objectKey: string): Promise<void> {
  const { bucket } = job.inputs;
  if (bucket === undefined) return;
  const object = await job.session.clients.store(job.inputs).headObject(bucket, objectKey);
  if (object === undefined || object.sizeBytes !== job.progress.sizeBytes) return;
  job.progress.status = "uploaded";
  job.progress.uploadId = undefined;
}

/** A database that somebody dropped or renamed on RDS is not migrated again by itself: that is asked for on purpose. */
async function refreshDatabase(job: Job): Promise<void> {
  const { inputs, progress } = job;
  const gone = `${progress.databaseName} is no longer on ${inputs.instanceId}: it was dropped or renamed there. To migrate it again, run pulumi up --replace with this resource's URN; to forget it, take it out of the program.`;
  // A list from before the end cannot show the database; a process that has just migrated may hold such a one.
  const endedMs = Date.parse(progress.finishedAt ?? "") || 0;
  const notBeforeMs = Math.max(endedMs + SERVICE_SECOND_MS, job.session.clock.now() - SHARED_FACTS_MAX_AGE_MS);
  const database = await findDatabase(job, notBeforeMs);
  if (database !== undefined) noteAccessibility(job, database);
  if (database === undefined) warn(job, gone);
  else if (progress.warnings.includes(gone)) progress.warnings.splice(progress.warnings.indexOf(gone), 1);
}
