import type { ErrorCode } from "./catalogue";
import { isMigrationError, type MigrationError, migrationError, type ServiceAnswer } from "./migration-error";
import { redacted } from "./redacted";
import type { ServiceFault } from "./service-fault";

/** Codes whose entry takes a {@link ServiceFault}. */
type RefusalCode = {
  [C in ErrorCode]: Parameters<typeof migrationError<C>>[1] extends ServiceFault ? C : never;
}[ErrorCode];

/**
 * A service's code to ours; the first that fits. Two families of names exist for the same faults of CreateMigrateTask
 * (`IncorrectDBInstanceState` and `InvalidInstanceState`), and the order matters where one is the beginning of another.
 * @see help.aliyun.com/document_detail/64559.html, the page of 2018 and today's
 */
const CODES: readonly [RegExp, RefusalCode][] = [
  [/^InvalidDBInstance(Id|Name)\.NotFound$|^InvalidDBInstanceId$/, "INSTANCE_NOT_FOUND"],
  [/^InvalidDBName\.NotFound$|^InvalidDBName\.Duplicate$/, "API_DB_NAME_TAKEN"],
  [/^InvalidDBName/, "API_DB_NAME"],
  [/^(IncorrectDBInstanceState|InvalidInstanceState)/, "API_INSTANCE_STATE"],
  [/^(IncorrectDBInstanceType|InvalidInstanceType)/, "API_INSTANCE_TYPE"],
  [/^(IncorrectDBInstanceLockMode|InvalidInstanceLockMode)/, "API_LOCK_MODE"],
  [/^(IncorrectDBType|InvalidDBType)/, "API_DB_TYPE"],
  [/^(IncorrectDBState|InvalidDBState)/, "API_DB_STATE"],
  [/^(UploadLimitExceeded|ExceedUploadTime|UploadTimesQuotaExceeded)/, "API_DAILY_LIMIT_DATABASE"],
  [/^ConcurrentTaskExceeded/, "API_DAILY_LIMIT_INSTANCE"],
  [/^(IncorrectFileExtension|InvalidFile)/, "API_FILE_EXTENSION"],
  [/^InvalidO(ss|SS)U(rl|RL)/, "API_OSS_URL"],
  [/^BakFileSizeExceeded/, "API_BAK_TOO_LARGE"],
  [/^(FileSizeExceeded|ExceedDiskSize)/, "API_NO_SPACE"],
  [/^Engine(Version)?NotSupported/, "API_ENGINE_NOT_SUPPORTED"],
  [/^InvalidAccessKeyId/, "ACCESS_KEY_UNKNOWN"],
  [/^(IncompleteSignature|SignatureDoesNotMatch|InvalidSignature)/, "SIGNATURE_REFUSED"],
  [/^InvalidSecurityToken|^SecurityTokenExpired/, "TOKEN_EXPIRED"],
  [/^(Forbidden|NoPermission|AccessDenied|UnauthorizedOperation)/, "NOT_AUTHORIZED"],
  [/^InvalidTimeStamp|^IllegalTimestamp|^RequestTimeTooSkewed/, "CLOCK_SKEWED"],
  [/^Throttling|^QpsLimitExceeded/, "THROTTLED"],
  [/^(InternalError|ServiceUnavailable|SystemError|InternalFailure)/, "SERVICE_FAULT"],
];

/**
 * Turns what an openapi-core client threw into an error of the catalogue. The SDK's own shapes were observed by running
 * @alicloud/openapi-core 1.0.8: a refusal has `code`, `statusCode` and `data`; a time-out is named RequestTimeoutError; an
 * HTML page is a bare SyntaxError without a status; a dropped connection an Error whose message ends with the whole URL.
 */
export function fromServiceError(
  cause: unknown,
  context: { operation: string; subject?: string; host?: string },
): MigrationError {
  if (isMigrationError(cause)) return cause;
  const error = readError(cause);
  const host = context.host ?? "the service";
  const { operation, subject } = context;
  if (error.answer.code !== undefined && error.answer.status !== undefined) {
    const found = CODES.find(([pattern]) => pattern.test(error.answer.code ?? ""))?.[1];
    const fallback = error.answer.status >= 500 ? "SERVICE_FAULT" : "API_REFUSED";
    const answer = { ...error.answer, operation };
    return migrationError(found ?? fallback, { operation, subject, answer }, { cause, service: answer });
  }
  if (error.name === "RequestTimeoutError")
    return migrationError("NO_ANSWER", { operation, host, said: "time-out" }, { cause });
  if (error.name === "SyntaxError" || /is mismatch, expect/.test(error.message))
    return migrationError("ANSWER_UNREADABLE", { operation, said: "not the expected JSON" }, { cause });
  const said = (error.nodeCode ?? firstWords(error.message)) || "no reason given";
  return migrationError("NETWORK_FAILED", { operation, host, said }, { cause });
}

const firstWords = (message: string): string =>
  redacted(message)
    .replace(/(GET|POST) <url> failed\.?$/, "")
    .slice(0, 120);

interface ReadError {
  name: string;
  message: string;
  /** `ECONNRESET`, `ENOTFOUND`, …: Node's own, where the service has none. */
  nodeCode?: string;
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
    nodeCode: status === undefined ? text(seen.code) : undefined,
    answer: {
      code: status === undefined ? undefined : text(seen.code),
      message: said === undefined ? undefined : redacted(said),
      status,
      requestId: text(seen.requestId) ?? text(data.RequestId),
    },
  };
}
