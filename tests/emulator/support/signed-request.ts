import * as http from "node:http";
import { canonicalRequestsV4, signV4, type V4SignatureFields } from "../../../emulator/access/oss-v4-signature";
import type { Emulator } from "../../../emulator/emulator";
import { percentEncode, percentEncodePath } from "../../../emulator/http/percent-encoding";

/** The members of an emulator that signing and addressing need. */
export type Addressable = Pick<Emulator, "port" | "bucket" | "region" | "accessKeyId" | "accessKeySecret">;

export interface RawRequest {
  method: string;
  bucket?: string;
  key?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array | string;
  /** The request target as sent; the signature still covers bucket and key. */
  target?: string;
  /** Time of the signature. @default now */
  signedAtMs?: number;
  /** Sends the time in the Date header instead of `x-oss-date`, as aliyun-oss-go-sdk does. */
  withDateHeader?: boolean;
}

export interface RawReply {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
  text: string;
}

/**
 * Sends one OSS request signed with V4, for requests that no SDK sends. It uses the emulator's signer, which
 * oss-signatures.test.ts compares with the SDKs.
 */
export function signedRequest(emulator: Addressable, request: RawRequest): Promise<RawReply> {
  const { method, bucket = emulator.bucket, key, query = {}, body } = request;
  const signedAt = new Date(request.signedAtMs ?? Date.now());
  const iso = signedAt.toISOString().replace(/[-:]|\.\d+/g, "");
  const dateTime = request.withDateHeader ? signedAt.toUTCString() : iso;
  const headers: Record<string, string> = {
    ...Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
    [request.withDateHeader ? "date" : "x-oss-date"]: dateTime,
    "x-oss-content-sha256": "UNSIGNED-PAYLOAD",
  };
  const fields: V4SignatureFields = {
    accessKeyId: emulator.accessKeyId,
    scopeDate: iso.slice(0, 8),
    region: emulator.region,
    product: "oss",
    dateTime,
    additionalHeaders: [],
    signature: "",
  };
  const pairs = Object.entries(query);
  const signed = { method, bucket: bucket === "" ? undefined : bucket, key, query: pairs, headers };
  const [canonical = ""] = canonicalRequestsV4(signed, fields);
  const scope = `${emulator.accessKeyId}/${fields.scopeDate}/${fields.region}/oss/aliyun_v4_request`;
  headers.authorization = `OSS4-HMAC-SHA256 Credential=${scope},Signature=${signV4(emulator.accessKeySecret, fields, canonical)}`;
  const search = pairs
    .map(([name, value]) => `${percentEncode(name)}${value === "" ? "" : `=${percentEncode(value)}`}`)
    .join("&");
  const path = bucket === "" ? "/" : percentEncodePath(`/${bucket}/${key ?? ""}`);
  const target = request.target ?? `${path}${search === "" ? "" : `?${search}`}`;
  return send(emulator, { method, target, headers, body });
}

/** Sends one request exactly as given. Rejects when the connection breaks. */
export function send(
  emulator: Pick<Emulator, "port">,
  {
    method,
    target,
    headers = {},
    body,
  }: { method: string; target: string; headers?: http.OutgoingHttpHeaders; body?: Uint8Array | string },
): Promise<RawReply> {
  const length =
    body === undefined || headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined
      ? {}
      : { "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: "127.0.0.1",
        port: emulator.port,
        method,
        path: target,
        headers: { ...headers, ...length },
        agent: false,
      },
      (reply) => {
        const chunks: Buffer[] = [];
        reply.on("data", (chunk: Buffer) => chunks.push(chunk));
        reply.on("error", reject);
        reply.on("end", () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: bytes, text: bytes.toString("utf8") });
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** Returns the code of an OSS error document. */
export function codeOf(reply: RawReply): string | undefined {
  const header = reply.headers["x-oss-err"];
  const document = typeof header === "string" ? Buffer.from(header, "base64").toString("utf8") : reply.text;
  return /<Code>(.*?)<\/Code>/.exec(document)?.[1];
}
