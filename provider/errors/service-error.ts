import { catalogue, type ErrorCode } from "./catalogue";
import type { MatchRule } from "./catalogue-entry";
import { isMigrationError, type MigrationError, migrationError } from "./migration-error";
import { redacted } from "./redacted";
import type { ServiceAnswer, ServiceFault } from "./service-fault";

/** Codes whose entry takes a {@link ServiceFault}. */
type RefusalCode = {
  [C in ErrorCode]: Parameters<typeof migrationError<C>>[1] extends ServiceFault ? C : never;
}[ErrorCode];

/** Every code in the catalogue with its entry, the longest first: `InvalidDBName.NotFound` is not `InvalidDBName`. */
const CODES: readonly (readonly [string, RefusalCode])[] = Object.entries<{ match?: MatchRule }>(catalogue)
  // Only entries made by `refusal` name such codes, and their values are a ServiceFault; a test checks this.
  .flatMap(([ours, { match }]) =>
    (match?.openApi ?? []).map((code) => [code.toLowerCase(), ours as RefusalCode] as const),
  )
  .sort(([one], [other]) => other.length - one.length);

/** A TLS fault that waiting does not cure: somebody else's certificate, or no TLS at all. Node's and OpenSSL's codes. */
const TLS_FAULT = /^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|EPROTO$)/;
export const isTlsFault = (code: string): boolean => TLS_FAULT.test(code);

/** Code of a reply that is longer than the transport accepts. @see aliyun/transport/transport.ts */
const REPLY_TOO_LONG = "EMSGSIZE";

/** The entry that a service's code means; undefined for a code that is not in the catalogue. */
export const codeOfService = (code: string): RefusalCode | undefined =>
  CODES.find(([known]) => code.toLowerCase().startsWith(known))?.[1];

/**
 * Turns what a call of RDS, RAM or STS threw into an error of the catalogue. It reads the shapes of
 * @alicloud/openapi-core 1.0.8 (observed by running it), which aliyun/rpc/ keeps: a refusal has `code`, `statusCode` and
 * `data`; a time-out is named RequestTimeoutError; an HTML page is a bare SyntaxError without a status; a dropped
 * connection is an Error with Node's `code`.
 */
export function fromServiceError(
  cause: unknown,
  context: { operation: string; subject?: string; host?: string; resource?: string },
): MigrationError {
  if (isMigrationError(cause)) return cause;
  const error = readError(cause);
  const host = context.host ?? "the service";
  const { operation, subject, resource } = context;
  if (error.answer.code !== undefined && error.answer.status !== undefined) {
    const found = codeOfService(error.answer.code);
    const fallback = error.answer.status >= 500 ? "SERVICE_FAULT" : "API_REFUSED";
    const answer = { ...error.answer, operation };
    return migrationError(found ?? fallback, { operation, subject, resource, answer }, { cause, service: answer });
  }
  const through = error.proxy === undefined ? "" : `, through ${error.proxy}`;
  if (error.nodeCode === REPLY_TOO_LONG)
    return migrationError("ANSWER_TOO_LARGE", { operation, host, said: error.message }, { cause });
  if (error.name === "RequestTimeoutError")
    return migrationError("NO_ANSWER", { operation, host, said: `time-out${through}` }, { cause });
  if (error.name === "SyntaxError" || /is mismatch, expect/.test(error.message))
    return migrationError("ANSWER_UNREADABLE", { operation, said: "not the expected JSON" }, { cause });
  const reason = (error.nodeCode ?? firstWords(error.message)) || "no reason given";
  const said = reason.startsWith("EPROXY") ? `${reason}, ${error.message}` : `${reason}${through}`;
  return migrationError(isTlsFault(reason) ? "TLS_FAILED" : "NETWORK_FAILED", { operation, host, said }, { cause });
}

const firstWords = (message: string): string =>
  redacted(message)
    .replace(/(GET|POST) <url> failed\.?$/, "")
    .slice(0, 120);

interface ReadError {
  name: string;
  message: string;
  /** `ECONNRESET`, `ENOTFOUND`, …: Node's own code, if the service sent none. */
  nodeCode?: string;
  /** The proxy of the request, for messages. */
  proxy?: string;
  answer: ServiceAnswer;
}

function readError(cause: unknown): ReadError {
  const seen = cause !== null && typeof cause === "object" ? (cause as Record<string, unknown>) : {};
  const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
  const status = typeof seen.statusCode === "number" ? seen.statusCode : undefined;
  const data = seen.data !== null && typeof seen.data === "object" ? (seen.data as Record<string, unknown>) : {};
  const message = text(seen.message) ?? (typeof cause === "string" ? cause : "");
  const said = text(data.Message);
  return {
    name: text(seen.name) ?? "Error",
    message,
    proxy: text(seen.proxy),
    nodeCode: status === undefined ? text(seen.code) : undefined,
    answer: {
      code: status === undefined ? undefined : text(seen.code),
      message: said === undefined ? undefined : redacted(said),
      status,
      requestId: text(seen.requestId) ?? text(data.RequestId),
    },
  };
}
