import { catalogue, type ErrorCode, type ErrorValues } from "./catalogue";
import type { CatalogueEntry, RetryAdvice } from "./catalogue-entry";
import { withoutSecrets } from "./redacted";

/** What a service answered, in its own words. */
export interface ServiceAnswer {
  operation?: string;
  code?: string;
  message?: string;
  status?: number;
  requestId?: string;
}

/**
 * The one error of this project. Compare `code`, never the class (two copies of the package may be loaded) or the text.
 * The stack is empty: the dynamic-provider host prints it, with the paths of the machine.
 */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
  readonly remedy: string;
  readonly retry: RetryAdvice;

  constructor(
    readonly code: ErrorCode,
    readonly what: string,
    advice: { remedy: string; retry: RetryAdvice },
    readonly service: ServiceAnswer | undefined,
    cause: unknown,
  ) {
    super(`${code}: ${what} ${advice.remedy}`, { cause });
    this.remedy = advice.remedy;
    this.retry = advice.retry;
    this.stack = "";
  }
}

/** Makes the error of a catalogue entry. `cause` is the underlying error, `service` what the service answered. */
export function migrationError<C extends ErrorCode>(
  code: C,
  values: ErrorValues<C>,
  context: { cause?: unknown; service?: ServiceAnswer } = {},
): MigrationError {
  // The table's entries have different value types; C ties this entry to these values, which the compiler cannot see.
  const found = catalogue[code] as unknown as CatalogueEntry<ErrorValues<C>>;
  const remedy = typeof found.remedy === "string" ? found.remedy : found.remedy(values);
  return new MigrationError(
    code,
    withoutSecrets(found.message(values)),
    { remedy: withoutSecrets(remedy), retry: found.retry },
    context.service,
    context.cause,
  );
}

export const isMigrationError = (error: unknown): error is MigrationError =>
  error instanceof Error && error.name === "MigrationError" && "code" in error;
