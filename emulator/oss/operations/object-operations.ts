import { headerBytes } from "../../http/header-bytes";
import { headerOf } from "../../http/incoming-request";
import type { Reply } from "../../http/reply";
import { bucketEncryption } from "../bucket-configuration";
import { checkOverwrite, encryptionHeadersOf, readObjectAttributes } from "../object-attributes";
import { preconditionFailure } from "../object-preconditions";
import { readRange } from "../object-range";
import { OssFault } from "../oss-fault";
import { bucketOf, checkContentMd5, checkVersionId, keyOf, type OssCall, type OssOperation } from "../oss-operation";
import type { ObjectRecord } from "../oss-state";

/** 5 GiB, the limit of one PutObject. @see https://help.aliyun.com/en/oss/developer-reference/putobject */
const MAX_PUT_BYTES = 5 * 1024 ** 3;

/** Reply headers that GetObject lets the request override with `response-*` parameters. */
const RESPONSE_HEADERS = [
  "content-type",
  "content-language",
  "expires",
  "cache-control",
  "content-disposition",
  "content-encoding",
];
/** Signed URLs carry it as a parameter. Like the header, it has no effect here. */
export const TRAFFIC_LIMIT = "x-oss-traffic-limit";

const RESPONSE_PARAMETERS = RESPONSE_HEADERS.map((name) => `response-${name}`);

export const objectOperations: readonly OssOperation[] = [
  {
    name: "PutObject",
    level: "object",
    method: "PUT",
    allows: [TRAFFIC_LIMIT],
    anonymous: "write",
    answer: putObject,
  },
  {
    name: "GetObject",
    level: "object",
    method: "GET",
    allows: [...RESPONSE_PARAMETERS, TRAFFIC_LIMIT, "versionId"],
    anonymous: "read",
    answer: getObject,
  },
  {
    name: "HeadObject",
    level: "object",
    method: "HEAD",
    allows: ["versionId"],
    anonymous: "read",
    answer: headObject,
  },
  {
    name: "GetObjectMeta",
    level: "object",
    method: "HEAD",
    requires: ["objectMeta"],
    allows: ["versionId"],
    answer: getObjectMeta,
  },
  {
    name: "DeleteObject",
    level: "object",
    method: "DELETE",
    allows: ["versionId"],
    anonymous: "write",
    answer: deleteObject,
  },
];

async function putObject(call: OssCall): Promise<Reply> {
  const bucket = bucketOf(call);
  const key = keyOf(call);
  const attributes = readObjectAttributes(call.headers, bucket, bucketEncryption(bucket));
  checkBodyLength(call);
  checkOverwrite(call.headers, bucket.objects.get(key)); // before reading the body, to refuse early
  const stored = await call.store.blobs.store(call.body);
  call.detail.bytes = stored.sizeBytes;
  try {
    if (stored.sizeBytes > MAX_PUT_BYTES) throw new OssFault("EntityTooLarge"); // a chunked body announces no length
    checkContentMd5(call.headers["content-md5"], stored);
    checkOverwrite(call.headers, bucketOf(call).objects.get(key)); // another request may have created the object meanwhile
  } catch (error) {
    call.store.blobs.discard([stored]);
    throw error;
  }
  const object: ObjectRecord = {
    ...attributes,
    key,
    sizeBytes: stored.sizeBytes,
    crc64: stored.crc64,
    etag: stored.md5.toString("hex").toUpperCase(),
    contentMd5: stored.md5.toString("base64"),
    lastModifiedMs: call.nowMs,
    type: "Normal",
    segments: [{ blob: stored.blob, sizeBytes: stored.sizeBytes }],
  };
  call.store.commit({ type: "objectPut", bucket: bucket.name, object });
  return {
    status: 200,
    headers: {
      ETag: `"${object.etag}"`,
      "Content-MD5": stored.md5.toString("base64"),
      "x-oss-hash-crc64ecma": object.crc64,
      ...encryptionHeadersOf(object),
    },
    body: "",
  };
}

