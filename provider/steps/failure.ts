import { isMigrationError, migrationError } from "../errors/migration-error";
import { redacted } from "../errors/redacted";
import type { Failure } from "../model/outputs";

/** An error as the outputs keep it. What is not of the catalogue becomes `UNEXPECTED`, with its own words but no URL. */
export function describeFailure(error: unknown): Failure {
  if (!isMigrationError(error)) {
    const said = redacted(error instanceof Error ? error.message : String(error));
    return describeFailure(migrationError("UNEXPECTED", { said }, { cause: error }));
  }
  const { code, what, remedy, retry, service } = error;
  const failure: Failure = { code, cause: what, remedy, retry, retryable: retry !== "never" };
  if (service?.requestId !== undefined) failure.requestId = service.requestId;
  return failure;
}
