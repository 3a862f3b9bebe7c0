import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { readSmallBody } from "../http/incoming-request";
import type { Reply } from "../http/reply";
import { OssFault } from "./oss-fault";
import type { Bucket } from "./oss-state";
import type { OssStore } from "./oss-store";
import { checkObjectKey, type OssTarget } from "./oss-target";
import { type XmlContent, xmlDocument } from "./oss-xml";

/** The account and place that a request is served for. */
export interface OssSite {
  ownerId: string;
  /** Of the endpoint that was addressed, without `oss-`. */
  region: string;
}

/** One verified request. */
export interface OssCall {
  target: OssTarget;
  site: OssSite;
  /** Decoded query parameters; one that is empty counts as absent where it has no meaning of its own. */
  params: ReadonlyMap<string, string>;
  headers: IncomingHttpHeaders;
  body: AsyncIterable<Uint8Array>;
  nowMs: number;
  store: OssStore;
  /** What the journal says about this request. */
  detail: Record<string, string | number | boolean | undefined>;
}

/** One operation of the API: how a request is recognised and answered. */
export interface OssOperation {
  name: string;
  level: "service" | "bucket" | "object";
  method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Query parameters that tell this operation from others of its level and method. */
  requires?: readonly string[];
  /** Further parameters it understands. Any other is refused, not ignored. */
  allows?: readonly string[];
  /** Served without a signature from a bucket whose ACL is public-read. */
  anonymous?: boolean;
  answer(call: OssCall): Reply | Promise<Reply>;
}

/** XML bodies: a Complete of 10,000 parts with long quoted ETags stays below 2 MiB. */
const MAX_XML_BYTES = 4 << 20;

export async function readXmlBody(call: OssCall): Promise<string> {
  const body = await readSmallBody(call.body, MAX_XML_BYTES);
  if (body === undefined) throw new OssFault("MalformedXML", { message: "The XML document is larger than 4 MiB." });
  checkContentMd5(call.headers["content-md5"], body);
  return body.toString("utf8");
}

export function xmlReply(root: string, content: XmlContent, headers: Record<string, string> = {}): Reply {
  return { status: 200, headers: { "Content-Type": "application/xml", ...headers }, body: xmlDocument(root, content) };
}

/**
 * The bucket of a call.
 * @throws OssFault `NoSuchBucket`, `AccessDenied` (another account's, or asked at another region's endpoint)
 */
export function bucketOf(call: OssCall, { anyEndpoint = false } = {}): Bucket {
  const name = call.target.bucket ?? "";
  const bucket = call.store.state.buckets.get(name);
  if (bucket === undefined) throw new OssFault("NoSuchBucket", { extra: { BucketName: name } });
  if (bucket.ownerId !== call.site.ownerId) {
    throw new OssFault("AccessDenied", { message: "The bucket you visit is not belong to you." });
  }
  if (!anyEndpoint && bucket.region !== call.site.region) {
    throw new OssFault("AccessDenied", {
      message:
        "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
      extra: { Bucket: name, Endpoint: `oss-${bucket.region}.aliyuncs.com` },
    });
  }
  return bucket;
}

/** The object key of a call, checked. @throws OssFault `InvalidObjectName` */
export function keyOf(call: OssCall): string {
  const key = call.target.key ?? "";
  checkObjectKey(key);
  return key;
}

/** A parameter that is a number in a range; empty counts as absent. @throws OssFault `InvalidArgument` */
export function integerParameter(
  call: OssCall,
  name: string,
  { from, to, fallback }: { from: number; to: number; fallback: number },
): number {
  const text = call.params.get(name) ?? "";
  if (text === "") return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= from && value <= to)) {
    throw new OssFault("InvalidArgument", {
      message: `Argument ${name} must be an integer between ${from} and ${to}.`,
      extra: { ArgumentName: name, ArgumentValue: text },
    });
  }
  return value;
}

/** A parameter whose empty value means that it is absent. */
export function textParameter(call: OssCall, name: string): string | undefined {
  return call.params.get(name) || undefined;
}

/** @throws OssFault `InvalidDigest` when the client's Content-MD5 does not describe the body */
export function checkContentMd5(expected: string | string[] | undefined, body: Buffer | { md5: Buffer }): void {
  if (expected === undefined) return;
  const digest = Buffer.isBuffer(body) ? createHash("md5").update(body).digest() : body.md5;
  const actual = digest.toString("base64");
  if (String(expected).trim() !== actual) throw new OssFault("InvalidDigest", { extra: { ContentMD5: actual } });
}
