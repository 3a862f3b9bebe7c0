import type { IncomingHttpHeaders } from "node:http";
import type { QueryPair } from "./request-target";

/** One numbered request, its target parsed and its body still on the wire. */
export interface IncomingRequest {
  /** 1-based and in order of arrival; survives restarts with the same state. */
  number: number;
  method: string;
  rawPath: string;
  query: readonly QueryPair[];
  headers: IncomingHttpHeaders;
  /** The `Host` header as sent; some SDKs put a whole URL there. */
  host: string;
  /** The emulator's clock as this request sees it; a fault may shift it. Milliseconds since the epoch. */
  nowMs: number;
  /** Throws `ClientGone` when the connection ends before the announced length. */
  body: AsyncIterable<Uint8Array>;
}

/** The connection ended inside a request body; whatever was read of it must be forgotten. */
export class ClientGone extends Error {
  constructor() {
    super("the connection ended before the request was complete");
  }
}

/** First value of a header, trimmed; undefined when absent. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return (Array.isArray(value) ? value.join(",") : value)?.trim();
}

/** Reads a body that is known to be small. Undefined when it is larger than `limitBytes`. */
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
