import type { ServerResponse } from "node:http";
import type { Reply } from "./reply";

export interface SendOptions {
  method: string;
  requestId: string;
  /**
   * Time for the `Date` header, milliseconds since the epoch. Python's SDK drops the code of an error without `Date`.
   */
  nowMs: number;
  /** Override the reply's headers; an empty value removes a header. */
  headers: Record<string, string>;
  /** Closes the connection after this many bytes of the body. */
  truncateAfterBytes?: number;
  /** Awaited after the truncated body is sent, before the connection closes. */
  beforeTruncation?: () => Promise<void>;
  /** Flips the lowest bit of this byte of the body. */
  corruptAtByte?: number;
}

/** Sends a reply. Resolves when all bytes are passed to the socket or the connection is closed. */
export async function sendReply(response: ServerResponse, reply: Reply, options: SendOptions): Promise<void> {
  if (response.headersSent) return; // the body turned out not to be valid HTTP, and that is answered already
  const body = typeof reply.body === "function" ? reply.body(options.requestId) : reply.body;
  response.sendDate = false; // the reply has the emulator's Date
  response.writeHead(reply.status, replyHeaders(reply, body, options));
  if (options.method === "HEAD" || body === undefined) {
    response.end();
    return;
  }
  const chunks = typeof body === "string" ? [Buffer.from(body)] : body.chunks();
  let sentBytes = 0;
  for await (const intact of chunks) {
    if (response.destroyed) return;
    const chunk = corrupt(intact, sentBytes, options.corruptAtByte);
    const end = options.truncateAfterBytes;
    if (end !== undefined && sentBytes + chunk.length >= end) {
      await new Promise<void>((resolve) => response.write(chunk.subarray(0, end - sentBytes), () => resolve()));
      await options.beforeTruncation?.();
      response.destroy();
      return;
    }
    sentBytes += chunk.length;
    if (!response.write(chunk)) await waitForDrain(response);
  }
  response.end();
}

function replyHeaders(reply: Reply, body: Reply["body"], options: SendOptions): Record<string, string> {
  const headers: Record<string, string> = { ...reply.headers, Date: new Date(options.nowMs).toUTCString() };
  const head = options.method === "HEAD";
  const bodyBytes = typeof body === "object" ? body.sizeBytes : Buffer.byteLength(typeof body === "string" ? body : "");
  if (reply.status !== 204 && reply.status !== 304) {
    headers["Content-Length"] = String(reply.announcedSizeBytes ?? (head ? 0 : bodyBytes));
  }
  // A reply to HEAD has no body, so OSS sends the error document in a header. Proxies do not.
  if (head && reply.headers["x-oss-ec"] !== undefined && typeof body === "string") {
    headers["x-oss-err"] = Buffer.from(body).toString("base64");
  }
  const overridden = new Set(Object.keys(options.headers).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !overridden.has(name.toLowerCase()));
  return Object.fromEntries([...kept, ...Object.entries(options.headers).filter(([, value]) => value !== "")]);
}

function corrupt(chunk: Uint8Array, offset: number, at: number | undefined): Uint8Array {
  const index = (at ?? -1) - offset;
  if (index < 0 || index >= chunk.length) return chunk;
  return Uint8Array.from(chunk, (byte, position) => (position === index ? byte ^ 1 : byte));
}

function waitForDrain(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const proceed = () => {
      response.off("drain", proceed);
      response.off("close", proceed);
      resolve();
    };
    response.on("drain", proceed);
    response.on("close", proceed);
  });
}

/** The headers of every reply of a service. */
export function commonHeaders({ rpc, requestId }: { rpc: boolean; requestId: string }): Record<string, string> {
  return rpc
    ? { "x-acs-request-id": requestId }
    : { Server: "AliyunOSS", "x-oss-request-id": requestId, "x-oss-server-time": "1" };
}
