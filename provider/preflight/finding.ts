import type { ErrorCode, ErrorValues } from "../errors/catalogue";
import { type MigrationError, migrationError } from "../errors/migration-error";

/** One problem, doubt or unknown fact about a migration, found before anything is sent. */
export interface Finding {
  /** An error fails the preview. A warning is shown once. A note is shown once and requires no action. */
  severity: "error" | "warning" | "note";
  /** A code of the catalogue, of a rule of the source's baseline (`SOURCE_…`), or `NOT_CHECKED`. */
  code: string;
  /** The complete message for the user, with code and remedy. */
  message: string;
  /** The parts of a `NOT_CHECKED` message. */
  unchecked?: { what: string; why: string };
}

export const errorOf = <C extends ErrorCode>(code: C, values: ErrorValues<C>): Finding =>
  findingOf(migrationError(code, values), "error");

export const warningOf = <C extends ErrorCode>(code: C, values: ErrorValues<C>): Finding =>
  findingOf(migrationError(code, values), "warning");

export const findingOf = ({ code, message }: MigrationError, severity: Finding["severity"]): Finding => ({
  severity,
  code,
  message,
});

/**
 * Reports that something was not checked, so that the user does not assume it was. A warning where the check was tried
 * and failed.
 */
export const notChecked = (what: string, why: string, severity: "warning" | "note" = "note"): Finding => ({
  severity,
  code: "NOT_CHECKED",
  message: `not checked: ${what}. ${why}`,
  unchecked: { what, why },
});
