import type { ErrorCode, ErrorValues } from "../errors/catalogue";
import { type MigrationError, migrationError } from "../errors/migration-error";

/** One thing that is wrong, doubtful or not known about a migration, before anything is sent. */
export interface Finding {
  /** An error makes the preview fail; a warning is shown once; a note, too, and asks for nothing. */
  severity: "error" | "warning" | "note";
  /** A code of the catalogue, of a rule of the source's baseline (`SOURCE_…`), or `NOT_CHECKED`. */
  code: string;
  /** The whole sentence that a user reads, code and remedy included. */
  message: string;
  /** Of `NOT_CHECKED`: its parts. */
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

/** What nobody here can know: said, so that it does not pass for checked. A warning where a look was tried and failed. */
export const notChecked = (what: string, why: string, severity: "warning" | "note" = "note"): Finding => ({
  severity,
  code: "NOT_CHECKED",
  message: `not checked: ${what}. ${why}`,
  unchecked: { what, why },
});
