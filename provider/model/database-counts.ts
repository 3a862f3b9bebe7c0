import { countedOf } from "../errors/message-text";
import type { DatabaseOutcome } from "./outcome";
import type { Failure } from "./outputs";

/** The number of databases of an instance, in total and by result. */
export interface DatabaseCounts {
  /** All databases: the sum of the others. */
  total: number;
  online: number;
  /** Restored, but still closed: they wait for differential and log backups or for the cutover. */
  waitingForIncrements: number;
  /** Being uploaded, submitted or restored. */
  inProgress: number;
  /** Databases that a later run begins: their wave has not begun, or the quota of the day is used up. Absent when there are none. */
  planned?: number;
  failed: number;
}

/** A failed database, and why it failed. */
export interface DatabaseFailure extends Failure {
  /** Name of the database on the instance. */
  database: string;
}

/** A database of an outcome, or of a state, where the status may be unknown. */
export type CountedDatabase = Pick<DatabaseOutcome, "failure"> & { status?: DatabaseOutcome["status"] };

/** Whether the last run failed for the database. */
export const hasFailed = ({ status, failure }: CountedDatabase): boolean =>
  status === "failed" || failure !== undefined;

/** Counts databases by their result. */
export function countDatabases(outcomes: readonly CountedDatabase[]): DatabaseCounts {
  const counts: DatabaseCounts = {
    total: outcomes.length,
    online: 0,
    waitingForIncrements: 0,
    inProgress: 0,
    failed: 0,
  };
  for (const outcome of outcomes) {
    const result = resultOf(outcome);
    counts[result] = (counts[result] ?? 0) + 1;
  }
  return counts;
}

export type DatabaseResult = Exclude<keyof DatabaseCounts, "total">;

/** Returns the result under which a database is counted. */
export function resultOf(outcome: CountedDatabase): DatabaseResult {
  if (hasFailed(outcome)) return "failed";
  const { status } = outcome;
  return status === "online" || status === "waitingForIncrements" || status === "planned" ? status : "inProgress";
}

/** `2 of 3 databases online, 1 failed, 0 on the way`: the first line of `status`. */
export function statusSummary(databases: readonly CountedDatabase[]): string {
  const { total, online, failed } = countDatabases(databases);
  return `${countedOf(online, total, "database")} online, ${failed} failed, ${total - online - failed} on the way`;
}

/** Returns the failures that are recorded, in the order of the databases. */
export const failuresOf = (outcomes: readonly DatabaseOutcome[]): DatabaseFailure[] =>
  outcomes.flatMap(({ database, failure }) => (failure === undefined ? [] : [{ database, ...failure }]));
