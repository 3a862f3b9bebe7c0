import { isMigrationError } from "./migration-error";
import { redacted } from "./redacted";

/** What a handler may throw beside an init error: words alone. The host prints stacks, with the machine's paths. */
export class PlainError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.stack = "";
  }
}

/**
 * Whatever was thrown, as the host may see it. The catalogue's words are fit to be shown; a library's may repeat a request.
 * No member but the words stays: the host hands the error to gRPC, which would take `code` for its own.
 */
export function plainErrorOf(thrown: unknown): PlainError {
  if (thrown instanceof PlainError) return thrown;
  if (isMigrationError(thrown)) return new PlainError(thrown.message);
  return new PlainError(redacted(thrown instanceof Error ? thrown.message : String(thrown)));
}
