import { FORGOTTEN_AFTER_MS } from "../decisions/classify-task";
import { messageText } from "../errors/message-text";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { PlainError } from "../errors/plain-error";
import { runChain, warnLateFiles } from "../increments/run-chain";
import { InitError } from "../model/init-error";
import { adoptedTask, DEFAULT_TIMEOUT, type MigrationInputs, requireBackup, takesIncrements } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import {
  existsInCloud,
  type Failure,
  type MigrationOutputs,
  type MigrationProgress,
  migrationId,
  type Timeline,
} from "../model/outputs";
import type { PlainObject } from "../model/plain";
import { findDatabase, isOnline } from "../session/databases";
import { type Job, warn } from "../session/job";
import { verifyAccessible } from "../steps/accessibility";
import { cleanUp } from "../steps/clean-up";
import { ensureObject } from "../steps/ensure-object";
import { ensureTask } from "../steps/ensure-task";
import { explainFailure } from "../steps/explain-failure";
import { describeFailure } from "../steps/failure";
import { followTask } from "../steps/follow-task";
import { maySubmitAgain } from "../steps/resubmit";
import { removeAdoptedLocks } from "../submission-lock/adopted-locks";
import { removeLocks } from "../submission-lock/job-locks";

export interface ConvergeRequest {
  job: Job;
  /** The inputs as the host sent them, `__provider` included: an init error has to give them back. */
  hostInputs: PlainObject;
  /** What state says, for an update. */
  prior?: MigrationOutputs;
}

/**
 * Create and update are this one function: each step looks before it acts, so it may begin anywhere and be killed anywhere.
 * object there, equal to the backup? else upload or continue → task for this object there? else create it → follow it.
 * @returns the outputs at the wanted point
 * @throws InitError with everything that is known, when something exists but the wanted point was not reached
 */
export async function converge(request: ConvergeRequest): Promise<MigrationOutputs> {
  const { job, prior } = request;
  const { inputs, progress } = job;
  try {
    const task = await taskOf(job, prior);
    if (task === "record") {
      await cleanUp(job);
      return { ...inputs, ...progress };
    }
    const followed = waitsForIncrements(job, task) ? await runChain(job, task) : await followTask(job, task);
    if (followed === "timedOut") throw stillRunning(request, lateReason(job));
    await verifyAccessible(job);
    if (progress.status === "online") await removeAllLocks(job);
    await cleanUp(job);
    return { ...inputs, ...progress };
  } catch (error) {
    if (isSettledFailure(progress, prior)) await removeLocks(job, { ...inputs, ...progress });
    throw await endOf(request, error);
  }
}

/** Also where the program speaks of no increments any more: the database is closed until it is opened by a call of its own. */
const waitsForIncrements = ({ inputs, progress }: Job, task: MigrateTask): boolean =>
  takesIncrements(inputs) || progress.chain !== undefined || (task.backupMode === "UPDF" && inputs.adopt === undefined);

/** Those of the full backup and of each increment. */
async function removeAllLocks(job: Job): Promise<void> {
  const { inputs, progress } = job;
  const increments = (progress.chain?.files ?? []).filter(({ type }) => type !== "FULL");
  for (const { objectKey } of [{ objectKey: progress.objectKey }, ...increments]) {
    await removeLocks(job, { ...inputs, ...progress, objectKey });
  }
}

/** Whether this run has learnt that the task failed: its claim has done its part. */
const isSettledFailure = ({ status, migrateTaskId }: MigrationProgress, prior: MigrationOutputs | undefined): boolean =>
  status === "failed" &&
  migrateTaskId !== undefined &&
  !(prior?.status === "failed" && prior.migrateTaskId === migrateTaskId);

/** The outputs that a job begins with. */
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
    ...{ statusText, migrateTaskId, objectKey, objectCrc64, sizeBytes, dataAsOf, backupInfo, files, uploadId },
    ...{ nextLsn, lag, readyForCutover, cutoverObstacles, cleanedUp, timeline: timeline && { ...timeline } },
    ...(prior.chain === undefined ? {} : { chain: structuredClone(prior.chain) }),
  };
}

