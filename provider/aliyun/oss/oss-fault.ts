import { isTlsFault } from "../../errors/service-error";
import type { ReplyHeaders } from "../transport/transport";

/**
 * What can be done about a call that failed:
 * - `passes`: the same call, later;
 * - `unreadable`: a reply that was not one of OSS; a few more tries, because a proxy may only stutter;
 * - `clockSkew`: the same call with the service's time;
 * - `credentials`: the same call with newer credentials;
 * - `refused`: nothing, the answer would be the same.
 */
export const FAULT_KINDS = ["passes", "unreadable", "clockSkew", "credentials", "refused"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A call to OSS that failed, in the service's or the network's own words. */
export interface FaultFacts {
  kind: FaultKind;
  /** HTTP status; undefined when no reply arrived. */
  status?: number;
  /** OSS's error code, or Node's code of a network fault. */
  code: string;
  message: string;
  requestId?: string;
  ecCode?: string;
  /** How long the service asks to wait. */
  retryAfterMs?: number;
  /** The service's own time when it answered. */
  serverTimeMs?: number;
}

export class OssFault extends Error {
  override readonly name = "OssFault";
  constructor(
    readonly operation: string,
    readonly facts: FaultFacts,
    cause?: unknown,
  ) {
    super(`${operation}: ${facts.status ?? "no reply"} ${facts.code}: ${facts.message}`, { cause });
    this.stack = ""; // it becomes the cause of errors that the provider's host prints, paths and all
  }
}

/** Whether the fault is OSS's answer `code`. */
export const isFault = (error: unknown, ...codes: string[]): error is OssFault =>
  error instanceof OssFault && codes.includes(error.facts.code);

/** Codes of a 4xx that a later call may not meet. Documented: OSS error responses; the vendor's SDKs retry the same. */
const PASSING_CODES = new Set(["RequestTimeout", "OperationAborted", "InternalError", "ServiceBusy", "Busy"]);
const EXPIRED_CODES = new Set(["SecurityTokenExpired", "InvalidSecurityToken", "InvalidAccessKeyId"]);

/** Bytes that are no HTTP, a tunnel that a proxy does not open, a reply without end: somebody else is answering. */
const FOREIGN_REPLY = /^(HPE_|EPROXYREFUSED$|EMSGSIZE$)/;

/** Judges a call that got no whole reply. */
export function classifyNetworkFault(code: string, message: string): FaultFacts {
  const kind = isTlsFault(code) ? "refused" : FOREIGN_REPLY.test(code) ? "unreadable" : "passes";
  return { kind, code, message };
}

/** Judges a reply that is not the wanted one. `code` and `message` are those of OSS's XML, undefined where there was none. */
export function classifyReply(reply: {
  status: number;
  headers: ReplyHeaders;
  body: Uint8Array;
  code?: string;
  message?: string;
  ecCode?: string;
}): FaultFacts {
  const { status, headers, code, message, ecCode } = reply;
  return {
    kind: checkStatus(status, code, reply.body.length === 0 && header(headers, "x-oss-request-id") !== undefined),
    status,
    code: code ?? `HTTP ${status}`,
    message: message ?? beginningOf(reply.body),
    requestId: header(headers, "x-oss-request-id"),
    ecCode: ecCode ?? header(headers, "x-oss-ec"),
    retryAfterMs: retryAfter(headers),
    serverTimeMs: timeOf(header(headers, "date")),
  };
}

function checkStatus(status: number, code: string | undefined, isFromOss: boolean): FaultKind {
  if (code === "RequestTimeTooSkewed") return "clockSkew";
  if (code !== undefined && EXPIRED_CODES.has(code)) return "credentials";
  if (code !== undefined && PASSING_CODES.has(code)) return "passes";
  if (status === 408 || status === 429 || (status >= 500 && status !== 501)) return "passes";
  // A HEAD has no body, so its code may be missing; whether OSS itself answered, the request id tells.
  if (code === undefined && (status < 300 || !isFromOss)) return "unreadable";
  return "refused";
}

function header(headers: ReplyHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}

/** `Retry-After` in either of its forms, seconds or a date. @see RFC 9110, 10.2.3 */
function retryAfter(headers: ReplyHeaders): number | undefined {
  const text = header(headers, "retry-after");
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const until = timeOf(text);
  const now = timeOf(header(headers, "date"));
  return until === undefined || now === undefined ? undefined : Math.max(0, until - now);
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/** The first words of a reply that is no XML of OSS, on one line and without query strings, which may hold signatures. */
export function beginningOf(body: Uint8Array): string {
  const text = Buffer.from(body.subarray(0, 400)).toString("utf8");
  const words = text
    .replace(/<[^>]*>/g, " ")
    .replace(/\?\S*/g, "?…")
    .replace(/[\s\p{C}]+/gu, " ")
    .trim();
  return words === "" ? "an empty body" : words.slice(0, 160);
}
