import { isMigrationError, migrationError } from "../errors/migration-error";
import { redacted } from "../errors/redacted";
import type { Failure } from "../model/outputs";

/** An error as the outputs keep it. An error outside the catalogue becomes `UNEXPECTED`, with its message but without URLs. */
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
