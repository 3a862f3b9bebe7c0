import { messageText } from "../errors/message-text";
import { migrationError } from "../errors/migration-error";
import type { WaitPoint } from "../model/inputs";
import type { DatabaseOutcome, KnownMember, MemberFindings } from "../model/outcome";
import { isUnderWay } from "./database-outcome";
import { outcomeTable } from "./outcome-table";
import { isAsWanted } from "./plan-outcome";

export interface ReportInput {
  instance: string;
  outcomes: readonly DatabaseOutcome[];
  /** The members of the same databases, in the same order. */
  members: readonly KnownMember[];
  findings: readonly MemberFindings[];
  wait: WaitPoint;
  timeout: string;
}

/** Returns the error text of an update that did not bring every database to its target: a table of all databases, then the reasons. */
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
  // A migration that returned while its task was running does not know that it failed, until a refresh.
  const failedSince = outcomes.some(({ status }, index) => status === "failed" && members[index]?.status !== "failed");
  const { code, what, remedy } = migrationError("INSTANCE_INCOMPLETE", {
    ...{ instance, reached, of: outcomes.length, online: wait === "finished", failedSince },
  });
  const reasons = namesByText(details).map(([reason, names]) => `${names}: ${reason}`);
  return [`${code}: ${what}`, outcomeTable(outcomes), reasons.join("\n"), remedy].join("\n\n");
}

/** Each text once, with all names that it holds for, in the order of their first. */
export function namesByText(details: readonly { name: string; text: string }[]): [text: string, names: string][] {
  const byText = new Map<string, string[]>();
  for (const { name, text } of details) byText.set(text, [...(byText.get(text) ?? []), name]);
  return [...byText].map(([text, names]) => [text, names.join(", ")]);
}

function reasonOf(outcome: DatabaseOutcome, timeout: string): string {
  const { failure, migrateTaskId, statusText, status } = outcome;
  if (failure !== undefined) return messageText({ ...failure, what: failure.cause });
  return isUnderWay(outcome)
    ? `not finished within ${timeout}; migration task ${migrateTaskId ?? "?"} continues on the service (${statusText ?? "?"})`
    : `not finished: ${status}`;
}
