import { parseMessage } from "../errors/message-text";
import type { Failure } from "./outputs";

/** Returns the findings of check as one failure, with the code and the remedy of the first. Once its cause is gone, the next `up` begins. */
export function failureOfFindings(reasons: readonly string[]): Failure {
  const [first = "", ...others] = reasons;
  const { code, what, remedy } = parseMessage(first) ?? { code: "UNEXPECTED", what: first, remedy: "" };
  return { code, cause: [what, ...others].join("\n"), remedy, retry: "afterFix", retryable: true };
}
