import type { ErrorCode, ErrorValues } from "../errors/catalogue";
import { type MigrationError, migrationError } from "../errors/migration-error";

/** One thing that is wrong or doubtful about a migration, before anything is sent. */
export interface Finding {
  /** An error makes the preview fail; a warning is shown once. */
  severity: "error" | "warning";
  /** A code of the catalogue. */
  code: ErrorCode;
  /** The whole sentence that a user reads, code and remedy included. */
  message: string;
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