/** The task to follow, or `record` when there is nothing to follow: what is online already. */
async function taskOf(job: Job, prior: MigrationOutputs | undefined): Promise<MigrateTask | "record"> {
  const { inputs, progress } = job;
  if (prior?.status === "online") {
    progress.finishedAt = prior.finishedAt;
    warnLateFiles(job);
    return "record";
  }
  // An increment that failed has not ended the migration: the task has the full backup and what was applied behind it.
  const goesOn = prior?.status !== "failed" || prior.chain?.reachedLsn !== undefined;
  if (prior?.migrateTaskId !== undefined && goesOn) return knownTask(job, prior, prior.migrateTaskId);
  // Also after a run that ended otherwise: its error may have asked for it ("set `adopt` to the id of the right one").
  if (inputs.adopt === true) return adoptDatabase(job);
  const adopted = adoptedTask(inputs);
  if (adopted !== undefined) return adoptTask(job, adopted.taskId);

  if (prior?.status === "failed") await requireChange(job, prior);
  if (prior !== undefined && isOtherBackup(inputs, prior)) await forgetObject(job);
  const object = await ensureObject(job);
  if (prior?.status === "failed") {
    progress.migrateTaskId = undefined;
    progress.finishedAt = undefined;
    progress.timeline = withoutTask(progress.timeline);
    progress.chain = undefined;
    progress.warnings.length = 0;
  }
  return ensureTask(job, object, prior?.status === "failed" ? prior.migrateTaskId : undefined);
}

/** The times of the upload, which a new task uses again. */
const withoutTask = ({ uploadStartedAt, uploadFinishedAt }: Timeline = {}): Timeline => ({
  uploadStartedAt,
  uploadFinishedAt,
});

const isOtherBackup = (inputs: MigrationInputs, prior: MigrationOutputs): boolean =>
  inputs.backupId !== undefined && prior.backupId !== undefined && inputs.backupId !== prior.backupId;

/** Another backup gets a key of its own; the unfinished upload of the one before is ended, so that nobody pays for its parts. */
async function forgetObject({ inputs, progress, session }: Job): Promise<void> {
  const { uploadId, objectKey } = progress;
  if (uploadId !== undefined && objectKey !== undefined) {
    await session.clients.store(inputs).abortUpload(requireBackup(inputs).bucket, objectKey, uploadId);
  }
  progress.uploadId = undefined;
  progress.objectKey = undefined;
  progress.objectCrc64 = undefined;
  progress.timeline = undefined;
}

/** Before a failed migration is tried again: something has to be another than it was. Comes before the upload, which reads whole files. */
async function requireChange(job: Job, prior: MigrationOutputs): Promise<void> {
  if (await maySubmitAgain(job, prior)) return;
  throw new StillFailed(prior.failure);
}

/** A failure that nothing has changed since: said again as it is, and nothing is sent. */
class StillFailed extends Error {
  constructor(readonly failure: Failure | undefined) {
    super("still failed");
  }
}

/** A task that state already names: in the list that all migrations of the instance share, or by its id, which no week limits. */
async function knownTask(job: Job, prior: MigrationOutputs, taskId: string): Promise<MigrateTask | "record"> {
  const { inputs, session, progress } = job;
  const now = session.clock.now();
  const createdAtMs = Date.parse(prior.startedAt ?? "") || now;
  const seen = await session.lookups
    .taskList(inputs, inputs.instanceId)
    .find(taskId, { createdAtMs, notBeforeMs: now });
  if (seen !== undefined) return seen;
  if (createdAtMs < now - FORGOTTEN_AFTER_MS && (await resolveForgottenTask(job, taskId))) return "record";
  const { databaseName } = progress;
  return { taskId, databaseName, status: "", description: "not known to the service any more", createdAtMs };
}

