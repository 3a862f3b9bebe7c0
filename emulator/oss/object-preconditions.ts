import type { IncomingHttpHeaders } from "node:http";
import { parseHttpDate } from "../calendar-time";
import { headerOf } from "../http/incoming-request";
import type { ObjectRecord } from "./oss-state";

export type PreconditionFailure = { kind: "notModified" } | { kind: "failed"; header: string };

/**
 * Evaluates If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since.
 * @see https://help.aliyun.com/en/oss/developer-reference/getobject
 */
export function preconditionFailure(
  headers: IncomingHttpHeaders,
  object: Pick<ObjectRecord, "etag" | "lastModifiedMs">,
): PreconditionFailure | undefined {
  const modifiedSeconds = Math.floor(object.lastModifiedMs / 1000);
  const ifMatch = headerOf(headers, "if-match");
  if (ifMatch !== undefined && !matchesEtag(ifMatch, object.etag)) return { kind: "failed", header: "If-Match" };
  const ifUnmodified = secondsOf(headerOf(headers, "if-unmodified-since"));
  if (ifUnmodified !== undefined && modifiedSeconds > ifUnmodified) {
    return { kind: "failed", header: "If-Unmodified-Since" };
  }
  const ifNoneMatch = headerOf(headers, "if-none-match");
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, object.etag)) return { kind: "notModified" };
  const ifModified = secondsOf(headerOf(headers, "if-modified-since"));
  if (ifModified !== undefined && modifiedSeconds <= ifModified) return { kind: "notModified" };
  return undefined;
}

function matchesEtag(header: string, etag: string): boolean {
  return header.split(",").some((entry) => entry.trim().replace(/^"|"$/g, "") === etag || entry.trim() === "*");
}

function secondsOf(date: string | undefined): number | undefined {
  const ms = date === undefined ? Number.NaN : parseHttpDate(date);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}
