import type { IncomingHttpHeaders } from "node:http";
import { parseIsoTime } from "../calendar-time";
import { headerOf } from "../http/incoming-request";
import { percentEncode } from "../http/percent-encoding";
import type { QueryPair } from "../http/request-target";
import { RpcFault } from "../world";
import type { AccessKey, AccessKeys } from "./access-keys";
import { hmacSha1Base64, hmacSha256, sameSignature, sha256Hex } from "./signature-digest";

/** Maximum clock difference, the same as for OSS. */
const MAX_SKEW_MS = 900_000;

export interface RpcSignedCall {
  method: string;
  rawPath: string;
  /** Decoded query parameters, in any order. */
  query: readonly QueryPair[];
  /** Decoded parameters of a form body; the HMAC-SHA1 signature covers them too. */
  form: readonly QueryPair[];
  body: Uint8Array;
  headers: IncomingHttpHeaders;
  nowMs: number;
}

/** Recent nonces. The services refuse a nonce that is used twice within 15 minutes. */
export class NonceMemory {
  private readonly seen = new Map<string, number>();

  /** @throws RpcFault `MissingSignatureNonce`, `SignatureNonceUsed` */
  use(nonce: string | undefined, nowMs: number): void {
    if (nonce === undefined || nonce === "") throw missingParameter("SignatureNonce");
    for (const [old, atMs] of this.seen) {
      if (nowMs - atMs <= 2 * MAX_SKEW_MS) break; // entries are in order of arrival
      this.seen.delete(old);
    }
    if (this.seen.has(nonce)) {
      throw new RpcFault(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
    }
    this.seen.set(nonce, nowMs);
  }
}

/**
 * Verifies ACS3-HMAC-SHA256 (header) or the older HMAC-SHA1 (parameters). Returns the access key id.
 * @throws RpcFault
 */
export function authenticateRpc(call: RpcSignedCall, keys: AccessKeys, nonces: NonceMemory): string {
  const authorization = headerOf(call.headers, "authorization");
  return authorization?.startsWith("ACS3-HMAC-SHA256")
    ? verifyAcs3(call, authorization, keys, nonces)
    : verifyHmacSha1(call, keys, nonces);
}

/** @see https://help.aliyun.com/en/sdk/product-overview/v3-request-structure-and-signature */
function verifyAcs3(call: RpcSignedCall, authorization: string, keys: AccessKeys, nonces: NonceMemory): string {
  const [, accessKeyId, signedList, signature] =
    /^ACS3-HMAC-SHA256 +Credential=([^,]+), *SignedHeaders=([^,]+), *Signature=([0-9a-f]+)$/.exec(authorization) ?? [];
  if (accessKeyId === undefined || signedList === undefined || signature === undefined) {
    throw new RpcFault(400, "IncompleteSignature", "The Authorization header does not conform to Aliyun standards.");
  }
  const key = knownKey(keys, accessKeyId, headerOf(call.headers, "x-acs-security-token"), call.nowMs);
  const payloadHash = headerOf(call.headers, "x-acs-content-sha256") ?? "";
  if (payloadHash !== sha256Hex(call.body)) {
    throw new RpcFault(400, "InvalidParameter.ContentSha256", "x-acs-content-sha256 does not match the request body.");
  }
  checkTime(headerOf(call.headers, "x-acs-date"), call.nowMs);
  const signed = signedList.split(";");
  const missing = Object.keys(call.headers).find((name) => name.startsWith("x-acs-") && !signed.includes(name));
  if (missing !== undefined || !signed.includes("host")) {
    throw new RpcFault(400, "IncompleteSignature", `The header ${missing ?? "host"} is not signed.`);
  }
  const absent = signed.find((name) => call.headers[name] === undefined);
  if (absent !== undefined) {
    throw new RpcFault(400, "IncompleteSignature", `The request does not have the signed header "${absent}".`);
  }
  const canonicalRequest = [
    call.method,
    call.rawPath,
    canonicalQuery(call.query),
    ...signed.map((name) => `${name}:${headerOf(call.headers, name) ?? ""}`),
    "",
    signedList,
    payloadHash,
  ].join("\n");
  const stringToSign = `ACS3-HMAC-SHA256\n${sha256Hex(canonicalRequest)}`;
  if (!sameSignature(hmacSha256(key.accessKeySecret, stringToSign).toString("hex"), signature)) {
    // The service's code for this signature is not documented; clients must treat this one as an invalid key.
    throw new RpcFault(
      400,
      "SignatureDoesNotMatch",
      `Specified signature does not match our calculation. server string to sign is:${stringToSign}, server canonicalRequest is:${canonicalRequest}`,
    );
  }
  nonces.use(headerOf(call.headers, "x-acs-signature-nonce"), call.nowMs);
  return accessKeyId;
}

/** @see https://help.aliyun.com/en/sdk/product-overview/rpc-mechanism */
function verifyHmacSha1(call: RpcSignedCall, keys: AccessKeys, nonces: NonceMemory): string {
  const parameters = [...call.query, ...call.form];
  const value = (name: string) => parameters.find(([known]) => known === name)?.[1];
  const accessKeyId = value("AccessKeyId");
  if (accessKeyId === undefined) {
    throw missingParameter("AccessKeyId");
  }
  if (value("SignatureMethod") !== "HMAC-SHA1" || value("SignatureVersion") !== "1.0") {
    throw new RpcFault(
      400,
      "IncompleteSignature",
      "Only SignatureMethod HMAC-SHA1, SignatureVersion 1.0 is supported.",
    );
  }
  const key = knownKey(keys, accessKeyId, value("SecurityToken"), call.nowMs);
  checkTime(value("Timestamp"), call.nowMs);
  const covered = canonicalQuery(parameters.filter(([name]) => name !== "Signature"));
  const stringToSign = `${call.method}&${percentEncode("/")}&${percentEncode(covered)}`;
  if (!sameSignature(hmacSha1Base64(`${key.accessKeySecret}&`, stringToSign), value("Signature") ?? "")) {
    // The code and the start of the message are those of the vendor's error table for a wrong secret.
    throw new RpcFault(
      400,
      "IncompleteSignature",
      `The request signature does not conform to Aliyun standards. server string to sign is:${stringToSign}`,
    );
  }
  nonces.use(value("SignatureNonce"), call.nowMs);
  return accessKeyId;
}

/** The error for a missing parameter of the protocol. @see https://developer.aliyun.com/ask/278265 */
export function missingParameter(name: string): RpcFault {
  return new RpcFault(400, `Missing${name}`, `${name} is mandatory for this action.`);
}

/** Sorted by name; empty values are signed as `k=`. */
function canonicalQuery(parameters: readonly QueryPair[]): string {
  return [...parameters]
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join("&");
}

function knownKey(keys: AccessKeys, accessKeyId: string, token: string | undefined, nowMs: number): AccessKey {
  const key = keys.find(accessKeyId);
  if (key === undefined || (key.securityToken !== undefined && token === undefined)) {
    throw new RpcFault(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
  }
  if (token !== undefined && token !== "" && token !== key.securityToken) {
    throw new RpcFault(
      400,
      "InvalidSecurityToken.MismatchWithAccessKey",
      "Specified SecurityToken mismatch with the AccessKey.",
    );
  }
  if (key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs) {
    throw new RpcFault(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.");
  }
  return key;
}

function checkTime(text: string | undefined, nowMs: number): void {
  const ms = parseIsoTime(text ?? "");
  if (Number.isNaN(ms)) {
    throw new RpcFault(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.");
  }
  if (Math.abs(ms - nowMs) > MAX_SKEW_MS) {
    throw new RpcFault(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
  }
}
