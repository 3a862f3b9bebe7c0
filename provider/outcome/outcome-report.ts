import { migrationError } from "../errors/migration-error";
import { namesByText } from "../errors/names-by-text";
import type { WaitPoint } from "../model/inputs";
import type { DatabaseOutcome, KnownMember, MemberFindings } from "../model/outcome";
import { isUnderWay } from "./database-outcome";
import { outcomeTable } from "./outcome-table";
import { isAsWanted } from "./plan-outcome";

export interface ReportInput {
  instance: string;
  outcomes: readonly DatabaseOutcome[];
  /** The same databases, in the same order, as their migrations told them. */
  members: readonly KnownMember[];
  findings: readonly MemberFindings[];
  wait: WaitPoint;
  timeout: string;
}

/** What an update ends with when not every database is where it was to be brought: all of them in a table, then why. */
export function outcomeReport({ instance, outcomes, members, findings, wait, timeout }: ReportInput): string {
  const reached = outcomes.filter((outcome) => isAsWanted(outcome, wait)).length;
  const details = [
    ...outcomes.flatMap((outcome) =>
      isAsWanted(outcome, wait) ? [] : [{ name: outcome.database, text: reasonOf(outcome, timeout) }],
    ),
    ...findings
      .filter(({ database }) => outcomes.every((outcome) => outcome.database !== database || isAsWanted(outcome, wait)))
      .flatMap(({ database = instance, reasons }) => reasons.map((text) => ({ name: database, text }))),
  ];
  // A migration that returned while its task ran has not seen it fail, and is not told before it is refreshed.
  const failedSince = outcomes.some(({ status }, index) => status === "failed" && members[index]?.status !== "failed");
  const { code, what, remedy } = migrationError("INSTANCE_INCOMPLETE", {
    ...{ instance, reached, of: outcomes.length, online: wait === "finished", failedSince },
  });
  const told = namesByText(details).map(([reason, names]) => `${names}: ${reason}`);
  return [`${code}: ${what}`, outcomeTable(outcomes), told.join("\n"), remedy].join("\n\n");
}

function reasonOf(outcome: DatabaseOutcome, timeout: string): string {
  const { failure, migrateTaskId, statusText, status } = outcome;
  if (failure !== undefined) return `${failure.code}: ${failure.cause} ${failure.remedy}`.trim();
  return isUnderWay(outcome)
    ? `not finished within ${timeout}; migration task ${migrateTaskId ?? "?"} continues on the service (${statusText ?? "?"})`
    : `not finished: ${status}`;
}
