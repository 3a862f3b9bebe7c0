import { classifyTask, statusTextOf } from "../decisions/classify-task";
import { dbccAnswer } from "../decisions/cleanup";
import { reported } from "../decisions/failure-notice";
import { isMissingDatabase } from "../decisions/missing-database";
import { migrationError } from "../errors/migration-error";
import { taskErrorCode } from "../errors/task-errors";
import type { MigrateTask } from "../model/migrate-task";
import type { DatabaseOutcome, KnownMember } from "../model/outcome";
import type { Timeline } from "../model/outputs";
import { describeFailure } from "../steps/failure";

/**
 * Returns the outcome of a database before its task is fetched: from its migration's outputs, or the recorded outcome of the same
 * task, because the migration may have returned while the task was running.
 */
export function outcomeOfMember(member: KnownMember, recorded?: DatabaseOutcome): DatabaseOutcome {
  const { name: _name, objectKey: _key, uploadedCrc64: _crc64, checkDb: _checkDb, warnings = [], ...progress } = member;
  const isSameTask = recorded?.migrateTaskId === member.migrateTaskId;
  if (isSameTask && member.phase === undefined && member.failure === undefined && isFailedForGood(recorded))
    return { ...recorded, failure: reported(recorded.failure) };
  const isRecorded = recorded?.status === "online" && isSameTask;
  if (isRecorded && member.phase === undefined && member.failure === undefined) {
    const missing = warnings.filter(isMissingDatabase);
    return { ...recorded, warnings: [...recorded.warnings.filter((each) => !isMissingDatabase(each)), ...missing] };
  }
  return withDuration({ ...progress, warnings });
}

/** A failed task never runs again. One that the service has forgotten may still show its database. */
const isFailedForGood = (recorded: DatabaseOutcome | undefined): recorded is DatabaseOutcome =>
  recorded?.status === "failed" && recorded.failure !== undefined && recorded.failure.code !== "TASK_FORGOTTEN";

/** Returns the outcome after its task was fetched. An undocumented status counts as neither final nor successful. */
export function outcomeAfterFetch(before: DatabaseOutcome, task: MigrateTask, nowMs: number): DatabaseOutcome {
  const statusText = statusTextOf(task);
  const { failure: _earlier, ...known } = before;
  const taskState = classifyTask(task);
  switch (taskState.kind) {
    case "online": {
      const finishedAt = new Date(task.finishedAtMs ?? nowMs).toISOString();
      const warnings = [...new Set([...known.warnings, ...taskState.warnings])];
      const timeline = { ...known.timeline, endedAt: known.timeline?.endedAt ?? finishedAt };
      if (dbccAnswer({ statusText, warnings }, undefined) !== "none")
        timeline.checkedAt ??= new Date(nowMs).toISOString();
      const retriedAfter = undefined;
      return withDuration({ ...known, statusText, status: "online", finishedAt, timeline, warnings, retriedAfter });
    }
    case "failed": {
      const { taskId, description } = task;
      const error = migrationError(taskErrorCode(description), { database: before.database, taskId, description });
      const endedAt = new Date(task.finishedAtMs ?? nowMs).toISOString();
      const timeline = { ...known.timeline, endedAt };
      return { ...known, statusText, status: "failed", timeline, failure: describeFailure(error) };
    }
    case "running":
      if (task.status === "NoStart") return { ...known, statusText, status: "submitted" };
      return { ...known, statusText, status: "restoring", timeline: withRestoreStart(known, nowMs) };
    case "waiting":
      return { ...known, statusText, status: known.phase === undefined ? "restoring" : "waitingForIncrements" };
    case "unrecognised":
      return { ...known, statusText, status: "restoring" };
  }
}

/** Adds the time at which the restore was first seen running. */
const withRestoreStart = ({ timeline }: Pick<DatabaseOutcome, "timeline">, nowMs: number): Timeline => ({
  restoreStartedAt: new Date(nowMs).toISOString(),
  ...timeline,
});

/** Whether the service is working on the database. */
export const isUnderWay = ({ status, failure }: DatabaseOutcome): boolean =>
  failure === undefined && (status === "submitted" || status === "restoring");

function withDuration(outcome: DatabaseOutcome): DatabaseOutcome {
  const { startedAt, finishedAt } = outcome;
  const ms = Date.parse(finishedAt ?? "") - Date.parse(startedAt ?? "");
  return Number.isNaN(ms) ? outcome : { ...outcome, durationSeconds: Math.max(0, Math.round(ms / 1000)) };
}
