import type { IncomingHttpHeaders } from "node:http";
import { parseCompactTime, parseHttpDate } from "../calendar-time";
import { headerText } from "../http/header-bytes";
import { headerOf } from "../http/incoming-request";
import type { QueryPair } from "../http/request-target";
import { OssFault } from "../oss/oss-fault";
import type { OssTarget } from "../oss/oss-target";
import { xmlTime } from "../oss/oss-xml";
import type { AccessKey, AccessKeys } from "./access-keys";
import type { OssSignedRequest } from "./oss-signed-request";
import { signV1, stringToSignV1 } from "./oss-v1-signature";
import {
  canonicalRequestsV4,
  listOfHeaders,
  parseV4Authorization,
  parseV4Credential,
  signV4,
  stringToSignV4,
  type V4SignatureFields,
} from "./oss-v4-signature";
import { sameSignature } from "./signature-digest";

/** 15 minutes. @see https://help.aliyun.com/en/oss/support/0002-00000504 */
const MAX_SKEW_MS = 900_000;
/**
 * The EC number of an expired URL, which distinguishes it from other AccessDenied errors.
 * @see https://help.aliyun.com/zh/oss/user-guide/0002-00000069
 */
export const EXPIRED_URL_EC = "0002-00000069";
/** 7 days: the documented maximum of `x-oss-expires`. */
const MAX_V4_URL_SECONDS = 604_800;

export interface OssAuthenticationInput {
  method: string;
  query: readonly QueryPair[];
  headers: IncomingHttpHeaders;
  /** Possible targets of the address; the first with a matching signature is used. */
  targets: readonly OssTarget[];
  /** Region of the requested endpoint, without `oss-`. A V4 scope must contain it. */
  region: string;
  nowMs: number;
}

export interface AuthenticatedOss {
  target: OssTarget;
  /** Undefined for an anonymous request. */
  accessKeyId?: string;
}

/**
 * Verifies the signature of a request: V1 or V4, in the Authorization header or in the query.
 * OSS signatures have no nonce, so replayed requests are accepted.
 * @throws OssFault when the request has an invalid signature
 */
export function authenticateOss(input: OssAuthenticationInput, keys: AccessKeys): AuthenticatedOss {
  const authorization = headerOf(input.headers, "authorization");
  const query = new Map(input.query);
  if (authorization?.startsWith("OSS4-HMAC-SHA256")) return verifyV4Header(input, authorization, keys);
  if (authorization?.startsWith("OSS ")) return verifyV1Header(input, authorization, keys);
  if (authorization !== undefined) throw invalid("Unsupported Authorization Type", "0002-00000002");
  if (query.has("x-oss-signature-version")) return verifyV4Url(input, query, keys);
  if (query.has("OSSAccessKeyId")) return verifyV1Url(input, query, keys);
  const [target = {}] = input.targets;
  return { target };
}

function verifyV1Header(input: OssAuthenticationInput, authorization: string, keys: AccessKeys): AuthenticatedOss {
  const [, accessKeyId, signature] = /^OSS ([^:]+):(.+)$/.exec(authorization) ?? [];
  if (accessKeyId === undefined || signature === undefined) throw invalid("Authorization header is invalid.");
  const date = headerOf(input.headers, "x-oss-date") ?? headerOf(input.headers, "date");
  const dateMs = date === undefined ? Number.NaN : parseHttpDate(date);
  if (date === undefined || Number.isNaN(dateMs)) {
    throw new OssFault("AccessDenied", { message: "OSS authentication requires a valid Date." });
  }
  // Python's SDK sends the token of a V1 request as `security-token`, outside the signature.
  const token = headerOf(input.headers, "x-oss-security-token") ?? headerOf(input.headers, "security-token");
  const key = knownKey(keys, accessKeyId, token, input.nowMs);
  checkSkew(dateMs, input.nowMs);
  return matchV1(input, key, signature, date);
}

function verifyV1Url(
  input: OssAuthenticationInput,
  query: ReadonlyMap<string, string>,
  keys: AccessKeys,
): AuthenticatedOss {
  const expires = query.get("Expires") ?? "";
  if (!/^\d{1,12}$/.test(expires)) throw invalid("Invalid date (should be seconds since epoch): Expires");
  const key = knownKey(keys, query.get("OSSAccessKeyId") ?? "", query.get("security-token"), input.nowMs);
  const outcome = matchV1(input, key, query.get("Signature") ?? "", expires);
  checkUrlExpiry(Number(expires) * 1000, input.nowMs);
  return outcome;
}

