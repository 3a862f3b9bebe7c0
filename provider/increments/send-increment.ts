import type { ObjectFacts } from "../aliyun/object-store";
import { classifyIncrement } from "../decisions/classify-increment";
import { classifyTask, statusTextOf } from "../decisions/classify-task";
import { taskPollPause } from "../decisions/poll-pause";
import { catalogue } from "../errors/catalogue";
import { mayHaveBeenAccepted } from "../errors/may-have-been-accepted";
import { isMigrationError, type MigrationError, migrationError } from "../errors/migration-error";
import { taskErrorCode } from "../errors/task-errors";
import type { Increment } from "../model/increment";
import { pollIntervalMs } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import type { ChainFile } from "../model/outputs";
import { formatDuration } from "../model/quantities";
import type { Job } from "../session/job";
import { objectPosition } from "../session/object-position";
import { pollUntil } from "../session/poll-until";
import { fetchTask } from "../steps/follow-task";
import { openLock, recordTaskId, releaseLock } from "../submission-lock/job-locks";
import {
  acquireIncrementSubmission,
  entriesOf,
  type IncrementSubmission,
  knownFailures,
} from "./acquire-increment-submission";
import { fileOf } from "./chain-position";
import { chainOf, recordApplied, recordFile } from "./chain-progress";
import { ensureIncrementObject } from "./increment-object";

/** Looks after a call without a usable answer, before it counts as not accepted. */
const RECONCILE_ATTEMPTS = 4;
/** Before the first of them; each later pause is twice as long, so that together they take a minute. */
const RECONCILE_PAUSE_MS = 4_000;
/** Times that one run sends a file of which nothing shows that it was accepted. */
const MAX_SENDS = 3;
/** Before the first look at a file: a log takes seconds, and in a cutover the source is closed meanwhile. */
const FIRST_PAUSE_MS = 2_000;

export type Applied = "applied" | "timedOut";

/**
 * Gives one file to the task and waits until it is applied. It is sent once: again only after the service has shown that
 * the call was not accepted. @throws INCREMENT_FAILED, INCREMENT_UNSETTLED, CHAIN_TASK_ENDED, and what a refused call means
 */
export async function applyIncrement(job: Job, task: MigrateTask, increment: Increment): Promise<Applied> {
  const object = await ensureIncrementObject(job, increment);
  requireOtherContent(job, increment, object, task);
  const turn: IncrementSubmission = { job, taskId: task.taskId, increment, object };
  const nowMs = job.session.clock.now();
  await send(turn, task);
  const sentAt = new Date(nowMs).toISOString();
  const file = fileOf(increment, object.key, { sentAt });
  if (object.crc64 !== undefined) file.crc64 = object.crc64;
  recordFile(chainOf(job), file);
  return follow(turn, task, file);
}

/** A file that has failed is only worth another call when it is another one, or when the cause passes. */
function requireOtherContent(job: Job, increment: Increment, { key, crc64 }: ObjectFacts, task: MigrateTask): void {
  const failed = chainOf(job).files.findLast(
    (file) => file.state === "failed" && file.objectKey === key && file.crc64 !== undefined && file.crc64 === crc64,
  );
  if (failed === undefined) return;
  const description = failed.description ?? "";
  if (catalogue[taskErrorCode(description)].retry !== "never") return;
  job.progress.status = "failed";
  throw failureOf(job, increment, task, description);
}

