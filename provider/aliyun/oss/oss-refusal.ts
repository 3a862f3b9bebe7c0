import ms from "ms";
import { type MigrationError, migrationError } from "../../errors/migration-error";
import { isTlsFault } from "../../errors/service-error";
import type { ServiceAnswer } from "../../errors/service-fault";
import { REPLY_TOO_LONG } from "../transport/transport";
import { describeFault, type OssFault, withoutFinalStop } from "./oss-fault";

export interface CallTarget {
  bucket: string;
  key?: string;
  endpointUrl: string;
}

/** The RAM action that each call needs. Documented: OSS, RAM policies, actions. */
export const RAM_ACTIONS = {
  GetBucketInfo: "oss:GetBucketInfo",
  ListObjectsV2: "oss:ListObjects",
  HeadObject: "oss:GetObject",
  GetObject: "oss:GetObject",
  PutObject: "oss:PutObject",
  DeleteObject: "oss:DeleteObject",
  ListMultipartUploads: "oss:ListMultipartUploads",
  ListParts: "oss:ListParts",
  InitiateMultipartUpload: "oss:PutObject",
  UploadPart: "oss:PutObject",
  CompleteMultipartUpload: "oss:PutObject",
  AbortMultipartUpload: "oss:AbortMultipartUpload",
} as const;
export type OssOperation = keyof typeof RAM_ACTIONS;

const WRONG_ENDPOINT = /specified endpoint|custom domain/i;

/** The catalogue error for a call that OSS or the network refused permanently. */
export function refusal(fault: OssFault, operation: OssOperation, target: CallTarget): MigrationError {
  const { code, message, status, requestId } = fault.facts;
  const service: ServiceAnswer = { operation, code, message, status, requestId };
  const context = { cause: fault, service };
  const call = { operation, target: `oss://${target.bucket}${target.key === undefined ? "" : `/${target.key}`}` };
  const answer = `${withoutFinalStop(message)}${replyIdOf(fault)}`;
  if (isTlsFault(code)) {
    return migrationError(
      "OSS_TLS_FAILED",
      { ...call, endpoint: target.endpointUrl, fault: `${code}, ${answer}` },
      context,
    );
  }
  if (code === REPLY_TOO_LONG) {
    const host = new URL(target.endpointUrl).host;
    return migrationError("ANSWER_TOO_LARGE", { operation, host, said: withoutFinalStop(message) }, context);
  }
  if (fault.facts.kind === "unreadable") {
    const values = { ...call, status: status === undefined ? code : `HTTP ${status}`, beginning: answer };
    return migrationError("OSS_REPLY_UNREADABLE", values, context);
  }
  switch (code) {
    case "NoSuchBucket":
      return migrationError("OSS_NO_SUCH_BUCKET", { bucket: target.bucket }, context);
    case "SecondLevelDomainForbidden":
      return migrationError("OSS_WRONG_ENDPOINT", { ...call, endpoint: target.endpointUrl, answer }, context);
    case "AccessDenied":
      if (WRONG_ENDPOINT.test(message)) {
        return migrationError("OSS_WRONG_ENDPOINT", { ...call, endpoint: target.endpointUrl, answer }, context);
      }
      return migrationError("OSS_ACCESS_DENIED", { ...call, action: RAM_ACTIONS[operation], answer }, context);
    case "SecurityTokenExpired":
      return migrationError("OSS_CREDENTIALS_EXPIRED", call, context);
    case "InvalidAccessKeyId":
    case "SignatureDoesNotMatch":
    case "InvalidSecurityToken":
      return migrationError("OSS_CREDENTIALS_REFUSED", { ...call, code, answer }, context);
    case "RequestTimeTooSkewed":
      return migrationError("OSS_CLOCK_SKEWED", { ...call, answer }, context);
    case "FileImmutable":
      return migrationError("OSS_OBJECT_RETAINED", { ...call, answer }, context);
    case "UserDisable":
      return migrationError("OSS_ACCOUNT_DISABLED", { ...call, answer }, context);
    default:
      return migrationError("OSS_REFUSED", { ...call, code, answer }, context);
  }
}

/** The catalogue error for a temporary fault that lasted longer than the retry budget. */
export function unavailable(
  fault: OssFault,
  operation: OssOperation,
  target: CallTarget,
  waitedMs: number,
): MigrationError {
  const { code, message, status, requestId } = fault.facts;
  return migrationError(
    "OSS_UNAVAILABLE",
    {
      operation,
      target: `oss://${target.bucket}${target.key === undefined ? "" : `/${target.key}`}`,
      minutes: ms(Math.max(1000, Math.round(waitedMs / 1000) * 1000), { long: true }),
      last: `${describeFault(fault)}${replyIdOf(fault)}`,
    },
    { cause: fault, service: { operation, code, message, status, requestId } },
  );
}

/** ` (HTTP 403, RequestId …)`, which Alibaba Cloud's support needs. Empty without a reply. */
function replyIdOf({ facts: { status, requestId } }: OssFault): string {
  if (status === undefined) return "";
  return requestId === undefined ? ` (HTTP ${status})` : ` (HTTP ${status}, RequestId ${requestId})`;
}
