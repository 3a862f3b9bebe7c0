import { percentDecode } from "./percent-encoding";

/** One query parameter, decoded once. `k` and `k=` both have the value "". */
export type QueryPair = readonly [name: string, value: string];

/** What a request line names. The path is the raw text: `new URL()` would turn `/b/a/../c` into `/b/c` and `//x` into a host. */
export interface RequestTarget {
  rawPath: string;
  /** In the order sent. */
  query: readonly QueryPair[];
}

export interface TargetOptions {
  /** RPC calls only: Python's SDK sends `a+b` for "a b" and signs `a%20b`. In OSS a `+` is a plus. */
  plusIsSpace: boolean;
}

/** Undefined when a part is not percent-encoded UTF-8. */
export function parseRequestTarget(raw: string, { plusIsSpace }: TargetOptions): RequestTarget | undefined {
  // A client that believes it talks to a proxy sends the absolute form (RFC 9112, 3.2.2).
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