/** Sends the file, or finds that the task has it already. */
async function send(turn: IncrementSubmission, task: MigrateTask): Promise<void> {
  const { job, increment, object, taskId } = turn;
  const { inputs, session, progress } = job;
  const { instanceId } = inputs;
  const { databaseName } = progress;
  const desk = openLock(job, inputs, { bucket: object.bucket, objectKey: object.key, instanceId, databaseName });
  for (let sends = 1; ; sends += 1) {
    const right = await acquireIncrementSubmission(turn);
    if (right.kind === "taken") {
      job.log.info(`${increment.file} was given to task ${taskId} before`);
      return;
    }
    try {
      job.log.status(`submitting ${object.bucket}/${object.key} to task ${taskId}`);
      const reply = await session.clients.rds(inputs).createMigrateTask({
        instanceId,
        databaseName,
        checkDb: inputs.checkDb ?? "async",
        object: { position: objectPosition(job, object) },
        waitsForIncrements: true,
        taskId,
      });
      await recordTaskId(desk, right.claim, taskId);
      job.log.info(`gave ${increment.file} to migration task ${taskId} (RequestId ${reply.requestId ?? "?"})`);
      return;
    } catch (error) {
      if (!isMigrationError(error)) throw error;
      if (mayHaveBeenAccepted(error)) {
        if (await settle(turn, error)) {
          await recordTaskId(desk, right.claim, taskId);
          return;
        }
        await releaseLock(desk, right.claim);
        if (sends >= MAX_SENDS) throw unsettled(turn, error);
        continue;
      }
      await releaseLock(desk, right.claim);
      // The call that was refused may be the second of two: what it finds at work is then this very file.
      if (error.code === "API_DB_STATE" && ((await entriesOf(turn))?.length ?? 0) > knownFailures(turn)) return;
      if (error.code === "API_DB_STATE" && classifyTask(task).kind === "failed") {
        const said = error.service?.code ?? error.code;
        const values = { database: databaseName, task: taskId, file: increment.file, said };
        throw migrationError("CHAIN_TASK_ENDED", values, { cause: error });
      }
      throw error;
    }
  }
}

const unsettled = ({ job, increment, taskId }: IncrementSubmission, cause: MigrationError): MigrationError =>
  migrationError(
    "INCREMENT_UNSETTLED",
    { file: increment.file, database: job.progress.databaseName, task: taskId, said: cause.what },
    { cause },
  );

/**
 * After a call without an answer: whether the task has the file all the same. Where the edition does not list files, a task
 * that is seen at work has it, as no other file was given to it; one that waits may have had it. @throws INCREMENT_UNSETTLED
 */
async function settle(turn: IncrementSubmission, error: MigrationError): Promise<boolean> {
  const { job, taskId } = turn;
  const { inputs, session } = job;
  job.log.status(`${error.what} Looking whether the file was taken.`);
  let pauseMs = Math.min(pollIntervalMs(inputs), RECONCILE_PAUSE_MS);
  let listIsComplete = false;
  for (let look = 0; look < RECONCILE_ATTEMPTS; look += 1) {
    await session.clock.sleep(pauseMs, job.signal);
    job.signal.throwIfAborted();
    pauseMs *= 2;
    const files = await entriesOf(turn);
    listIsComplete = files !== undefined;
    if (files !== undefined && files.length > knownFailures(turn)) return true;
    if (files !== undefined) continue;
    const task = await session.clients.rds(inputs).describeMigrateTask(inputs.instanceId, taskId);
    if (task !== undefined && classifyTask(task).kind === "running") return true;
  }
  if (!listIsComplete) throw unsettled(turn, error);
  return false;
}

/** What the polls of one file have shown so far. */
interface FileProgress {
  task: MigrateTask;
  sawWork: boolean;
  isApplied: boolean;
}

async function follow(turn: IncrementSubmission, first: MigrateTask, file: ChainFile): Promise<Applied> {
  const { job } = turn;
  const { clock } = job.session;
  const acceptedMs = clock.now();
  const pause = taskPollPause({ firstMs: Math.min(FIRST_PAUSE_MS, pollIntervalMs(job.inputs)) });
  const initial: FileProgress = { task: first, sawWork: false, isApplied: false };
  const { kind } = await pollUntil(initial, {
    async fetch(previous, pauseMs) {
      const task = await fetchTask(job, previous.task, clock.now() - pause.next(pauseMs, false) / 2);
      const isRunning = classifyTask(task).kind === "running";
      const sawWork = previous.sawWork || isRunning;
      recordPoll(turn, task, isRunning);
      const isApplied = !isRunning && (await checkApplied(turn, file, { task, sawWork, acceptedMs }));
      return { task, sawWork, isApplied };
    },
    isDone: ({ isApplied }) => isApplied,
    pause,
    deadlineMs: job.deadlineMs,
    clock,
    signal: job.signal,
  });
  if (kind === "done") return "applied";
  job.signal.throwIfAborted();
  return "timedOut";
}

