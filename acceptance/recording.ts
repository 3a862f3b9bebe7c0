import type { Transport } from "../provider/aliyun/transport/transport";
import { redacted } from "../provider/errors/redacted";

/** A reply as it came, without secrets. */
export interface RecordedReply {
  method: string;
  /** Without its query, which has the signature. */
  url: string;
  status: number;
  headers: Record<string, string>;
  /** At most 4,000 characters. */
  body: string;
}

/** Account ids and access key ids are the account's own business. */
const IDENTITIES = /\b(?:LTAI|STS\.)[A-Za-z0-9]{8,}|\b\d{16}\b/g;
const BODY_LIMIT = 4_000;
const HEADERS = ["content-type", "date", "etag", "x-oss-hash-crc64ecma", "x-oss-request-id", "x-oss-ec"];

const clean = (text: string): string => redacted(text).replace(IDENTITIES, "<id>");

/** Hands every reply that passes `transport` to `onReply`. */
export const recording = (transport: Transport, onReply: (reply: RecordedReply) => void): Transport => ({
  async send(request) {
    const reply = await transport.send(request);
    const headers = HEADERS.flatMap((name) => {
      const value = reply.headers[name];
      return value === undefined ? [] : [[name, String(value)]];
    });
    onReply({
      method: request.method,
      url: clean(request.url.split("?")[0] ?? ""),
      status: reply.status,
      headers: Object.fromEntries(headers),
      body: clean(reply.body.toString("utf8")).slice(0, BODY_LIMIT),
    });
    return reply;
  },
});
