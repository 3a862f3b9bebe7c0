import { parseMessage } from "../errors/message-text";

/** An error or a warning of this package, in parts. */
export interface Finding {
  /** A code of the error catalogue, for example `BACKUP_TRUNCATED`. */
  code: string;
  /** What was found; the first line is complete in itself. */
  cause: string;
  /** Empty where nothing can be advised. */
  remedy: string;
  severity: "error" | "warning";
  /** The resource; absent for a message about the whole program. */
  urn?: string;
}

/** The members of Pulumi's diagnostic event that are used here. */
export interface Diagnostic {
  urn?: string;
  severity: string;
  message: string;
}

/** What Pulumi puts before the message of a failed check and before the first reason of a failed step. */
const PULUMI_PREFIX = /^(?:\S+ resource '[^']*' has a problem: |\d+ errors? occurred:\s+\* )/;

/**
 * Returns the error or warning in a diagnostic event of the Automation API (`onEvent`). Undefined for any other message. After a
 * failed preview these events are the only record, because a preview does not change the state.
 *
 * @example
 * await stack.preview({ onEvent: ({ diagnosticEvent }) => {
 *   const finding = diagnosticEvent && findingOf(diagnosticEvent);
 *   if (finding) console.error(finding.code, finding.cause);
 * } });
 */
export function findingOf({ severity, message, urn }: Diagnostic): Finding | undefined {
  if (severity !== "error" && severity !== "warning") return undefined;
  const parts = parseMessage(message.trim().replace(PULUMI_PREFIX, ""));
  return parts && { code: parts.code, cause: parts.what, remedy: parts.remedy, severity, ...(urn ? { urn } : {}) };
}
