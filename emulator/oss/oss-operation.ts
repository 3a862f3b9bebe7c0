import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { readSmallBody } from "../http/incoming-request";
import type { Reply } from "../http/reply";
import { OssFault } from "./oss-fault";
import type { Bucket } from "./oss-state";
import type { OssStore } from "./oss-store";
import { checkObjectKey, type OssTarget } from "./oss-target";
import { decodeXmlBytes, type XmlContent, xmlDocument } from "./oss-xml";

/** The account and region of a request. */
export interface OssSite {
  ownerId: string;
  /** Region of the requested endpoint, without `oss-`. */
  region: string;
}

/** One verified request. */
export interface OssCall {
  target: OssTarget;
  site: OssSite;
  /** Decoded query parameters. Operations treat an empty value as absent unless it has a meaning. */
  params: ReadonlyMap<string, string>;
  headers: IncomingHttpHeaders;
  body: AsyncIterable<Uint8Array>;
  nowMs: number;
  store: OssStore;
  /** Details of this request for the journal. */
  detail: Record<string, string | number | boolean | undefined>;
}

/** One operation of the API: how to recognise and answer its requests. */
export interface OssOperation {
  name: string;
  level: "service" | "bucket" | "object";
  method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Query parameters that distinguish this operation from others of the same level and method. */
  requires?: readonly string[];
  /** Optional parameters. All others are refused. */
  allows?: readonly string[];
  /** Whether the operation creates a bucket that does not exist. */
  createsBucket?: boolean;
  /** What the bucket's ACL must grant everyone for unsigned requests; undefined when they are never allowed. */
  anonymous?: "read" | "write";
  answer(call: OssCall): Reply | Promise<Reply>;
}

/** Limit of XML bodies. A CompleteMultipartUpload of 10,000 parts with long quoted ETags is smaller than 2 MiB. */
const MAX_XML_BYTES = 4 << 20;

export async function readXmlBody(call: OssCall): Promise<string> {
  const body = await readSmallBody(call.body, MAX_XML_BYTES);
  if (body === undefined) throw new OssFault("MalformedXML", { message: "The XML document is larger than 4 MiB." });
  checkContentMd5(call.headers["content-md5"], body);
  return decodeXmlBytes(body);
}

export function xmlReply(root: string, content: XmlContent, headers: Record<string, string> = {}): Reply {
  return { status: 200, headers: { "Content-Type": "application/xml", ...headers }, body: xmlDocument(root, content) };
}

/**
 * Returns the bucket of a call.
 * @throws OssFault `NoSuchBucket`, `AccessDenied` (another account's bucket, or the endpoint of another region)
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

/** Returns the validated object key of a call. @throws OssFault `InvalidObjectName` */
export function keyOf(call: OssCall): string {
  const key = call.target.key ?? "";
  checkObjectKey(key);
  return key;
}

/**
 * Returns an integer parameter between `from` and `to`, or `fallback` when it is absent or empty.
 * @throws OssFault `InvalidArgument`
 */
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

/**
 * Checks `versionId`. Versioning is never enabled, so `null` is the only version of an object.
 * @throws OssFault `InvalidArgument`
 */
export function checkVersionId(call: OssCall): void {
  const versionId = call.params.get("versionId") ?? "null";
  if (versionId === "null") return;
  throw new OssFault("InvalidArgument", {
    message: "Invalid version id specified",
    extra: { ArgumentName: "versionId", ArgumentValue: versionId },
  });
}

/** Returns a parameter; undefined when it is absent or empty. */
export function textParameter(call: OssCall, name: string): string | undefined {
  return call.params.get(name) || undefined;
}

/** @throws OssFault `InvalidDigest` when the request's Content-MD5 does not match the body */
export function checkContentMd5(expected: string | string[] | undefined, body: Buffer | { md5: Buffer }): void {
  if (expected === undefined) return;
  const digest = Buffer.isBuffer(body) ? createHash("md5").update(body).digest() : body.md5;
  const actual = digest.toString("base64");
  if (String(expected).trim() !== actual) throw new OssFault("InvalidDigest", { extra: { ContentMD5: actual } });
}