function matchV1(input: OssAuthenticationInput, key: AccessKey, signature: string, date: string): AuthenticatedOss {
  for (const target of input.targets) {
    if (sameSignature(signV1(key.accessKeySecret, signedRequest(input, target), date), signature)) {
      return { target, accessKeyId: key.accessKeyId };
    }
  }
  const [target = {}] = input.targets;
  throw new OssFault("SignatureDoesNotMatch", {
    extra: {
      OSSAccessKeyId: key.accessKeyId,
      SignatureProvided: signature,
      StringToSign: headerText(stringToSignV1(signedRequest(input, target), date)),
    },
  });
}

function verifyV4Header(input: OssAuthenticationInput, authorization: string, keys: AccessKeys): AuthenticatedOss {
  const fields = parseV4Authorization(authorization);
  if (fields === undefined) throw invalid("Authorization header is invalid.", "0002-00000213");
  if (headerOf(input.headers, "x-oss-content-sha256") !== "UNSIGNED-PAYLOAD") {
    throw invalid("Invalid x-oss-content-sha256 header: only UNSIGNED-PAYLOAD is supported.");
  }
  const key = knownKey(keys, fields.accessKeyId, headerOf(input.headers, "x-oss-security-token"), input.nowMs);
  const { dateTime, signedAtMs } = v4HeaderTime(input.headers);
  checkSkew(signedAtMs, input.nowMs);
  checkScopeDate(fields.scopeDate, signedAtMs);
  return matchV4(input, key, { ...fields, dateTime });
}

function verifyV4Url(
  input: OssAuthenticationInput,
  query: ReadonlyMap<string, string>,
  keys: AccessKeys,
): AuthenticatedOss {
  const credential = parseV4Credential(query.get("x-oss-credential") ?? "");
  const expires = Number(query.get("x-oss-expires"));
  if (query.get("x-oss-signature-version") !== "OSS4-HMAC-SHA256" || credential === undefined) {
    throw invalid("Invalid signing version or credential in query.");
  }
  if (!Number.isInteger(expires) || expires < 1 || expires > MAX_V4_URL_SECONDS) {
    throw invalid(`Invalid x-oss-expires: must be between 1 and ${MAX_V4_URL_SECONDS} seconds.`);
  }
  const dateTime = query.get("x-oss-date") ?? "";
  const additionalHeaders = listOfHeaders(query.get("x-oss-additional-headers"));
  const signature = query.get("x-oss-signature") ?? "";
  const key = knownKey(keys, credential.accessKeyId, query.get("x-oss-security-token"), input.nowMs);
  const signedAtMs = parseV4Time(dateTime);
  checkScopeDate(credential.scopeDate, signedAtMs);
  const outcome = matchV4(input, key, { ...credential, dateTime, additionalHeaders, signature });
  checkUrlExpiry(signedAtMs + expires * 1000, input.nowMs);
  return outcome;
}

function matchV4(input: OssAuthenticationInput, key: AccessKey, fields: V4SignatureFields): AuthenticatedOss {
  if (fields.product !== "oss") throw invalid("Invalid signing product in Authorization header.");
  // Clients without a region sign an empty one. Whether the service accepts it is not known, so the emulator refuses
  // it.
  if (fields.region !== input.region) {
    // test_sign_v4_no_region of oss2 2.19.1 shows the message for signed URLs.
    throw input.headers.authorization === undefined
      ? invalid("The signing region in credential is invalid.")
      : invalid("Invalid signing region in Authorization header.", "0002-00000226");
  }
  checkAdditionalHeaders(fields.additionalHeaders, input.headers);
  for (const target of input.targets) {
    for (const canonical of canonicalRequestsV4(signedRequest(input, target), fields)) {
      if (sameSignature(signV4(key.accessKeySecret, fields, canonical), fields.signature)) {
        return { target, accessKeyId: key.accessKeyId };
      }
    }
  }
  const [target = {}] = input.targets;
  const [canonical = ""] = canonicalRequestsV4(signedRequest(input, target), fields);
  throw new OssFault("SignatureDoesNotMatch", {
    extra: {
      OSSAccessKeyId: key.accessKeyId,
      SignatureProvided: fields.signature,
      StringToSign: stringToSignV4(fields, canonical),
      CanonicalRequest: headerText(canonical),
    },
  });
}

