import { percentDecode } from "./percent-encoding";

/** One decoded query parameter. `k` and `k=` both have the value "". */
export type QueryPair = readonly [name: string, value: string];

/**
 * The target of a request line. The path stays raw: `new URL()` would turn `/b/a/../c` into `/b/c` and `//x` into a
 * host.
 */
export interface RequestTarget {
  rawPath: string;
  /** In request order. */
  query: readonly QueryPair[];
}

export interface TargetOptions {
  /** RPC calls only: Python's SDK sends `a+b` for "a b" and signs `a%20b`. In OSS a `+` is a plus. */
  plusIsSpace: boolean;
}

/** Parses a request target; undefined when a part is not percent-encoded UTF-8. */
export function parseRequestTarget(raw: string, { plusIsSpace }: TargetOptions): RequestTarget | undefined {
  // A client configured with a proxy sends the absolute form (RFC 9112, 3.2.2).
  const target = raw.replace(/^https?:\/\/[^/?]*/i, "");
  const mark = target.indexOf("?");
  const rawPath = (mark < 0 ? target : target.slice(0, mark)) || "/";
  const query: QueryPair[] = [];
  for (const part of mark < 0 ? [] : target.slice(mark + 1).split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const [rawName, rawValue] = equals < 0 ? [part, ""] : [part.slice(0, equals), part.slice(equals + 1)];
    const decode = (text: string) => percentDecode(plusIsSpace ? text.replaceAll("+", " ") : text);
    const name = decode(rawName);
    const value = decode(rawValue);
    if (name === undefined || value === undefined) return undefined;
    query.push([name, value]);
  }
  return { rawPath, query };
}
