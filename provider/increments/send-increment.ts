import type { ObjectFacts } from "../aliyun/object-store";
import { classifyIncrement } from "../decisions/classify-increment";
import { classifyTask, statusTextOf } from "../decisions/classify-task";
import { appliedLine } from "../decisions/cutover-notice";
import { taskPollPause } from "../decisions/poll-pause";
import { catalogue } from "../errors/catalogue";
import { type MigrationError, migrationError } from "../errors/migration-error";
import { taskErrorCode } from "../errors/task-errors";
import type { Increment } from "../model/increment";
import { pollIntervalMs } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import type { ChainFile } from "../model/outputs";
import type { Job } from "../session/job";
import { pollUntil } from "../session/poll-until";
import { fetchTask } from "../steps/follow-task";
import { submitOnce } from "../submission-lock/submit-once";
import { fileOf } from "./chain-position";
import { chainOf, recordApplied, recordFile } from "./chain-progress";
import { ensureIncrementObject } from "./increment-object";
import { IncrementSubmission } from "./increment-submission";

/** Before the first poll of a file: a log takes seconds, and in a cutover the source is closed meanwhile. */
const FIRST_PAUSE_MS = 2_000;

export type Applied = "applied" | "timedOut";

/**
 * Submits one file to the task and waits until it is applied. It is sent once, and again only after the service has shown
 * that the call was not accepted. @throws INCREMENT_FAILED, INCREMENT_UNSETTLED, CHAIN_TASK_ENDED, and what a refused call means
 */
export async function applyIncrement(job: Job, task: MigrateTask, increment: Increment): Promise<Applied> {
  const object = await ensureIncrementObject(job, increment);
  requireOtherContent(job, increment, object, task);
  const submission = new IncrementSubmission(job, object, increment, task);
  const sentAt = new Date(job.session.clock.now()).toISOString();
  await submitOnce(submission);
  const file = fileOf(increment, object.key, { sentAt });
  if (object.crc64 !== undefined) file.crc64 = object.crc64;
  recordFile(chainOf(job), file);
  return followFile(submission, file);
}

/** Refuses to submit a file again that has failed, unless its content is another one or the cause passes by itself. */
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

/** What the polls of one file have shown so far. */
interface FileProgress {
  task: MigrateTask;
  sawWork: boolean;
  isApplied: boolean;
}

async function followFile(submission: IncrementSubmission, file: ChainFile): Promise<Applied> {
  const { job, task: first } = submission;
  const { clock } = job.session;
  const acceptedMs = clock.now();
  const pause = taskPollPause({ firstMs: Math.min(FIRST_PAUSE_MS, pollIntervalMs(job.inputs)) });
  const initial: FileProgress = { task: first, sawWork: false, isApplied: false };
  const { kind } = await pollUntil(initial, {
    fetchNext: async (previous, pauseMs) => {
      const task = await fetchTask(job, previous.task, clock.now() - pause.next(pauseMs, false) / 2);
      const isRunning = classifyTask(task).kind === "running";
      const sawWork = previous.sawWork || isRunning;
      recordPoll(submission, task, isRunning);
      const isApplied = !isRunning && (await checkApplied(submission, file, { task, sawWork, acceptedMs }));
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
  submission: IncrementSubmission,
  file: ChainFile,
  { task, sawWork, acceptedMs }: { task: MigrateTask; sawWork: boolean; acceptedMs: number },
): Promise<boolean> {
  const { job, increment } = submission;
  const { inputs, session, progress } = job;
  const entries = await submission.fetchNewEntries();
  // The service lists them in the order of their creation.
  const entry = entries === undefined ? undefined : (entries.at(-1) ?? null);
  const waitedMs = session.clock.now() - acceptedMs;
  const status = classifyIncrement({ task, entry, sawWork, waitedMs, begunWithinMs: 2 * pollIntervalMs(inputs) });
  switch (status.kind) {
    case "pending":
      return false;
    case "applied":
      file.seconds = Math.round((session.clock.now() - Date.parse(file.sentAt)) / 100) / 10;
      recordApplied(chainOf(job), file, file.forkId);
      progress.failure = undefined;
      job.log.info(appliedLine(increment.file, file.seconds));
      return true;
    case "failed":
      file.state = "failed";
      file.description = status.description;
      progress.status = "failed";
      throw failureOf(job, increment, task, status.description);
    case "unclear": {
      const { databaseName: database } = progress;
      const values = { file: increment.file, database, task: task.taskId, said: status.detail };
      throw migrationError("INCREMENT_UNSETTLED", values);
    }
  }
}

/** The error of a failed file: it names the file to supply, unless the cause lies elsewhere. */
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
