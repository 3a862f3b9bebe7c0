import { messageText } from "../errors/message-text";
import { migrationError } from "../errors/migration-error";
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

/** Returns the error text of an update that did not bring every database to its target: a table of all databases, then the reasons. */
export function outcomeReport({ instance, outcomes, members, findings, retries, wait, timeout }: ReportInput): string {
  const reached = outcomes.filter((outcome) => isAsWanted(outcome, wait)).length;
  const details = [
    ...outcomes.flatMap((outcome) =>
      isAsWanted(outcome, wait) ? [] : [{ name: outcome.database, text: reasonOf(outcome, timeout) }],
    ),
    ...findings
      .filter(({ database }) => outcomes.every((outcome) => outcome.database !== database || isAsWanted(outcome, wait)))
      .flatMap(({ database = instance, reasons }) => reasons.map((text) => ({ name: database, text }))),
    ...retryReasons(retries),
  ];
  // A migration that returned while its task was running does not know that it failed, until a refresh.
  const failedSince = outcomes.some(({ status }, index) => status === "failed" && members[index]?.status !== "failed");
  const { code, what, remedy } = migrationError("INSTANCE_INCOMPLETE", {
    ...{ instance, reached, of: outcomes.length, online: wait === "finished", failedSince },
  });
  const reasons = namesByText(details).map(([reason, names]) => `${names}: ${reason}`);
  return [`${code}: ${what}`, outcomeTable(outcomes), reasons.join("\n"), remedy].join("\n\n");
}

function reasonOf(outcome: DatabaseOutcome, timeout: string): string {
  const { failure, migrateTaskId, statusText, status } = outcome;
  if (failure !== undefined) return messageText({ ...failure, what: failure.cause });
  return isUnderWay(outcome)
    ? `not finished within ${timeout}; migration task ${migrateTaskId ?? "?"} continues on the service (${statusText ?? "?"})`
    : `not finished: ${status}`;
}
