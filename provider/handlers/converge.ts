import { FORGOTTEN_AFTER_MS } from "../decisions/classify-task";
import { firstFailureLine, recordFailure, reported, summaryOf } from "../decisions/failure-notice";
import { mustReport } from "../decisions/resubmission";
import { requireSourceName } from "../decisions/source-name";
import { messageText } from "../errors/message-text";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { PlainError } from "../errors/plain-error";
import { runChain, warnLateFiles } from "../increments/run-chain";
import { InitError } from "../model/init-error";
import { adoptedTask, DEFAULT_TIMEOUT, type MigrationInputs, takesIncrements } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { isSameName } from "../model/names";
import {
  existsInCloud,
  type Failure,
  type MigrationOutputs,
  type MigrationProgress,
  migrationId,
  type Timeline,
} from "../model/outputs";
import type { PlainObject } from "../model/plain";
import { STATUS_HINT } from "../model/status-command";
import { findDatabase, isOnline } from "../session/databases";
import { type Job, warn } from "../session/job";
import { abortUnfinishedUploads } from "../steps/abort-uploads";
import { verifyAccessible } from "../steps/accessibility";
import { cleanUp } from "../steps/clean-up";
import { ensureObject } from "../steps/ensure-object";
import { ensureTask } from "../steps/ensure-task";
import { explainFailure } from "../steps/explain-failure";
import { describeFailure } from "../steps/failure";
import { followTask } from "../steps/follow-task";
import { planRetry } from "../steps/resubmit";
import { removeAdoptedLocks } from "../submission-lock/adopted-locks";
import { removeLocks } from "../submission-lock/job-locks";

export interface ConvergeRequest {
  job: Job;
  /** The inputs as the host sent them, with `__provider`: an init error has to return them. */
  hostInputs: PlainObject;
  /** The recorded outputs; absent for a create. */
  prior?: MigrationOutputs;
}

/**
 * Brings a migration to the point that its inputs ask for; create and update both call it. Each step checks what exists before
 * it acts, so a run can be killed at any point and the next one continues: 1. if the object is missing or differs from the
 * backup, upload it or resume the upload; 2. if the object has no task, create one; 3. follow the task.
 * @returns the outputs at that point
 * @throws InitError with all known outputs, when something exists in the cloud but the point was not reached
 */
export async function converge(request: ConvergeRequest): Promise<MigrationOutputs> {
  const { job, prior } = request;
  const { inputs, progress } = job;
  try {
    const task = await findOrCreateTask(job, prior);
    if (task === "finished") {
      await cleanUp(job);
      return endRun(request);
    }
    const followed = waitsForIncrements(job, task) ? await runChain(job, task) : await followTask(job, task);
    if (followed === "timedOut") throw stillRunning(request, timeoutReason(job));
    await verifyAccessible(job);
    if (progress.status === "online") await removeAllLocks(job);
    await cleanUp(job);
    return endRun(request);
  } catch (error) {
    if (isNewTaskFailure(progress, prior)) await removeLocks(job, { ...inputs, ...progress });
    throw await errorOf(request, error);
  }
}

/** Returns the outputs of a run. A success ends the record of earlier failures. */
export const outputsOf = ({ inputs, progress }: Job): MigrationOutputs => ({
  ...inputs,
  ...progress,
  ...(progress.status === "online" ? { firstFailure: undefined, retriedAfter: undefined } : {}),
});

/** Whether the state has or needs a record of the migration, so that its error must carry the outputs. */
const isRecorded = ({ job, prior }: ConvergeRequest): boolean => prior !== undefined || existsInCloud(job.progress);
/**
 * Returns the outputs of a run that reached its point.
 * @throws InitError with them when a refresh had found a failure that no run has reported. The outcome reports a deferred one.
 */
