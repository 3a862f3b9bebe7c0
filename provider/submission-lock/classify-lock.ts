import { classifyTask } from "../decisions/classify-task";
import type { LockTimes } from "../model/lock-times";
import type { MigrateTask } from "../model/migrate-task";
import type { StoredLock } from "./lock";

/** A lock of another run, and what the service shows. The task list contains no task of this migration. */
export interface LockInput {
  /** Undefined when the lock object cannot be parsed. */
  lock: StoredLock | undefined;
  /** By the clock of OSS. */
  ageMs: number;
  times: LockTimes;
  /** Of the object as it is now. */
  crc64: string | undefined;
  /** The task that the lock names; undefined when it names none or the service does not know that id. */
  task: MigrateTask | undefined;
  /** The task is a failure that state has recorded, or belongs to a migration that this run has deleted. */
  isKnown: boolean;
  /** Whether the list contains every task of this migration; not so on every edition. */
  listIsComplete: boolean;
  databasePresent: boolean;
  /** SQL Server 2008 R2: a database of that name must exist before the migration. */
  overwrites: boolean;
}

export type LockDecision =
  /** The lock's task is this migration's. */
  | { kind: "task"; task: MigrateTask }
  /** Its writer may still send CreateMigrateTask, or has sent it. */
  | { kind: "wait"; ms: number }
  /** No task exists, and none will be created under it. */
  | { kind: "expired" }
  /** Only a person can find out whether a task exists. */
  | { kind: "ambiguous" };

/** What an existing lock means for this run. */
export function classifyLock(input: LockInput): LockDecision {
  const { lock, ageMs, times, task, databasePresent } = input;
  if (lock?.taskId !== undefined && lock.crc64 === input.crc64) {
    if (task !== undefined) return isOwn(input, task) ? { kind: "task", task } : { kind: "expired" };
    // How long the service remembers a task is not documented; the database may be what the task restored.
    return databasePresent ? { kind: "ambiguous" } : { kind: "expired" };
  }
  // The task restored other bytes, which had this object's key before.
  if (lock?.taskId !== undefined) return { kind: "expired" };
  if (ageMs < times.expireAfterMs) return { kind: "wait", ms: times.expireAfterMs - ageMs };
  const isTaken = databasePresent && !input.overwrites;
  return input.listIsComplete && !isTaken ? { kind: "expired" } : { kind: "ambiguous" };
}

/** A live task, a failure that is not recorded yet, or a success whose database exists. */
function isOwn({ isKnown, databasePresent }: LockInput, task: MigrateTask): boolean {
  switch (classifyTask(task).kind) {
    case "online":
      return !isKnown && databasePresent;
    case "failed":
      return !isKnown;
    default:
      return true;
  }
}
