import type { MigrateTask } from "../model/migrate-task";
import { classifyTask, statusTextOf } from "../decisions/classify-task";
import { migrationError } from "../errors/migration-error";
import { taskErrorCode } from "../errors/task-errors";
import type { Phase } from "../model/inputs";
import type { Failure, MigrationStatus } from "../model/outputs";
import { describeFailure } from "../steps/failure";
import type { Member } from "./outcome-inputs";

/** How one database of an instance ended, or where it stands. */
export interface DatabaseOutcome {
  database: string;
  status: MigrationStatus;
  /** Of a database that takes increments: where it is to stay. */
  phase?: Phase;
  /** The service's own words. */
  statusText?: string;
  migrateTaskId?: string;
  /** Of the full backup. */
  sizeBytes?: number;
  /** From the begin of the upload until the database was online. */
  durationSeconds?: number;
  /** BackupFinishDate, the source server's local time: what was written later is not in the database. */
  dataAsOf?: string;
  /** UTC, ISO 8601. */
  startedAt?: string;
  /** UTC, ISO 8601. */
  finishedAt?: string;
  warnings: string[];
  /** By `cleanup`: true: the uploaded object was deleted; false: it stays for good, and a warning says why. */
  cleanedUp?: boolean;
  failure?: Failure;
}

/**
 * What is known of a database before anybody looks: what its migration said last, or what was recorded of the same task,
 * which the migration may have left while it ran.
 */
export function outcomeOfMember(member: Member, recorded?: DatabaseOutcome): DatabaseOutcome {
  const { name: _name, objectKey: _key, uploadedCrc64: _crc64, checkDb: _checkDb, warnings = [], ...told } = member;
  const isRecorded = recorded?.status === "online" && recorded.migrateTaskId === member.migrateTaskId;
  if (isRecorded && member.phase === undefined && member.failure === undefined) return recorded;
  return withDuration({ ...told, warnings });
}

/** The outcome after a look at its task. A status that is not documented is neither an end nor a success. */
export function outcomeAfterFetch(before: DatabaseOutcome, task: MigrateTask, nowMs: number): DatabaseOutcome {
  const statusText = statusTextOf(task);
  const { failure: _earlier, ...known } = before;
  const verdict = classifyTask(task);
  switch (verdict.kind) {
    case "online": {
      const finishedAt = new Date(task.finishedAtMs ?? nowMs).toISOString();
      const warnings = [...new Set([...known.warnings, ...verdict.warnings])];
      return withDuration({ ...known, statusText, status: "online", finishedAt, warnings });
    }
    case "failed": {
      const { taskId, description } = task;
      const error = migrationError(taskErrorCode(description), { database: before.database, taskId, description });
      return { ...known, statusText, status: "failed", failure: describeFailure(error) };
    }
    case "running":
      return { ...known, statusText, status: task.status === "NoStart" ? "submitted" : "restoring" };
    case "waiting":
      return { ...known, statusText, status: known.phase === undefined ? "restoring" : "waitingForIncrements" };
    case "unrecognised":
      return { ...known, statusText, status: "restoring" };
  }
}

/** Whether the service is at work on it. */
export const isUnderWay = ({ status, failure }: DatabaseOutcome): boolean =>
  failure === undefined && (status === "submitted" || status === "restoring");

function withDuration(outcome: DatabaseOutcome): DatabaseOutcome {
  const { startedAt, finishedAt } = outcome;
  const ms = Date.parse(finishedAt ?? "") - Date.parse(startedAt ?? "");
  return Number.isNaN(ms) ? outcome : { ...outcome, durationSeconds: Math.max(0, Math.round(ms / 1000)) };
}