function endRun({ job, hostInputs, prior }: ConvergeRequest): MigrationOutputs {
  const { inputs, progress } = job;
  const outputs = outputsOf(job);
  if (prior?.failure === undefined || inputs.deferred === true || !mustReport(prior, inputs)) return outputs;
  const next = `Submitted again: migration task ${progress.migrateTaskId ?? "?"} (${progress.statusText ?? progress.status}).`;
  const reason = [messageText({ ...prior.failure, what: prior.failure.cause }), next].join("\n");
  const id = migrationId(inputs.instanceId, progress.databaseName);
  throw new InitError(id, { ...hostInputs, ...inputs }, outputs, [withStatusHint(job, reason)]);
}

/** Also true after the program removed `increments`: the database stays closed until a separate call opens it. */
const waitsForIncrements = ({ inputs, progress }: Job, task: MigrateTask): boolean =>
  takesIncrements(inputs) || progress.chain !== undefined || (task.backupMode === "UPDF" && inputs.adopt === undefined);

/** Removes the submission locks of the full backup and of each increment. */
async function removeAllLocks(job: Job): Promise<void> {
  const { inputs, progress } = job;
  const increments = (progress.chain?.files ?? []).filter(({ type }) => type !== "FULL");
  for (const { objectKey } of [{ objectKey: progress.objectKey }, ...increments]) {
    await removeLocks(job, { ...inputs, ...progress, objectKey });
  }
}

/** Whether this run was the first to see the task fail. A failed task no longer needs its submission lock. */
const isNewTaskFailure = ({ status, migrateTaskId }: MigrationProgress, prior: MigrationOutputs | undefined): boolean =>
  status === "failed" &&
  migrateTaskId !== undefined &&
  !(prior?.status === "failed" && prior.migrateTaskId === migrateTaskId);

/** Returns the outputs that a run starts with: the recorded ones, without those that each run sets anew. */
export function startProgress(
  databaseName: string,
  prior: MigrationOutputs | undefined,
  nowMs: number,
): MigrationProgress {
  const started = prior?.startedAt ?? new Date(nowMs).toISOString();
  if (prior === undefined) return { databaseName, status: "uploading", startedAt: started, warnings: [] };
  const { statusText, migrateTaskId, objectKey, objectCrc64, sizeBytes, dataAsOf, backupInfo, files, uploadId } = prior;
  const { nextLsn, lag, readyForCutover, cutoverObstacles, cleanedUp, timeline } = prior;
  return {
    databaseName: prior.databaseName,
    status: prior.status,
    startedAt: started,
    warnings: [...(prior.warnings ?? [])],
    firstFailure: reported(prior.firstFailure ?? prior.failure),
    retriedAfter: prior.retriedAfter,
    ...{ statusText, migrateTaskId, objectKey, objectCrc64, sizeBytes, dataAsOf, backupInfo, files, uploadId },
    ...{ nextLsn, lag, readyForCutover, cutoverObstacles, cleanedUp, timeline: timeline && { ...timeline } },
    ...(prior.chain === undefined ? {} : { chain: structuredClone(prior.chain) }),
  };
}

/** Returns the task to follow, or `finished` when the database is online already. */
async function findOrCreateTask(job: Job, prior: MigrationOutputs | undefined): Promise<MigrateTask | "finished"> {
  const { inputs, progress } = job;
  if (prior?.status === "online") {
    progress.finishedAt = prior.finishedAt;
    warnLateFiles(job);
    return "finished";
  }
  // A failed increment does not end the migration: the task keeps the full backup and the increments applied so far.
  const isContinued = prior?.status !== "failed" || prior.chain?.reachedLsn !== undefined;
  if (prior?.migrateTaskId !== undefined && isContinued) return recordedTask(job, prior, prior.migrateTaskId);
  // Also after a failed run: its error may have asked the user to set `adopt` ("set `adopt` to the id of the right one").
  if (inputs.adopt === true) return adoptDatabase(job);
  const adopted = adoptedTask(inputs);
  if (adopted !== undefined) return adoptTask(job, adopted.taskId);

  if (prior?.status === "failed") await requireRetry(job, prior);
  else if (progress.firstFailure !== undefined) job.log.info(`retries after ${summaryOf(progress.firstFailure)}`);
  if (prior !== undefined && hasOtherBackup(inputs, prior)) await forgetObject(job, prior);
  const object = await ensureObject(job);
  // A preview without access to the backup could not compare the names.
  if (prior?.migrateTaskId === undefined)
    requireSourceName(inputs, inputs.backup ?? "the backup", progress.backupInfo?.DatabaseName);
  if (prior?.status === "failed") {
    progress.migrateTaskId = undefined;
    progress.finishedAt = undefined;
    progress.timeline = withoutTask(progress.timeline);
    progress.chain = undefined;
    progress.warnings.length = 0;
  }
  return ensureTask(job, object, prior?.status === "failed" ? prior.migrateTaskId : undefined);
}

