import type { IncomingHttpHeaders } from "node:http";
import { headerOf } from "../http/incoming-request";
import { OssFault } from "./oss-fault";

/** Bytes `[start, end)`. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Returns the byte range of a GET; undefined for the whole object. A malformed range is ignored. So is a range beyond
 * the end of the object, unless the request sets `x-oss-range-behavior: standard` (RFC 9110). Several ranges are
 * refused.
 * @throws OssFault `InvalidRange`
 * @see https://help.aliyun.com/en/oss/user-guide/http-status-code-416
 * @see https://www.alibabacloud.com/help/en/oss/how-to-obtain-oss-resources-by-segmenting-http-range-requests
 */
export function readRange(headers: IncomingHttpHeaders, sizeBytes: number): ByteRange | undefined {
  const text = headerOf(headers, "range");
  if (text === undefined) return undefined;
  const standard = headerOf(headers, "x-oss-range-behavior") === "standard";
  if (/^bytes=.*,/.test(text)) throw new OssFault("InvalidRange");
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(text) ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const suffix = Number(last);
    if (suffix === 0 || sizeBytes === 0) return outside(standard);
    if (suffix > sizeBytes) return standard ? { start: 0, end: sizeBytes } : undefined;
    return { start: sizeBytes - suffix, end: sizeBytes };
  }
  const start = Number(first);
  const end = last === "" ? sizeBytes : Number(last) + 1;
  if (end <= start && last !== "") return undefined;
  if (start >= sizeBytes) return outside(standard);
  if (end > sizeBytes) return standard ? { start, end: sizeBytes } : undefined;
  return { start, end };
}

function outside(standard: boolean): undefined {
  if (standard) throw new OssFault("InvalidRange");
  return undefined;
}
