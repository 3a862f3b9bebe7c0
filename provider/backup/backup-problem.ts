import type { ErrorCode, ErrorValues } from "../errors/catalogue";
import { migrationError } from "../errors/migration-error";
import type { BackupProblem } from "./backup-file";

/** A catalogue entry as a value: a bad file is a result, not an exception. */
export function problem<C extends ErrorCode>(code: C, values: ErrorValues<C>): BackupProblem {
  const { what, remedy } = migrationError(code, values);
  return { code, message: `${what}\n${remedy}` };
}