/**
 * What became of a task that the service has forgotten shows in its database.
 * @returns whether the database is online; false: it is there in some other state
 * @throws TASK_FORGOTTEN when there is no such database: the migration has failed
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

/** `adopt: true`: a database that is already online there becomes a record. @throws ADOPT_NO_DATABASE */
async function adoptDatabase(job: Job): Promise<"record"> {
  const { inputs, progress, session } = job;
  const database = await findDatabase(job, session.clock.now());
  if (database === undefined || !isOnline(database)) {
    throw migrationError("ADOPT_NO_DATABASE", { database: progress.databaseName, instance: inputs.instanceId });
  }
  progress.status = "online";
  progress.statusText = "adopted: the database was there already";
  await removeAdoptedLocks(job);
  job.log.info(`recorded the database ${progress.databaseName}, which is on ${inputs.instanceId} already`);
  return "record";
}

/** `adopt: "<MigrateTaskId>"`: this very task, never another one. */
async function adoptTask(job: Job, taskId: string): Promise<MigrateTask> {
  const { inputs, progress, session } = job;
  const task = await session.clients.rds(inputs).describeMigrateTask(inputs.instanceId, taskId);
  if (task === undefined) throw migrationError("ADOPT_NO_TASK", { task: taskId, instance: inputs.instanceId });
  if (task.databaseName.toLowerCase() !== progress.databaseName.toLowerCase()) {
    throw migrationError("ADOPT_OTHER_DATABASE", {
      task: taskId,
      database: progress.databaseName,
      found: task.databaseName,
    });
  }
  await removeAdoptedLocks(job);
  return task;
}

const lateReason = ({ inputs }: Job): string => `not finished within ${inputs.timeout ?? DEFAULT_TIMEOUT}`;

function stillRunning({ job, hostInputs }: ConvergeRequest, why: string): InitError {
  const reason = `${job.progress.databaseName}: ${why}; ${standing(job.progress)}. Run pulumi up again: it continues from here.`;
  return initError({ job, hostInputs }, reason);
}

function standing({
  status,
  migrateTaskId,
  databaseName,
  statusText,
  objectKey = "the backup",
}: MigrationProgress): string {
  if (migrateTaskId !== undefined)
    return `migration task ${migrateTaskId} of ${databaseName} goes on at the service (${statusText ?? "?"})`;
  return status === "uploaded"
    ? `${objectKey} is uploaded, and no migration task is recorded for it yet`
    : `the upload of ${objectKey} is unfinished`;
}

/** What a run that did not get there throws: with state when something exists, plain when nothing was begun. */
async function endOf(request: ConvergeRequest, error: unknown): Promise<unknown> {
  const { job, prior } = request;
  const { progress, signal } = job;
  if (error instanceof InitError) return error;
  // An upload is stopped by the end of the run or of its time, by nothing else.
  const isLate = isMigrationError(error) && error.code === "UPLOAD_STOPPED" && !signal.aborted;
  if (isLate) return stillRunning(request, lateReason(job));
  if (signal.aborted) {
    const why = signal.reason instanceof Error ? signal.reason.message : "stopped";
    return existsInCloud(progress) || prior !== undefined
      ? stillRunning(request, why)
      : new PlainError(`${progress.databaseName}: ${why}`);
  }
  const failure =
    error instanceof StillFailed
      ? error.failure
      : await explainFailure(
          { session: job.session, scope: job.inputs, notBeforeMs: job.session.clock.now() },
          describeFailure(error),
        );
  if (failure === undefined)
    return new PlainError(`${progress.databaseName} failed before, and state does not say why`);
  const refusedByRds = progress.status === "uploaded" && isMigrationError(error) && error.retry !== "passes";
  if (refusedByRds) progress.status = "failed";
  // A replacement that was not possible leaves an online record, which is no failed migration.
  if (progress.status !== "online") progress.failure = failure;
  const reason = messageText({ ...failure, what: failure.cause });
  // A deferred migration is recorded in any case.
  if (prior === undefined && !existsInCloud(progress) && job.inputs.deferred !== true) return new PlainError(reason);
  return initError(request, reason, error);
}

/** With the host's inputs for `__provider`, and ours over them: a task that goes on belongs to the backup it was made for. */
function initError({ job, hostInputs }: ConvergeRequest, reason: string, cause?: unknown): InitError {
  const { inputs, progress } = job;
  const id = migrationId(inputs.instanceId, progress.databaseName);
  return new InitError(id, { ...hostInputs, ...inputs }, progress, [reason], cause);
}
