import { withAddress } from "../errors/error-address";
import { isFaultOfEveryCall } from "../errors/fault-of-every-call";
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
 * database with its time, then the one remedy.
 */
export function lastKnownReport(error: unknown, { instance, outcomes, askedAtMs }: LastKnown): string {
  const { cause, remedy } = isMigrationError(error)
    ? { cause: `${error.code}: ${error.what}`, remedy: error.remedy }
    : { cause: `${instance}: ${plainErrorOf(error).message}`, remedy: "" };
  const heading =
    askedAtMs === undefined
      ? `Last known state of ${instance}, as the migrations recorded it; not asked since then:`
      : `Last known state of ${instance}, not asked since ${secondsText(askedAtMs)}:`;
  // The first line has the cause already, and the table the code of each database.
  const isCause = (code: string): boolean => isMigrationError(error) && code === error.code && isFaultOfEveryCall(code);
  const failures = outcomes.flatMap(({ database, failure }) =>
    failure === undefined || isCause(failure.code) ? [] : [{ name: database, text: failureText(failure) }],
  );
  const reasons = namesByText(failures).map(([text, names]) => `${names.join(", ")}: ${withAddress(text)}`);
  const next = "Tasks on the service continue, and `pulumi up --refresh` continues from here.";
  const todo = [remedy, next].filter(Boolean).join("\n");
  return [cause, heading, outcomeTable(outcomes), reasons.join("\n"), todo].filter(Boolean).join("\n\n");
}
