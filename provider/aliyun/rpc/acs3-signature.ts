import { createHash, createHmac } from "node:crypto";
import type { Credentials } from "../object-store";

const ALGORITHM = "ACS3-HMAC-SHA256";

/** A call of Alibaba Cloud's RPC style before it is signed: all parameters are in the query, the body is empty. */
export interface UnsignedCall {
  method: "POST";
  /** With its port, if it has one: the `Host` header is signed. */
  host: string;
  /** For example `2014-08-15`. */
  version: string;
  /** For example `DescribeDatabases`. */
  action: string;
  query: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; the services refuse a time that is more than 15 minutes off. */
  nowMs: number;
  /** Unique for each request: the services refuse a second use within 15 minutes. */
  nonce: string;
}

export interface SignedCall {
  /** The canonical query: sent as it is signed, so that both sides read the same bytes. */
  query: string;
  headers: Record<string, string>;
}

/**
 * Signs a call with ACS3-HMAC-SHA256. Every header it returns is signed, apart from `authorization` itself.
 * @see https://help.aliyun.com/en/sdk/product-overview/v3-request-structure-and-signature
 */
export function signAcs3(call: UnsignedCall, credentials: Credentials): SignedCall {
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const query = canonicalQuery(call.query);
  const bodyHash = sha256Hex("");
  const headers: Record<string, string> = {
    host: call.host,
    "x-acs-action": call.action,
    "x-acs-content-sha256": bodyHash,
    "x-acs-date": `${new Date(call.nowMs).toISOString().slice(0, 19)}Z`,
    ...(securityToken ? { "x-acs-security-token": securityToken } : {}),
    "x-acs-signature-nonce": call.nonce,
    "x-acs-version": call.version,
  };
  const names = Object.keys(headers).sort();
  const signedHeaders = names.join(";");
  const canonicalHeaders = names.map((name) => `${name}:${headers[name]?.trim()}\n`).join("");
  const canonicalRequest = [call.method, "/", query, canonicalHeaders, signedHeaders, bodyHash].join("\n");
  const signature = createHmac("sha256", accessKeySecret)
    .update(`${ALGORITHM}\n${sha256Hex(canonicalRequest)}`)
    .digest("hex");
  const authorization = `${ALGORITHM} Credential=${accessKeyId},SignedHeaders=${signedHeaders},Signature=${signature}`;
  return { query, headers: { ...headers, authorization } };
}

function canonicalQuery(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join("&");
}

/** RFC 3986: everything but unreserved characters, of which `encodeURIComponent` leaves five more. */
const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const sha256Hex = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");