/** Keeps the times of the upload, because a new task uses the same object. */
const withoutTask = ({ uploadStartedAt, uploadFinishedAt }: Timeline = {}): Timeline => ({
  uploadStartedAt,
  uploadFinishedAt,
});

const hasOtherBackup = (inputs: MigrationInputs, prior: MigrationOutputs): boolean =>
  inputs.backupId !== undefined && prior.backupId !== undefined && inputs.backupId !== prior.backupId;

/** Forgets the object of the previous backup, because another backup gets its own key. Aborts its unfinished uploads, whose parts are billed. */
async function forgetObject({ progress, session, log }: Job, prior: MigrationOutputs): Promise<void> {
  await abortUnfinishedUploads({ session, log }, prior);
  progress.uploadId = undefined;
  progress.objectKey = undefined;
  progress.objectCrc64 = undefined;
  progress.timeline = undefined;
  progress.firstFailure = undefined;
}

/**
 * Requires a change since a migration failed, or a cause that seems to be gone; logs and records such a retry. Runs before the
 * upload, which reads whole files.
 */
async function requireRetry(job: Job, prior: MigrationOutputs): Promise<void> {
  const { failure, migrateTaskId, retriedAfter = [] } = prior;
  const retry = await planRetry(job, prior);
  if (retry === undefined) throw new StillFailed(reported(failure));
  if (retry === "changed") job.progress.retriedAfter = undefined;
  if (failure === undefined) return;
  if (retry !== "inferred" || migrateTaskId === undefined) {
    job.log.info(`retries after ${summaryOf(failure)}`);
    return;
  }
  const others = retriedAfter.filter((each) => each.failure.code !== failure.code);
  job.progress.retriedAfter = [...others, { migrateTaskId, failure: reported(failure) }];
  if (failure.retry === "passes") {
    job.log.warning(`retries after ${summaryOf(failure)}\nThe cause ends by itself.`);
    return;
  }
  job.log.warning(
    `retries after ${summaryOf(failure)}\nNobody has changed an input, but the cause seems to be gone. The migration is submitted again once for this cause; after that it waits for a change.`,
  );
}

/** The recorded failure still applies: it is reported again, and nothing is sent. */
class StillFailed extends Error {
  constructor(readonly failure: Failure | undefined) {
    super("still failed");
  }
}

