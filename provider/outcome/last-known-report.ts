import { withAddress } from "../errors/error-address";
import { isMigrationError } from "../errors/migration-error";
import { plainErrorOf } from "../errors/plain-error";
import { failureText } from "../model/failure-text";
import type { DatabaseOutcome } from "../model/outcome";
import { secondsText } from "../model/status-command";
import { namesByText } from "./names-by-text";
import { outcomeTable } from "./outcome-table";

export interface LastKnown {
  instance: string;
  outcomes: readonly DatabaseOutcome[];
  /** When the service last answered; undefined when it did not answer in this run. */
  askedAtMs: number | undefined;
}

/**
 * Returns the error text of an update that ended while it followed the databases: the cause, then the last known status of every
 * database with its time.
 */
export function lastKnownReport(error: unknown, { instance, outcomes, askedAtMs }: LastKnown): string {
  const { message } = plainErrorOf(error);
  const cause = isMigrationError(error) ? message : `${instance}: ${message}`;
  const heading =
    askedAtMs === undefined
      ? `Last known state of ${instance}, as the migrations recorded it; not asked since then:`
      : `Last known state of ${instance}, not asked since ${secondsText(askedAtMs)}:`;
  const failures = outcomes.flatMap(({ database, failure }) =>
    failure === undefined ? [] : [{ name: database, text: failureText(failure) }],
  );
  const reasons = namesByText(failures).map(([text, names]) => `${names}: ${withAddress(text)}`);
  const remedy = "Tasks on the service continue. Run pulumi up again: it continues from here.";
  return [cause, heading, outcomeTable(outcomes), reasons.join("\n"), remedy].filter(Boolean).join("\n\n");
}
