import type { ErrorCode, ErrorValues } from "../errors/catalogue";
import { type MigrationError, migrationError } from "../errors/migration-error";
import type { Finding } from "../model/finding";

export type { Finding };

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

/** Marks a finding that is about all databases of an instance, not about one. */
export const shared = (finding: Finding): Finding => ({ ...finding, isShared: true });