/**
 * @see https://help.aliyun.com/en/oss/user-guide/0002-00000209 no name
 * @see https://help.aliyun.com/zh/oss/user-guide/0002-00000210 an empty name
 * @see https://help.aliyun.com/en/oss/user-guide/0002-00000211 a header that the request does not have
 */
function checkAdditionalHeaders(names: readonly string[], headers: IncomingHttpHeaders): void {
  const missing = names.find((name) => headers[name] === undefined);
  if (missing === undefined) return;
  const ec = missing !== "" ? "0002-00000211" : names.length === 1 ? "0002-00000209" : "0002-00000210";
  throw invalid(`Invalid AdditionalHeaders in Authorization header: "${missing}" is not a header of the request.`, ec);
}

function signedRequest(input: OssAuthenticationInput, target: OssTarget): OssSignedRequest {
  return { method: input.method, query: input.query, headers: input.headers, ...target };
}

function knownKey(keys: AccessKeys, accessKeyId: string, token: string | undefined, nowMs: number): AccessKey {
  const key = keys.find(accessKeyId);
  // A temporary key without its token gets the same error as an unknown key.
  if (key === undefined || (key.securityToken !== undefined && token === undefined)) {
    throw new OssFault("InvalidAccessKeyId", { extra: { OSSAccessKeyId: accessKeyId } });
  }
  if (token !== undefined && token !== key.securityToken) throw new OssFault("InvalidSecurityToken");
  if (key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs) throw new OssFault("SecurityTokenExpired");
  return key;
}

function checkSkew(requestMs: number, nowMs: number): void {
  if (Math.abs(requestMs - nowMs) <= MAX_SKEW_MS) return;
  throw new OssFault("RequestTimeTooSkewed", {
    extra: {
      MaxAllowedSkewMilliseconds: MAX_SKEW_MS,
      RequestTime: xmlTime(requestMs),
      ServerTime: xmlTime(nowMs),
    },
  });
}

function checkUrlExpiry(expiresAtMs: number, nowMs: number): void {
  if (nowMs < expiresAtMs) return;
  throw new OssFault("AccessDenied", {
    message: "Request has expired.",
    ec: EXPIRED_URL_EC,
    extra: { Expires: xmlTime(expiresAtMs), ServerTime: xmlTime(nowMs) },
  });
}

/**
 * Returns the time of a V4 request: `x-oss-date`, else the unmodified Date header, as aliyun-oss-go-sdk 2.2.9 (used by
 * the alicloud provider) signs it.
 * @see https://github.com/aliyun/aliyun-oss-go-sdk/blob/v2.2.9/oss/auth.go getSignedStrV4
 */
function v4HeaderTime(headers: IncomingHttpHeaders): { dateTime: string; signedAtMs: number } {
  const ossDate = headerOf(headers, "x-oss-date");
  const date = headerOf(headers, "date");
  if (ossDate !== undefined || date === undefined) {
    const dateTime = ossDate ?? "";
    return { dateTime, signedAtMs: parseV4Time(dateTime) };
  }
  const signedAtMs = parseHttpDate(date);
  if (Number.isNaN(signedAtMs)) throw invalid("Invalid Date header: expected an HTTP date.");
  return { dateTime: date, signedAtMs };
}

function checkScopeDate(scopeDate: string, signedAtMs: number): void {
  const day = new Date(signedAtMs).toISOString().slice(0, 10).replaceAll("-", "");
  if (scopeDate !== day) throw invalid("Invalid signing date in Authorization header.");
}

function parseV4Time(text: string): number {
  const ms = parseCompactTime(text);
  if (Number.isNaN(ms)) throw invalid("Invalid x-oss-date: expected yyyymmddThhmmssZ.");
  return ms;
}

function invalid(message: string, ec?: string): OssFault {
  return new OssFault("InvalidArgument", ec === undefined ? { message } : { message, ec });
}
