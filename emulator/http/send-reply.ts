import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Reply } from "./reply";

export interface SendOptions {
  method: string;
  requestId: string;
  /** Whole seconds of the emulator's own clock go into `Date`: without it Python loses the code of an error. */
  nowMs: number;
  headers: Record<string, string>;
  /** Ends the body and the connection after so many bytes. */
  truncateAfterBytes?: number;
  /** Flips the lowest bit of this byte of the body. */
  corruptAtByte?: number;
}

/** Sends a reply with its common headers. Resolves when it is handed over, or the connection is gone. */
export async function sendReply(response: ServerResponse, reply: Reply, options: SendOptions): Promise<void> {
  const body = typeof reply.body === "function" ? reply.body(options.requestId) : reply.body;
  const sizeBytes = typeof body === "object" ? body.sizeBytes : Buffer.byteLength(body ?? "");
  const headers: Record<string, string> = { ...reply.headers, Date: new Date(options.nowMs).toUTCString() };
  if (reply.status !== 204 && reply.status !== 304) {
    headers["Content-Length"] = String(reply.announcedSizeBytes ?? (options.method === "HEAD" ? 0 : sizeBytes));
  }
  // A HEAD reply has no body: OSS sends its error document in a header.
  if (options.method === "HEAD" && reply.status >= 400 && typeof body === "string") {
    headers["x-oss-err"] = Buffer.from(body).toString("base64");
  }
  Object.assign(headers, options.headers);
  for (const [name, value] of Object.entries(headers)) if (value === "") delete headers[name];
  response.sendDate = false;
  response.writeHead(reply.status, headers);
  if (options.method === "HEAD" || body === undefined) {
    response.end();
    return;
  }
  const chunks = typeof body === "string" ? [Buffer.from(body)] : body.chunks();
  let at = 0;
  for await (const chunk of chunks) {
    let bytes: Uint8Array = chunk;
    const { corruptAtByte, truncateAfterBytes } = options;
    if (corruptAtByte !== undefined && corruptAtByte >= at && corruptAtByte < at + bytes.length) {
      bytes = Uint8Array.from(bytes);
      bytes[corruptAtByte - at] = (bytes[corruptAtByte - at] ?? 0) ^ 1;
    }
    if (truncateAfterBytes !== undefined && at + bytes.length >= truncateAfterBytes) {
      bytes = bytes.subarray(0, truncateAfterBytes - at);
      response.write(bytes, () => response.destroy());
      return;
    }
    at += bytes.length;
    if (response.destroyed) return;
    if (!response.write(bytes)) await Promise.race([once(response, "drain"), once(response, "close")]);
  }
  response.end();
}