function getObject(call: OssCall): Reply {
  const object = objectOf(call);
  const refused = conditionalReply(call, object);
  if (refused !== undefined) return refused;
  if (object.storageClass !== "Standard" && object.storageClass !== "IA") {
    // Archived objects must be restored first; the emulator does not support RestoreObject.
    throw new OssFault("InvalidObjectState", { extra: { ObjectName: object.key } });
  }
  const range = readRange(call.headers, object.sizeBytes);
  const { start, end } = range ?? { start: 0, end: object.sizeBytes };
  const headers = objectHeaders(object);
  for (const name of RESPONSE_HEADERS) {
    const override = call.params.get(`response-${name}`);
    if (override !== undefined && override !== "") headers[name] = replyHeader(`response-${name}`, override);
  }
  if (range !== undefined) headers["Content-Range"] = `bytes ${start}-${end - 1}/${object.sizeBytes}`;
  call.detail.bytes = end - start;
  return {
    status: range === undefined ? 200 : 206,
    headers,
    body: { sizeBytes: end - start, chunks: () => call.store.blobs.read(object.segments, start, end) },
  };
}

function headObject(call: OssCall): Reply {
  const object = objectOf(call);
  const refused = conditionalReply(call, object);
  return refused ?? { status: 200, headers: objectHeaders(object), announcedSizeBytes: object.sizeBytes };
}

function getObjectMeta(call: OssCall): Reply {
  const object = objectOf(call);
  return {
    status: 200,
    headers: {
      ETag: `"${object.etag}"`,
      "Last-Modified": new Date(object.lastModifiedMs).toUTCString(),
      "x-oss-hash-crc64ecma": object.crc64,
    },
    announcedSizeBytes: object.sizeBytes,
  };
}

/**
 * Returns 204 whether or not the object exists.
 * @see https://help.aliyun.com/en/oss/developer-reference/deleteobject
 */
function deleteObject(call: OssCall): Reply {
  const bucket = bucketOf(call);
  const key = keyOf(call);
  checkVersionId(call);
  if (bucket.objects.has(key)) call.store.commit({ type: "objectDeleted", bucket: bucket.name, key });
  return { status: 204, headers: {} };
}

/** Returns the object of a call. @throws OssFault `NoSuchKey` */
export function objectOf(call: OssCall): ObjectRecord {
  const { objects } = bucketOf(call);
  const key = keyOf(call);
  checkVersionId(call);
  const object = objects.get(key);
  if (object === undefined) throw new OssFault("NoSuchKey", { extra: { Key: key } });
  return object;
}

function conditionalReply(call: OssCall, object: ObjectRecord): Reply | undefined {
  const failure = preconditionFailure(call.headers, object);
  if (failure === undefined) return undefined;
  if (failure.kind === "notModified") return { status: 304, headers: { ETag: `"${object.etag}"` } };
  throw new OssFault("PreconditionFailed", { extra: { Condition: failure.header } });
}

function objectHeaders(object: ObjectRecord): Record<string, string> {
  return {
    ...object.headers,
    "content-type": object.contentType,
    ETag: `"${object.etag}"`,
    "Last-Modified": new Date(object.lastModifiedMs).toUTCString(),
    "Accept-Ranges": "bytes",
    "x-oss-object-type": object.type,
    "x-oss-storage-class": object.storageClass,
    "x-oss-hash-crc64ecma": object.crc64,
    ...(object.contentMd5 === undefined ? {} : { "Content-MD5": object.contentMd5 }),
    ...encryptionHeadersOf(object),
  };
}

/** @throws OssFault `InvalidArgument` for control characters, which would end the header */
function replyHeader(name: string, text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  if (/[\x00-\x1f\x7f]/.test(text)) {
    throw new OssFault("InvalidArgument", { extra: { ArgumentName: name, ArgumentValue: text } });
  }
  return headerBytes(text);
}

/** @throws OssFault `EntityTooLarge`, `MissingContentLength` */
export function checkBodyLength(call: OssCall): void {
  const length = headerOf(call.headers, "content-length");
  const chunked = (headerOf(call.headers, "transfer-encoding") ?? "").toLowerCase().includes("chunked");
  if (length === undefined && !chunked) throw new OssFault("MissingContentLength");
  if (Number(length ?? 0) > MAX_PUT_BYTES) throw new OssFault("EntityTooLarge");
}