/** Fetches the recorded task: from the list that all migrations of the instance share, or by its id, which also finds tasks older than a week. */
async function recordedTask(job: Job, prior: MigrationOutputs, taskId: string): Promise<MigrateTask | "finished"> {
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

/** `adopt: true`: records a database that is already online. @throws ADOPT_NO_DATABASE */
async function adoptDatabase(job: Job): Promise<"finished"> {
  const { inputs, progress, session } = job;
  const database = await findDatabase(job, session.clock.now());
  if (database === undefined || !isOnline(database)) {
    throw migrationError("ADOPT_NO_DATABASE", { database: progress.databaseName, instance: inputs.instanceId });
  }
  progress.status = "online";
  progress.statusText = "adopted: the database already existed";
  await removeAdoptedLocks(job);
  job.log.info(`recorded database ${progress.databaseName}, which already exists on ${inputs.instanceId}`);
  return "finished";
}

/** `adopt: "<MigrateTaskId>"`: takes exactly this task. @throws ADOPT_NO_TASK, ADOPT_OTHER_DATABASE */
async function adoptTask(job: Job, taskId: string): Promise<MigrateTask> {
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

const timeoutReason = ({ inputs }: Job): string => `not finished within ${inputs.timeout ?? DEFAULT_TIMEOUT}`;

function stillRunning({ job, hostInputs }: ConvergeRequest, why: string): InitError {
  const reason = `${job.progress.databaseName}: ${why}; ${describeProgress(job.progress)}. Run pulumi up again: it continues from here.`;
  return initError({ job, hostInputs }, [reason, ...firstFailureLine(job.progress)].join("\n"));
}

function describeProgress({
  status,
  migrateTaskId,
  databaseName,
  statusText,
  objectKey = "the backup",
}: MigrationProgress): string {
  if (migrateTaskId !== undefined)
    return `migration task ${migrateTaskId} of ${databaseName} continues on the service (${statusText ?? "?"})`;
  return status === "uploaded"
    ? `${objectKey} is uploaded, and no migration task is recorded for it yet`
    : `the upload of ${objectKey} is unfinished`;
}

/** Returns the error that ends an incomplete run: an InitError with the outputs when something exists, a plain error when nothing does. */
async function errorOf(request: ConvergeRequest, error: unknown): Promise<unknown> {
  const { job } = request;
  const { progress, signal } = job;
  if (error instanceof InitError) return error;
  // Only the end of the run or the timeout stops an upload.
  const isTimeout = isMigrationError(error) && error.code === "UPLOAD_STOPPED" && !signal.aborted;
  if (isTimeout) return stillRunning(request, timeoutReason(job));
  if (signal.aborted) {
    const why = signal.reason instanceof Error ? signal.reason.message : "stopped";
    return isRecorded(request) ? stillRunning(request, why) : new PlainError(`${progress.databaseName}: ${why}`);
  }
  const failure =
    error instanceof StillFailed
      ? error.failure
      : await explainFailure(
          { session: job.session, scope: job.inputs, notBeforeMs: job.session.clock.now() },
          describeFailure(error),
        );
  // Only an update reads a recorded failure.
  if (failure === undefined)
    return initError(request, `${progress.databaseName} failed in an earlier run; the state does not record why`);
  const refusedByRds = progress.status === "uploaded" && isMigrationError(error) && error.retry !== "passes";
  if (refusedByRds) progress.status = "failed";
  // A refused replacement leaves a record that is online, which is not a failed migration.
  if (progress.status !== "online") Object.assign(progress, recordFailure(progress, failure));
  const reason = [messageText({ ...failure, what: failure.cause }), ...firstFailureLine(progress)].join("\n");
  // A deferred migration is always recorded.
  if (!isRecorded(request) && job.inputs.deferred !== true) return new PlainError(reason);
  return initError(request, reason, error);
}

/** Includes the host's inputs for `__provider`. The job's inputs take precedence: a task belongs to the backup it was created for. */
function initError({ job, hostInputs }: ConvergeRequest, reason: string, cause?: unknown): InitError {
  const { inputs, progress } = job;
  const id = migrationId(inputs.instanceId, progress.databaseName);
  return new InitError(id, { ...hostInputs, ...inputs }, progress, [withStatusHint(job, reason)], cause);
}

/** Adds the status command to the first error of a run. The errors of deferred migrations leave it to their outcome. */
function withStatusHint({ inputs, session }: Job, reason: string): string {
  if (inputs.deferred === true || session.run.logged.has(STATUS_HINT)) return reason;
  session.run.logged.add(STATUS_HINT);
  return `${reason}\n${STATUS_HINT}`;
}
