import * as pulumi from "@pulumi/pulumi";
import type { ErrorCode, ErrorValues } from "../provider/errors/catalogue";
import { migrationError } from "../provider/errors/migration-error";
import { terminalError } from "../provider/model/terminal-error";

/** An error of the program itself: Pulumi prints the message without a stack and ends the program. */
export function programError<C extends ErrorCode>(code: C, values: ErrorValues<C>): pulumi.RunError {
  const error = new pulumi.RunError(terminalError(migrationError(code, values).message));
  // Node.js 20.20 can take a minute to colour the stack of an uncaught error, and Pulumi does not print it.
  error.stack = "";
  return error;
}
