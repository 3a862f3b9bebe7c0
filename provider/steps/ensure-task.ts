import type { ObjectFacts } from "../aliyun/object-store";
import type { CreateTaskRequest } from "../aliyun/rds-api";
import { PollPause } from "../decisions/poll-pause";
import { refusalPause } from "../decisions/refusal-pause";
import { type MigrationError, migrationError } from "../errors/migration-error";
import { overwritesOnRestore } from "../model/engine-version";
import { pollIntervalMs, takesIncrements } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { formatDuration } from "../model/quantities";
import { findDatabase } from "../session/databases";
import { type Job, warn } from "../session/job";
import { SHARED_FACTS_MAX_AGE_MS } from "../session/lookups";
import { objectPosition } from "../session/object-position";
import type { FoundLock, HeldLock, LockStore } from "../submission-lock/lock-store";
import {
  type CreateTaskReply,
  type FoundLockDecision,
  type Submission,
  submitOnce,
} from "../submission-lock/submit-once";
import { decideFoundLock } from "./decide-found-lock";
import { findForeignTask, findTask, listIsComplete, type TaskSearch } from "./find-task";
import { recordTask } from "./follow-task";

/** The longest that a signed URL may live for RDS. @see CreateMigrateTask, OSSUrls: 18 hours */
const SIGNED_URL_SECONDS = 18 * 3600;
/** Between two checks while another run holds the lock. */
const FIRST_LOCK_PAUSE_MS = 2_000;
const LONGEST_LOCK_PAUSE_MS = 15_000;

/**
 * The migration task of this object: an existing one, or a new one.
 * @param failedTaskId the task whose failure is recorded; it and earlier failures do not count as this migration's task
 */
export const ensureTask = (job: Job, object: ObjectFacts, failedTaskId?: string): Promise<MigrateTask> =>
  submitOnce(new FullBackupSubmission(job, object, failedTaskId));

/** A full backup: the task list shows what an earlier call has created, except where it is incomplete. */
class FullBackupSubmission implements Submission<MigrateTask> {
  readonly lockPause: PollPause;
  private readonly search: TaskSearch;
  private refusals = 0;

  constructor(
    readonly job: Job,
    readonly object: ObjectFacts,
    failedTaskId: string | undefined,
  ) {
    this.search = { object, failedTaskId };
    const firstMs = Math.min(pollIntervalMs(job.inputs), FIRST_LOCK_PAUSE_MS);
    this.lockPause = new PollPause({ firstMs, growth: 2, maxMs: LONGEST_LOCK_PAUSE_MS });
  }

  async findExisting(lock: HeldLock | undefined): Promise<MigrateTask | undefined> {
    return findTask(this.job, { ...this.search, notBeforeMs: await oldestListMs(this.job, lock) });
  }

  decideFoundLock(found: FoundLock, store: LockStore): Promise<FoundLockDecision<MigrateTask>> {
    return decideFoundLock(this.job, this.search, found, store);
  }

  async prepareRequest(lock: HeldLock | undefined): Promise<CreateTaskRequest> {
    const { job } = this;
    const { inputs, progress } = job;
    const usedUp = job.session.run.usedUpQuotas.get(inputs.instanceId);
    if (inputs.deferred === true && usedUp !== undefined) throw usedUp;
    if (lock === undefined) warnUncheckable(job);
    await requireNoDatabase(job);
    return {
      instanceId: inputs.instanceId,
      databaseName: progress.databaseName,
      checkDb: inputs.checkDb ?? "async",
      object: await objectForRds(job, this.object),
      waitsForIncrements: takesIncrements(inputs),
    };
  }

  recordReply({ taskId, requestId }: CreateTaskReply): MigrateTask {
    const { job } = this;
    const { databaseName } = job.progress;
    job.log.info(`created migration task ${taskId} (RequestId ${requestId ?? "?"})`);
    const createdAtMs = job.session.clock.now();
    const task: MigrateTask = { taskId, databaseName, status: "NoStart", description: "", createdAtMs };
    recordTask(job, task);
    return task;
  }

  async findAccepted(): Promise<MigrateTask | undefined> {
    const task = await findTask(this.job, this.search);
    if (task === undefined) this.job.signal.throwIfAborted();
    return task;
  }

  /** Never where a second restore overwrites, or where no list shows whether a first one exists: only a person can check. */
  async retryAfterLostReply(): Promise<"afterLockExpires" | "never"> {
    const mayRetry = !(await isLegacy(this.job)) && listIsComplete(this.job);
    return mayRetry ? "afterLockExpires" : "never";
  }

  unknownOutcome(cause: MigrationError): MigrationError {
    const { databaseName: database } = this.job.progress;
    return migrationError("CREATE_UNSETTLED", { database, said: cause.summary }, { cause });
  }

