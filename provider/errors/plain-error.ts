import { isMigrationError } from "./migration-error";
import { redacted } from "./redacted";

/** What a handler may throw besides an init error: a message without a stack, because the host prints stacks with the machine's paths. */
export class PlainError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.stack = "";
  }
}

/**
 * Anything thrown, as the host may show it. A library's message is redacted, because it may repeat a request. Only the
 * message is kept: the host hands the error to gRPC, which would read `code` as its own.
 */
export function plainErrorOf(thrown: unknown): PlainError {
  if (thrown instanceof PlainError) return thrown;
  if (isMigrationError(thrown)) return new PlainError(thrown.message);
  return new PlainError(redacted(thrown instanceof Error ? thrown.message : String(thrown)));
}
