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
  const counts = { total: outcomes.length, online: 0, waitingForIncrements: 0, inProgress: 0, failed: 0 };
  for (const outcome of outcomes) counts[resultOf(outcome)] += 1;
  return counts;
}

export type DatabaseResult = Exclude<keyof DatabaseCounts, "total">;

/** Returns the result under which a database is counted. */
export function resultOf(outcome: CountedDatabase): DatabaseResult {
  if (hasFailed(outcome)) return "failed";
  const { status } = outcome;
  return status === "online" || status === "waitingForIncrements" ? status : "inProgress";
}

/** Returns the failures that are recorded, in the order of the databases. */
export const failuresOf = (outcomes: readonly DatabaseOutcome[]): DatabaseFailure[] =>
  outcomes.flatMap(({ database, failure }) => (failure === undefined ? [] : [{ database, ...failure }]));
