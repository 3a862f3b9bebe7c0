import { FIRST_LINE_LENGTH, shorten } from "../errors/shorten";

/** A call that is repeated after a temporary fault. */
export interface CallRetry {
  operation: string;
  /** Counts from 1 since the last success: of the call, or of any call of an upload. */
  retry: number;
  /** Set when the number of retries is limited. */
  maxRetries?: number;
  /** When the call fails without a success; milliseconds since the epoch. */
  untilMs: number;
  /** Code and message of the last fault. */
  fault: string;
}

/** What happens to the retries of a client's calls, as `RetryNotices` selects them. */
export interface RetryListener {
  onRetry(retry: CallRetry): void;
  /** A call has succeeded after a retry that was reported. */
  onRecovery(operation: string): void;
}

/** One line about a stalled call: its operation, the number of its retries, until when it is retried, and the last fault. */
export function retryLine(subject: string, { operation, retry, maxRetries, untilMs, fault }: CallRetry): string {
  const count = maxRetries === undefined ? retry : `${retry} of ${maxRetries}`;
  const until = new Date(untilMs).toISOString().slice(11, 19);
  const line = `${subject}: retry ${count} of ${operation}, until ${until} UTC: `;
  return line + shorten(fault, FIRST_LINE_LENGTH - line.length);
}
