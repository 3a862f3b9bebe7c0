import { withAddress } from "../errors/error-address";
import { migrationError } from "../errors/migration-error";
import { failureText } from "../model/failure-text";
import type { DatabaseOutcome, KnownMember } from "../model/outcome";
import type { RetriedFailure } from "../model/outputs";
import { namesByText } from "./names-by-text";
import { outcomeTable } from "./outcome-table";

/** A failed task that no run has reported, and the task that replaced it. */
export interface UnreportedRetry extends RetriedFailure {
  database: string;
  newTaskId: string | undefined;
}

/**
 * Returns the retries whose failure no update has reported: a refresh found it, and the migration was submitted again in the same
 * run. An update reports such a failure once, because a failure that each run retries in silence uses up the day's tasks.
 */
export function unreportedRetries(
  members: readonly KnownMember[],
  recorded: ReadonlyMap<string, DatabaseOutcome>,
): UnreportedRetry[] {
  return members.flatMap(({ database, migrateTaskId: newTaskId, retriedAfter = [] }) => {
    const last = retriedAfter.at(-1);
    const known = recorded.get(database);
    if (last === undefined || (known !== undefined && known.migrateTaskId === newTaskId)) return [];
    const isReported =
      known?.migrateTaskId === last.migrateTaskId && known.failure !== undefined && !known.failure.unreported;
    return isReported ? [] : [{ ...last, database, newTaskId }];
  });
}

/** One reason for each retry: the failure, and the task that replaced the failed one. */
export const retryReasons = (retries: readonly UnreportedRetry[]): { name: string; text: string }[] =>
  retries.map(({ database, failure, newTaskId }) => ({
    name: database,
    text: `${failureText(failure)}\nSubmitted again: migration task ${newTaskId ?? "?"}.`,
  }));

/** Returns the error text of an update that brought every database to its target, but had to submit some of them again. */
export function retryReport(
  instance: string,
  outcomes: readonly DatabaseOutcome[],
  retries: readonly UnreportedRetry[],
): string {
  const { code, what, remedy } = migrationError("INSTANCE_RETRIED", {
    ...{ instance, failed: retries.length, of: outcomes.length },
  });
  const reasons = namesByText(retryReasons(retries)).map(
    ([reason, names]) => `${names.join(", ")}: ${withAddress(reason)}`,
  );
  return [`${code}: ${what}`, outcomeTable(outcomes), reasons.join("\n"), remedy].join("\n\n");
}
