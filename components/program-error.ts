import * as pulumi from "@pulumi/pulumi";
import type { ErrorCode, ErrorValues } from "../provider/errors/catalogue";
import { migrationError } from "../provider/errors/migration-error";

/** A fault of the program itself: Pulumi prints its message, without the stack, and ends the program. */
export function programError<C extends ErrorCode>(code: C, values: ErrorValues<C>): pulumi.RunError {
  const error = new pulumi.RunError(migrationError(code, values).message);
  // Node.js 20.20 colours the stack of an uncaught error for up to a minute, and nobody reads this one.
  error.stack = "";
  return error;
}
