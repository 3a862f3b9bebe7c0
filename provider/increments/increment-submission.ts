import type { ObjectFacts } from "../aliyun/object-store";
import type { CreateTaskRequest } from "../aliyun/rds-api";
import { classifyTask } from "../decisions/classify-task";
import { PollPause } from "../decisions/poll-pause";
import { type MigrationError, migrationError } from "../errors/migration-error";
import { type Increment, nameOfFile } from "../model/increment";
import { adoptedTask, listedIncrements, pollIntervalMs } from "../model/inputs";
import type { MigrateTask, TaskFile } from "../model/migrate-task";
import type { Job } from "../session/job";
import { objectPosition } from "../session/object-position";
import type { FoundLock } from "../submission-lock/lock-store";
import type { CreateTaskReply, FoundLockDecision, Submission } from "../submission-lock/submit-once";
import { chainOf } from "./chain-progress";
import { isNamedBy } from "./increment-object";

/** Between two checks while another run holds the lock; milliseconds. */
const LONGEST_LOCK_PAUSE_MS = 2_000;

/**
 * An increment for a task that waits for it. The task's file list shows what an earlier call has submitted. Where the edition
 * does not list files, a lock with the task's id shows that the call was accepted; a lock without one shows nothing.
 */
export class IncrementSubmission implements Submission<MigrateTask> {
  readonly lockPause: PollPause;
  /** Whether the last fetch returned a file list. */
  private hasFileList = false;

  constructor(
    readonly job: Job,
    readonly object: ObjectFacts,
    readonly increment: Increment,
    readonly task: MigrateTask,
  ) {
    const firstMs = Math.min(pollIntervalMs(job.inputs), LONGEST_LOCK_PAUSE_MS);
    this.lockPause = new PollPause({ firstMs });
  }

  async findExisting(): Promise<MigrateTask | undefined> {
    const isListed = await this.isListed();
    this.job.signal.throwIfAborted();
    return isListed ? this.existing() : undefined;
  }

  /** @throws INCREMENT_UNSETTLED */
  async decideFoundLock({ stored, fencingNumber, ageMs }: FoundLock): Promise<FoundLockDecision<MigrateTask>> {
    const { job, increment, object, task } = this;
    const { expireAfterMs } = job.session.lockTimes;
    // The lock belongs to a call whose failure is recorded.
    if (fencingNumber <= this.knownFailures()) return { kind: "expired" };
    const isAccepted = stored?.taskId === task.taskId && stored.crc64 === object.crc64;
    if (isAccepted && !this.hasFileList) return { kind: "existing", value: this.existing() };
    if (ageMs < expireAfterMs) return { kind: "wait", ms: expireAfterMs - ageMs };
    if (this.hasFileList) return { kind: "expired" };
    const decision = decisionOfUser(job, increment);
    if (decision === "sent") return { kind: "existing", value: this.existing() };
    if (decision === "notSent") return { kind: "expired" };
    const { instanceId } = job.inputs;
    throw this.unsettled(`${instanceId} does not list a task's files, and an earlier run did not record an answer`);
  }

  async prepareRequest(): Promise<CreateTaskRequest> {
    const { inputs, progress } = this.job;
    return {
      instanceId: inputs.instanceId,
      databaseName: progress.databaseName,
      checkDb: inputs.checkDb ?? "async",
      object: { position: objectPosition(this.job, this.object) },
      waitsForIncrements: true,
      taskId: this.task.taskId,
    };
  }

  recordReply({ requestId }: CreateTaskReply): MigrateTask {
    const { job, increment, task } = this;
    job.log.info(`gave ${increment.file} to migration task ${task.taskId} (RequestId ${requestId ?? "?"})`);
    return task;
  }

  /** Without a file list, a running task has the file, as no other one was submitted; a waiting task may have had it. */
  async findAccepted(): Promise<MigrateTask | undefined> {
    const { job, task } = this;
    const { inputs, session } = job;
    job.signal.throwIfAborted();
    if (await this.isListed()) return task;
    if (this.hasFileList) return undefined;
    const fetched = await session.clients.rds(inputs).describeMigrateTask(inputs.instanceId, task.taskId);
    return fetched !== undefined && classifyTask(fetched).kind === "running" ? task : undefined;
  }

  async retryAfterLostReply(): Promise<"atOnce" | "never"> {
    return this.hasFileList ? "atOnce" : "never";
  }

  unknownOutcome(cause: MigrationError): MigrationError {
    return this.unsettled(cause.summary, cause);
  }

  async resolveRefusal(error: MigrationError): Promise<MigrateTask> {
    const { job, increment, task } = this;
    if (error.code !== "API_DB_STATE") throw error;
    // The refused call may be the second of two: the task then restores this very file.
    if (await this.isListed()) return task;
    if (classifyTask(task).kind !== "failed") throw error;
    const { databaseName: database } = job.progress;
    const values = { database, task: task.taskId, file: increment.file, said: error.service?.code ?? error.code };
    throw migrationError("CHAIN_TASK_ENDED", values, { cause: error });
  }

  /**
   * What the service lists under the object's name beyond the failures that are known: each entry is a call that was accepted.
   * Undefined where the edition does not list files.
   */
  async fetchNewEntries(): Promise<TaskFile[] | undefined> {
    const { inputs, session } = this.job;
    const files = await session.clients.rds(inputs).listTaskFiles(inputs.instanceId, this.task.taskId);
    const name = nameOfFile(this.object.key);
    return files?.filter(({ fileName }) => fileName === name).slice(this.knownFailures());
  }

  private async isListed(): Promise<boolean> {
    const entries = await this.fetchNewEntries();
    this.hasFileList = entries !== undefined;
    return entries !== undefined && entries.length > 0;
  }

  private existing(): MigrateTask {
    this.job.log.info(`${this.increment.file} was given to task ${this.task.taskId} before`);
    return this.task;
  }

  private knownFailures(): number {
    const { key } = this.object;
    return chainOf(this.job).files.filter(({ state, objectKey }) => state === "failed" && objectKey === key).length;
  }

  private unsettled(said: string, cause?: MigrationError): MigrationError {
    const { databaseName: database } = this.job.progress;
    const values = { file: this.increment.file, database, task: this.task.taskId, said };
    return migrationError("INCREMENT_UNSETTLED", values, { cause });
  }
}

/** What `adopt: "<id>/<last file>"` says of this file. */
function decisionOfUser(job: Job, increment: Increment): "sent" | "notSent" | undefined {
  const lastFile = adoptedTask(job.inputs)?.lastFile;
  if (lastFile === undefined) return undefined;
  const isLast = (each: Increment) => nameOfFile(each.file) === lastFile || isNamedBy(each, lastFile);
  const last = listedIncrements(job.inputs).find(isLast);
  const full = nameOfFile(job.progress.objectKey ?? "");
  const lastLsn = last?.lastLsn ?? (lastFile === full ? "0" : chainLsn(job, lastFile));
  return lastLsn !== undefined && BigInt(increment.lastLsn) <= BigInt(lastLsn) ? "sent" : "notSent";
}

const chainLsn = (job: Job, name: string): string | undefined =>
  chainOf(job).files.find(({ objectKey, source }) => source === name || nameOfFile(objectKey) === name)?.lastLsn;