  async resolveRefusal(error: MigrationError): Promise<MigrateTask | undefined> {
    const { job } = this;
    if (isConflict(error)) {
      const own = await findTask(job, this.search);
      if (own !== undefined) return own;
      await requireNoForeignTask(job, error);
      await requireNoDatabase(job);
    }
    if (error.retry !== "passes") throw error;
    if (job.inputs.deferred === true && error.code === "API_DAILY_LIMIT_INSTANCE") {
      // The others of the instance only upload; the next run submits them.
      job.session.run.usedUpQuotas.set(job.inputs.instanceId, error);
      throw error;
    }
    this.refusals += 1;
    const { clock } = job.session;
    const waitMs = refusalPause(error.code, this.refusals, pollIntervalMs(job.inputs));
    if (clock.now() + waitMs > job.deadlineMs) throw error;
    job.log.status(`waiting to submit: ${error.summary}`);
    await clock.sleep(waitMs, job.signal);
    return undefined;
  }
}

/**
 * How old the task list under a lock may be. A task without a lock was created before this lock by a run that has released
 * its own since, when its migration had ended. A member of an InstanceMigration returns before that and leaves its lock to a
 * later run, so under the first lock of its object a recent list that all members share is enough: five hundred members
 * would otherwise fetch all pages hundreds of times. RDS refuses a second task beside one that was created without a lock
 * (in the console, by the vendor's script); 2008 R2 does not, because it restores over an existing database.
 */
async function oldestListMs({ inputs, session }: Job, lock: HeldLock | undefined): Promise<number> {
  const nowMs = session.clock.now();
  if (inputs.deferred !== true || lock?.fencingNumber !== 1) return nowMs;
  // An older list would still show tasks of migrations that this run has deleted as running.
  if (session.run.retiredTasks.size > 0) return nowMs;
  const { engineVersion } = await session.lookups.instance(inputs, inputs.instanceId);
  return overwritesOnRestore(engineVersion) ? nowMs : nowMs - SHARED_FACTS_MAX_AGE_MS;
}

/** Neither a lock nor a task list: the outputs keep the warning. */
function warnUncheckable(job: Job): void {
  const { instanceId } = job.inputs;
  if (!job.session.run.unlisted.has(instanceId)) return;
  warn(
    job,
    `${instanceId} does not list migration tasks (its edition does not support it), and no submission lock can be written to the bucket. A task that an earlier run created without recording it cannot be found. RDS refuses a second one while the database exists.`,
  );
}

/** Refusals on SQL Server 2012 and later when another run restores the database or has just done so. */
const isConflict = (error: MigrationError): boolean =>
  error.code === "API_DB_STATE" || error.code === "API_DB_NAME_TAKEN";

/**
 * Where the list may omit a task, a database of the name may be what another run has restored: such a run removes its lock,
 * so the absence of a lock does not show that nobody was here. @throws DATABASE_EXISTS, which asks for `adopt`
 */
async function requireNoDatabase(job: Job): Promise<void> {
  if (listIsComplete(job) || (await isLegacy(job))) return;
  const present = await findDatabase(job, job.session.clock.now());
  if (present === undefined) return;
  const { instanceId: instance } = job.inputs;
  throw migrationError("DATABASE_EXISTS", { database: job.progress.databaseName, instance, status: present.status });
}

/** @throws DATABASE_BUSY when a task of somebody else restores into the database */
async function requireNoForeignTask(job: Job, error: MigrationError): Promise<void> {
  const foreign = await findForeignTask(job);
  if (foreign === undefined) return;
  const { taskId, status, createdAtMs } = foreign;
  const since = Number.isNaN(createdAtMs) ? "?" : new Date(createdAtMs).toISOString();
  const values = { database: job.progress.databaseName, instance: job.inputs.instanceId, taskId, status, since };
  throw migrationError("DATABASE_BUSY", values, { cause: error, service: error.service });
}

async function objectForRds(job: Job, object: ObjectFacts): Promise<CreateTaskRequest["object"]> {
  const { inputs, session } = job;
  if (!(await isLegacy(job))) return { position: objectPosition(job, object) };
  const values = { database: job.progress.databaseName, instance: inputs.instanceId };
  if (inputs.allowOverwrite !== true) throw migrationError("OVERWRITE_NOT_ALLOWED", values);
  if ((await findDatabase(job, session.clock.now())) === undefined)
    throw migrationError("DATABASE_MISSING_2008R2", values);
  return { signedUrl: await session.clients.store(inputs).signedUrl(object.bucket, object.key, await urlSeconds(job)) };
}

/** A signed URL expires with the token that signed it. That is logged, because a long queue may outlast a short token. */
async function urlSeconds(job: Job): Promise<number> {
  const { inputs, session } = job;
  const { expiresAtMs } = await session.clients.storeCredentials(inputs).get();
  if (expiresAtMs === undefined) return SIGNED_URL_SECONDS;
  const leftSeconds = Math.floor((expiresAtMs - session.clock.now()) / 1000);
  if (leftSeconds >= SIGNED_URL_SECONDS) return SIGNED_URL_SECONDS;
  job.log.info(
    `RDS has ${formatDuration(leftSeconds)} to read the backup: the signed URL ends with the temporary credentials`,
  );
  return Math.max(1, leftSeconds);
}

const isLegacy = async ({ inputs, session }: Job): Promise<boolean> =>
  overwritesOnRestore((await session.lookups.instance(inputs, inputs.instanceId)).engineVersion);
