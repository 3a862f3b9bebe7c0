import { recordFailure } from "../decisions/failure-notice";
import { isMissingDatabase, missingDatabase } from "../decisions/missing-database";
import { outputsOf, startProgress } from "../decisions/run-record";
import { isMigrationError, type MigrationError } from "../errors/migration-error";
import { clearCutoverStatus } from "../increments/chain-progress";
import { fetchChainPosition } from "../increments/run-chain";
import { failureText } from "../model/failure-text";
import type { MigrateTask } from "../model/migrate-task";
import { type MigrationOutputs, parseOutputs } from "../model/outputs";
import { type PlainObject, toPlain } from "../model/plain";
import { findDatabase } from "../session/databases";
import type { HandlerContext } from "../session/handler-context";
import { type Job, runOf, warn } from "../session/job";
import { oldestDatabaseListMs, SHARED_FACTS_MAX_AGE_MS } from "../session/lookups";
import { noteAccessibility } from "../steps/accessibility";
import { explainFailure } from "../steps/explain-failure";
import { describeFailure } from "../steps/failure";
import { recordTask } from "../steps/follow-task";
import { fetchTaskFiles } from "../steps/task-files";

/**
 * Refreshes the outputs of a migration; read-only. The resource leaves the state only when the instance no longer exists. A
 * task that has aged out of the service's history removes nothing.
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
    await refreshProgress(job);
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    if (error.code === "INSTANCE_NOT_FOUND") {
      job.log.info(`${recorded.instanceId} no longer exists; its migration is removed from the state`);
      return { id: "", props: {} };
    }
    if (job.progress.status === "failed") await reportFailure(job, error);
    else log.warning(`not refreshed; the last known state is kept. ${error.message}`);
  }
  return { id, props: toPlain({ ...recorded, ...outputsOf(job) }) };
}

/** Logs and records a failure that this refresh found. The mark lets the next update fail for it, even if that retries. */
async function reportFailure(job: Job, error: MigrationError): Promise<void> {
  const { inputs, session, progress } = job;
  const where = { session, scope: inputs, notBeforeMs: session.clock.now() };
  const { failure, firstFailure } = recordFailure(progress, await explainFailure(where, describeFailure(error)));
  Object.assign(progress, { failure: { ...failure, unreported: true }, firstFailure });
  if (failure !== undefined) job.log.error(failureText(failure));
}

/** How long a finished task is still fetched: the result of an asynchronous DBCC CHECKDB arrives after Success. The task list keeps a week. */
const RESULTS_WITHIN_MS = 6 * 24 * 3_600_000;

/** The members that startProgress leaves out, because a run that acts sets them anew. */
const keepEnd = ({ finishedAt, failure, firstFailure }: MigrationOutputs) => ({ finishedAt, failure, firstFailure });

async function refreshProgress(job: Job): Promise<void> {
  const { inputs, progress, session } = job;
  const { migrateTaskId } = progress;
  const createdAtMs = Date.parse(progress.startedAt ?? "") || 0;
  const isHistory = progress.status === "online" && createdAtMs < session.clock.now() - RESULTS_WITHIN_MS;
  if (migrateTaskId !== undefined && progress.status !== "failed" && !isHistory) {
    const tasks = session.lookups.taskList(inputs, inputs.instanceId);
    const task = await tasks.find(migrateTaskId, {
      createdAtMs,
      notBeforeMs: session.clock.now() - SHARED_FACTS_MAX_AGE_MS,
    });
    // Where the service has forgotten the task, the recorded status is kept.
    if (task !== undefined) await refreshTask(job, task);
  } else if (progress.status === "uploading" && progress.objectKey !== undefined) {
    await refreshUpload(job, progress.objectKey);
    return;
  }
  if (progress.status === "online") await refreshDatabase(job);
}

/** Records the task's status. For a database that waits for increments, also its position in the chain. */
async function refreshTask(job: Job, task: MigrateTask): Promise<void> {
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

/** Warns about a database that was dropped or renamed on RDS. It is not migrated again until the user asks for it. */
async function refreshDatabase(job: Job): Promise<void> {
  const { inputs, progress } = job;
  const endedMs = Date.parse(progress.finishedAt ?? "") || 0;
  const database = await findDatabase(job, oldestDatabaseListMs(endedMs, job.session.clock.now()));
  if (database !== undefined) noteAccessibility(job, database);
  if (database === undefined) {
    if (!progress.warnings.some(isMissingDatabase))
      warn(job, missingDatabase(progress.databaseName, inputs.instanceId));
  } else progress.warnings = progress.warnings.filter((warning) => !isMissingDatabase(warning));
}
