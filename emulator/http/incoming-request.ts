import type { IncomingHttpHeaders } from "node:http";
import type { QueryPair } from "./request-target";

/** One numbered request with its parsed target. Its body is not read yet. */
export interface IncomingRequest {
  /** 1-based, in order of arrival; numbering continues after a restart with the same state. */
  number: number;
  method: string;
  rawPath: string;
  query: readonly QueryPair[];
  headers: IncomingHttpHeaders;
  /** The `Host` header as sent; some SDKs send a whole URL. */
  host: string;
  /** The emulator's time for this request, milliseconds since the epoch; a fault may shift it. */
  nowMs: number;
  /** Throws `ClientGone` when the connection ends before the announced length. */
  body: AsyncIterable<Uint8Array>;
}

/** The connection ended inside a request body. The service must discard the bytes read so far. */
export class ClientGone extends Error {
  constructor() {
    super("the connection ended before the request was complete");
  }
}

/**
 * Returns a header, trimmed; several values are joined by commas. Undefined when the header is absent. Each character
 * is one byte as it was sent. `trim()` would also cut the byte A0, which ends UTF-8 characters such as "\u00e0".
 */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return (Array.isArray(value) ? value.join(",") : value)?.replace(/^[ \t]+|[ \t]+$/g, "");
}

/** Reads a whole body into memory; undefined when it is larger than `limitBytes`. */
export async function readSmallBody(body: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
