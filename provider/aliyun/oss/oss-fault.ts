import { isClientFault, isTlsFault } from "../../errors/service-error";
import type { ReplyHeaders } from "../transport/transport";

/**
 * How to handle a call that failed:
 * - `passes`: temporary; retry later;
 * - `unreadable`: the reply is not from OSS; retry a few times, because a proxy may fail for a moment;
 * - `clockSkew`: retry with the service's time;
 * - `credentials`: retry with newer credentials;
 * - `refused`: permanent; do not retry.
 */
export const FAULT_KINDS = ["passes", "unreadable", "clockSkew", "credentials", "refused"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A failed call to OSS, with the code and message of the service or the network. */
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
    this.stack = ""; // the provider's host prints the causes of errors, and a stack contains paths
  }
}

/** The code and message of a fault, as part of a sentence. */
export const describeFault = ({ facts: { code, message } }: OssFault): string =>
  `${code}, ${withoutFinalStop(message)}`;

export const withoutFinalStop = (text: string): string => text.replace(/[.\s]+$/, "");

/** Whether the error is an OSS fault with one of the codes. */
export const isFault = (error: unknown, ...codes: string[]): error is OssFault =>
  error instanceof OssFault && codes.includes(error.facts.code);

/** Codes of temporary 4xx replies. Documented: OSS error responses; the vendor's SDKs retry the same codes. */
const PASSING_CODES = new Set(["RequestTimeout", "OperationAborted", "InternalError", "ServiceBusy", "Busy"]);
const EXPIRED_CODES = new Set(["SecurityTokenExpired", "InvalidSecurityToken", "InvalidAccessKeyId"]);

/** Invalid HTTP, a refused proxy tunnel, or a reply without an end: the answer is not from OSS. */
const FOREIGN_REPLY = /^(HPE_|EPROXYREFUSED$|EMSGSIZE$)/;

/** Classifies a call without a complete reply. */
export function classifyNetworkFault(code: string, message: string): FaultFacts {
  const kind = isTlsFault(code) || isClientFault(code) ? "refused" : FOREIGN_REPLY.test(code) ? "unreadable" : "passes";
  return { kind, code, message };
}

/** Classifies an error reply. `code` and `message` come from OSS's XML, undefined without it. */
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
    kind: classifyStatus(status, code, reply.body.length === 0 && header(headers, "x-oss-request-id") !== undefined),
    status,
    code: code ?? `HTTP ${status}`,
    message: message ?? firstWordsOf(reply.body),
    requestId: header(headers, "x-oss-request-id"),
    ecCode: ecCode ?? header(headers, "x-oss-ec"),
    retryAfterMs: retryAfter(headers),
    serverTimeMs: timeOf(header(headers, "date")),
  };
}

function classifyStatus(status: number, code: string | undefined, isFromOss: boolean): FaultKind {
  if (code === "RequestTimeTooSkewed") return "clockSkew";
  if (code !== undefined && EXPIRED_CODES.has(code)) return "credentials";
  if (code !== undefined && PASSING_CODES.has(code)) return "passes";
  if (status === 408 || status === 429 || (status >= 500 && status !== 501)) return "passes";
  // The reply to a HEAD has no body and maybe no code; the request id shows that OSS answered.
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

/**
 * The first words of a reply without OSS's XML, on one line and without query strings, which may contain signatures.
 */
export function firstWordsOf(body: Uint8Array): string {
  const text = Buffer.from(body.subarray(0, 400)).toString("utf8");
  const words = text
    .replace(/<[^>]*>/g, " ")
    .replace(/\?\S*/g, "?…")
    .replace(/[\s\p{C}]+/gu, " ")
    .trim();
  return words === "" ? "an empty body" : words.slice(0, 160);
}
