import { hasReached } from "../decisions/change";
import { classifyTask, statusTextOf } from "../decisions/classify-task";
import { dbccAnswer } from "../decisions/cleanup";
import { taskPollPause } from "../decisions/poll-pause";
import { migrationError } from "../errors/migration-error";
import { taskErrorCode } from "../errors/task-errors";
import { pollIntervalMs } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import type { MigrationStatus } from "../model/outputs";
import { type Job, recordTime, warn } from "../session/job";
import { pollUntil } from "../session/poll-until";
import { describeDatabaseEnd } from "./describe-end";
import { fetchTaskFiles } from "./task-files";

/** How following a task ended, unless the task failed. */
export type Followed = "reached" | "timedOut";

/**
 * Polls the task until it reaches what `wait` asks for, the deadline passes or the run ends. An undocumented status is
 * logged and polled on: it never counts as an end.
 * @throws the catalogue's error of a failed task
 */
export async function followTask(
  job: Job,
  first: MigrateTask,
  hasArrived: (status: MigrationStatus) => boolean = (status) => hasReached(status, job.inputs.wait ?? "finished"),
  firstPauseMs = pollIntervalMs(job.inputs),
): Promise<Followed> {
  const { inputs, session } = job;
  const initial = await fetchTaskFiles(job, first);
  recordTask(job, initial);
  const intervalMs = pollIntervalMs(inputs);
  const { kind } = await pollUntil(initial, {
    fetchNext: async (previous, pauseMs) => {
      const fetched = await fetchTask(job, previous, session.clock.now() - pauseMs / 2);
      const task = hasChanged(previous, fetched) ? await fetchTaskFiles(job, fetched) : fetched;
      recordTask(job, task);
      return task;
    },
    isDone: () => hasArrived(job.progress.status),
    hasChanged,
    pause: taskPollPause({ firstMs: Math.min(firstPauseMs, intervalMs), afterChangeMs: intervalMs }),
    deadlineMs: job.deadlineMs,
    clock: session.clock,
    signal: job.signal,
  });
  if (kind === "done") return "reached";
  job.signal.throwIfAborted();
  return "timedOut";
}

const hasChanged = (one: MigrateTask, other: MigrateTask): boolean =>
  one.status !== other.status || one.description !== other.description;

/** One fetch, shared by all migrations into the instance. A task that the service does not return stays as it was. */
export async function fetchTask(job: Job, task: MigrateTask, notBeforeMs: number): Promise<MigrateTask> {
  const tasks = job.session.lookups.taskList(job.inputs, job.inputs.instanceId);
  const found = await tasks.find(task.taskId, { createdAtMs: task.createdAtMs, notBeforeMs });
  return found ?? task;
}

/** Records and logs the status of a task. @throws the catalogue's error when the task failed */
export function recordTask(job: Job, task: MigrateTask): void {
  const { progress } = job;
  progress.migrateTaskId = task.taskId;
  if (Number.isFinite(task.createdAtMs)) recordTime(job, "submittedAt", task.createdAtMs);
  progress.statusText = statusTextOf(task);
  const status = classifyTask(task);
  // A database that was online stays recorded as online: a later status of its task is only logged.
  if (progress.status === "online" && status.kind !== "online") {
    const { databaseName: database } = progress;
    const message = `migration task ${task.taskId}, after which ${database} was online, is now reported as "${progress.statusText}"; the record stays`;
    job.log.warning(message);
    return;
  }
  switch (status.kind) {
    case "online":
      progress.status = "online";
      progress.finishedAt = new Date(task.finishedAtMs ?? job.session.clock.now()).toISOString();
      recordTime(job, "endedAt", Date.parse(progress.finishedAt));
      progress.failure = undefined;
      for (const warning of status.warnings) warn(job, warning);
      if (dbccAnswer(progress, job.inputs.checkDb) !== "none") recordTime(job, "checkedAt");
      break;
    case "failed": {
      const { databaseName: database } = progress;
      const { taskId, description } = task;
      progress.status = "failed";
      recordTime(job, "endedAt", task.finishedAtMs);
      throw migrationError(taskErrorCode(description), { database, taskId, description });
    }
    case "running":
      progress.status = task.status === "NoStart" ? "submitted" : "restoring";
      if (progress.status === "restoring") recordTime(job, "restoreStartedAt");
      break;
    case "waiting":
      progress.status = "waitingForIncrements";
      break;
    case "unrecognised":
      progress.status = "restoring";
      break;
  }
  const line = `task ${task.taskId} ${progress.statusText}`;
  // The row of a deferred migration is not updated after this step.
  const end = status.kind === "running" && job.inputs.deferred !== true ? describeDatabaseEnd(job) : undefined;
  job.log.status(end === undefined ? line : `${line}; ${end}`);
}
