import { classifyTask } from "../decisions/classify-task";
import type { LockTimes } from "../model/lock-times";
import type { MigrateTask } from "../model/migrate-task";
import type { Claim } from "./lock";

/** Somebody's claim, and what a look at the service showed. Asked when the task list names no task of this migration. */
export interface LockInput {
  /** Undefined: what stands in the claim's place cannot be read. */
  claim: Claim | undefined;
  /** By the clock of OSS. */
  ageMs: number;
  times: LockTimes;
  /** Of the object as it is now. */
  crc64: string | undefined;
  /** The task that the claim names; undefined when it names none or the service knows none of that id. */
  task: MigrateTask | undefined;
  /** The task is a failure that state knows, or of a migration which this run has deleted. */
  isKnown: boolean;
  /** Whether a task of this migration would stand in the list: not on every edition. */
  listIsComplete: boolean;
  databasePresent: boolean;
  /** SQL Server 2008 R2: a database of that name has to be there before the migration. */
  overwrites: boolean;
}

export type LockDecision =
  /** The claim's task is this migration's. */
  | { kind: "task"; task: MigrateTask }
  /** Its writer may still send CreateMigrateTask, or has sent it. */
  | { kind: "wait"; ms: number }
  /** Nothing came or will come of it. */
  | { kind: "void" }
  /** Whether there is a task, only a person can tell. */
  | { kind: "ambiguous" };

/** What a claim means that is already there. */
export function classifyLock(question: LockInput): LockDecision {
  const { claim, ageMs, times, task, databasePresent } = question;
  if (claim?.taskId !== undefined && claim.crc64 === question.crc64) {
    if (task !== undefined) return isOwn(question, task) ? { kind: "task", task } : { kind: "void" };
    // For how long the service answers for a task is not documented; the database that it may have restored is there.
    return databasePresent ? { kind: "ambiguous" } : { kind: "void" };
  }
  // It says how the migration of other bytes went, which once had this object's key.
  if (claim?.taskId !== undefined) return { kind: "void" };
  if (ageMs < times.voidAfterMs) return { kind: "wait", ms: times.voidAfterMs - ageMs };
  const isTaken = databasePresent && !question.overwrites;
  return question.listIsComplete && !isTaken ? { kind: "void" } : { kind: "ambiguous" };
}

/** A live task, a failure that is news, or a success whose database is there. */
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
