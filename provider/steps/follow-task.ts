import { hasReached } from "../decisions/change";
import { classifyTask, statusTextOf } from "../decisions/classify-task";
import { dbccAnswer } from "../decisions/cleanup";
import { stretchedPause } from "../decisions/poll-pause";
import { migrationError } from "../errors/migration-error";
import { taskErrorCode } from "../errors/task-errors";
import { pollIntervalMs } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import type { MigrationStatus } from "../model/outputs";
import { type Job, recordTime, warn } from "../session/job";
import { fetchTaskFiles } from "./task-files";

/** How following a task ended, when it did not end as failed. */
export type Followed = "reached" | "timedOut";

/**
 * Looks at the task until it is where `wait` wants it, the time is over, or the run ends. A status that is not documented
 * is shown and waited out, never taken for an end.
 * @throws the catalogue's error of a failed task
 */
export async function followTask(
  job: Job,
  first: MigrateTask,
  hasArrived: (status: MigrationStatus) => boolean = (status) => hasReached(status, job.inputs.wait ?? "finished"),
  firstPauseMs = pollIntervalMs(job.inputs),
): Promise<Followed> {
  const { inputs, session } = job;
  let task = await fetchTaskFiles(job, first);
  let pauseMs = Math.min(firstPauseMs, pollIntervalMs(inputs));
  recordTask(job, task);
  while (!hasArrived(job.progress.status)) {
    job.signal.throwIfAborted();
    const left = job.deadlineMs - session.clock.now();
    if (left <= 0) return "timedOut";
    await session.clock.sleep(Math.min(pauseMs, left), job.signal);
    job.signal.throwIfAborted();
    const seen = await fetchTask(job, task, session.clock.now() - pauseMs / 2);
    const changed = seen.status !== task.status || seen.description !== task.description;
    pauseMs = changed ? pollIntervalMs(inputs) : stretchedPause(pauseMs);
    task = changed ? await fetchTaskFiles(job, seen) : seen;
    recordTask(job, task);
  }
  return "reached";
}

/** One look, shared with everybody who looks at the same instance; a task that the service does not show stays as it was. */
export async function fetchTask(job: Job, task: MigrateTask, notBeforeMs: number): Promise<MigrateTask> {
  const board = job.session.lookups.taskList(job.inputs, job.inputs.instanceId);
  const seen = await board.find(task.taskId, { createdAtMs: task.createdAtMs, notBeforeMs });
  return seen ?? task;
}

/** Writes down what a task says and shows it. @throws the catalogue's error when it failed */
export function recordTask(job: Job, task: MigrateTask): void {
  const { progress } = job;
  progress.migrateTaskId = task.taskId;
  if (Number.isFinite(task.createdAtMs)) recordTime(job, "submittedAt", task.createdAtMs);
  progress.statusText = statusTextOf(task);
  const verdict = classifyTask(task);
  // What is online was opened once; a later word of the service about the task is shown, and takes nothing back.
  if (progress.status === "online" && verdict.kind !== "online") {
    const { databaseName: database } = progress;
    const said = `migration task ${task.taskId}, after which ${database} was online, is now reported as "${progress.statusText}"; the record stays`;
    job.log.warning(said);
    return;
  }
  switch (verdict.kind) {
    case "online":
      progress.status = "online";
      progress.finishedAt = new Date(task.finishedAtMs ?? job.session.clock.now()).toISOString();
      recordTime(job, "endedAt", Date.parse(progress.finishedAt));
      progress.failure = undefined;
      for (const warning of verdict.warnings) warn(job, warning);
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
  job.log.status(`task ${task.taskId} ${progress.statusText}`);
}
