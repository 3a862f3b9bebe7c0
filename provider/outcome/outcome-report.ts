import { withAddress } from "../errors/error-address";
import { migrationError } from "../errors/migration-error";
import { hasFailed } from "../model/database-counts";
import { failureText } from "../model/failure-text";
import type { WaitPoint } from "../model/inputs";
import type { DatabaseOutcome, KnownMember, MemberFindings } from "../model/outcome";
import { isUnderWay } from "./database-outcome";
import { namesByText } from "./names-by-text";
import { outcomeTable } from "./outcome-table";
import { isAsWanted } from "./plan-outcome";
import { retryReasons, type UnreportedRetry } from "./retried-failures";

export interface ReportInput {
  instance: string;
  outcomes: readonly DatabaseOutcome[];
  /** The members of the same databases, in the same order. */
  members: readonly KnownMember[];
  findings: readonly MemberFindings[];
  /** Failures that were submitted again before a run reported them. */
  retries: readonly UnreportedRetry[];
  wait: WaitPoint;
  timeout: string;
}

/**
 * Returns the error text of an update that did not bring every database to its target: the counts, the failed databases with
 * their reasons, the unfinished ones, then a table of all that have not failed.
 */
export function outcomeReport({ instance, outcomes, members, findings, retries, wait, timeout }: ReportInput): string {
  const failed = outcomes.filter(hasFailed);
  const others = outcomes.filter((outcome) => !hasFailed(outcome));
  const unfinished = others.filter((outcome) => !isAsWanted(outcome, wait));
  const reached = others.length - unfinished.length;
  const details = [
    ...[...failed, ...unfinished].map((outcome) => ({ name: outcome.database, text: reasonOf(outcome, timeout) })),
    ...findings
      .filter(({ database }) => outcomes.every((outcome) => outcome.database !== database || isAsWanted(outcome, wait)))
      .flatMap(({ database = instance, reasons }) => reasons.map((text) => ({ name: database, text }))),
    ...retryReasons(retries),
  ];
  // A migration that returned while its task was running does not know that it failed, until a refresh.
  const failedSince = outcomes.some(({ status }, index) => status === "failed" && members[index]?.status !== "failed");
  const { code, what, remedy } = migrationError("INSTANCE_INCOMPLETE", {
    ...{ instance, reached, of: outcomes.length, online: wait === "finished", failedSince },
    ...{ failed: failed.length, unfinished: unfinished.length },
  });
  const reasons = namesByText(details).map(([reason, names]) => `${names.join(", ")}: ${withAddress(reason)}`);
  const table = others.length === 0 ? [] : [outcomeTable(others)];
  return [`${code}: ${what}`, reasons.join("\n"), ...table, remedy].join("\n\n");
}

function reasonOf(outcome: DatabaseOutcome, timeout: string): string {
  const { failure, statusText, status } = outcome;
  if (failure !== undefined) return failureText(failure);
  if (hasFailed(outcome)) return "failed in an earlier run; the state does not record why";
  return isUnderWay(outcome)
    ? `not finished within ${timeout}; the migration task continues on the service (${statusText ?? "?"})`
    : `not finished: ${status}`;
}