function recordPoll({ job, increment }: IncrementSubmission, task: MigrateTask, isRunning: boolean): void {
  const { progress } = job;
  progress.status = isRunning ? "restoring" : "waitingForIncrements";
  progress.statusText = statusTextOf(task);
  job.log.status(`${increment.file}: task ${task.taskId} ${progress.statusText}`);
}

/** Whether a task that is not running has applied the file; records the result. @throws INCREMENT_FAILED, INCREMENT_UNSETTLED */
async function checkApplied(
  turn: IncrementSubmission,
  file: ChainFile,
  { task, sawWork, acceptedMs }: { task: MigrateTask; sawWork: boolean; acceptedMs: number },
): Promise<boolean> {
  const { job, increment } = turn;
  const { inputs, session, progress } = job;
  const entries = await entriesOf(turn);
  const entry = entries === undefined ? undefined : (newest(entries.slice(knownFailures(turn))) ?? null);
  const waitedMs = session.clock.now() - acceptedMs;
  const status = classifyIncrement({ task, entry, sawWork, waitedMs, begunWithinMs: 2 * pollIntervalMs(inputs) });
  switch (status.kind) {
    case "pending":
      return false;
    case "applied":
      file.seconds = Math.round((session.clock.now() - Date.parse(file.sentAt)) / 100) / 10;
      recordApplied(chainOf(job), file, file.forkId);
      progress.failure = undefined;
      job.log.info(`applied ${increment.file} in ${formatDuration(file.seconds)}`);
      return true;
    case "failed":
      file.state = "failed";
      file.description = status.description;
      progress.status = "failed";
      throw failureOf(job, increment, task, status.description);
    case "unclear": {
      const { databaseName: database } = progress;
      const values = { file: increment.file, database, task: task.taskId, said: status.said };
      throw migrationError("INCREMENT_UNSETTLED", values);
    }
  }
}

/** In the order of their creation, which is the order in which they were sent. */
const newest = <T>(entries: readonly T[]): T | undefined => entries.at(-1);

/** What a failed file means: with the file to supply, or the catalogue's own words where the cause is no matter of files. */
export function failureOf(job: Job, increment: Increment, task: MigrateTask, description: string): MigrationError {
  const { databaseName: database } = job.progress;
  const code = taskErrorCode(description);
  if (catalogue[code].retry !== "never") return migrationError(code, { database, taskId: task.taskId, description });
  const lsn = chainOf(job).reachedLsn ?? "?";
  const supplies: Partial<Record<typeof code, string>> = {
    TASK_LOG_TOO_RECENT: `Supply the log backup that begins at or before LSN ${lsn}, or a later differential of the same full backup.`,
    TASK_NOT_INCREMENT: `Supply the differential or log backup that follows LSN ${lsn} instead of this full backup.`,
    TASK_VERIFY_FAILED: `Supply a sound copy of ${increment.file} (run RESTORE VERIFYONLY on the source; compare the sizes).`,
  };
  const other =
    increment.type === "DIFF"
      ? `Supply a differential that is based on the full backup of this migration, or the log that begins at or before LSN ${lsn}.`
      : `Supply the log backup of this database that begins at or before LSN ${lsn}.`;
  const supply = supplies[code] ?? other;
  return migrationError("INCREMENT_FAILED", { file: increment.file, database, task: task.taskId, description, supply });
}
