import type { Reply } from "../../http/reply";
import { compareNames, listPage } from "../list-page";
import { OssFault } from "../oss-fault";
import { bucketOf, integerParameter, type OssCall, type OssOperation, textParameter, xmlReply } from "../oss-operation";
import type { ObjectRecord } from "../oss-state";
import { type NameEncoding, nameEncoding, type XmlContent, xmlTime } from "../oss-xml";
import { ownerOf } from "./bucket-operations";

const MAX_KEYS_PER_PAGE = 1000;
const COMMON_PARAMETERS = ["prefix", "delimiter", "max-keys", "encoding-type"];

/** @see https://help.aliyun.com/en/oss/developer-reference/listobjectsv2 */
export const listObjectsOperations: readonly OssOperation[] = [
  { name: "ListObjects", level: "bucket", method: "GET", allows: [...COMMON_PARAMETERS, "marker"], answer: listV1 },
  {
    name: "ListObjectsV2",
    level: "bucket",
    method: "GET",
    requires: ["list-type"],
    allows: [...COMMON_PARAMETERS, "start-after", "continuation-token", "fetch-owner"],
    answer: listV2,
  },
  {
    name: "ListObjectVersions",
    level: "bucket",
    method: "GET",
    requires: ["versions"],
    allows: [...COMMON_PARAMETERS, "key-marker", "version-id-marker"],
    answer: listVersions,
  },
];

function listV1(call: OssCall): Reply {
  const { page, content, encoding } = list(call, textParameter(call, "marker") ?? "", { withOwner: true });
  const { prefix, delimiter, maxKeys } = readListing(call);
  return xmlReply("ListBucketResult", {
    Name: call.target.bucket,
    Prefix: encoding.name(prefix),
    Marker: encoding.name(call.params.get("marker") ?? ""),
    MaxKeys: maxKeys,
    Delimiter: encoding.name(delimiter),
    EncodingType: encoding.element,
    IsTruncated: page.nextAfter !== undefined,
    NextMarker: page.nextAfter === undefined ? undefined : encoding.name(page.nextAfter),
    ...content,
  });
}

function listV2(call: OssCall): Reply {
  if (call.params.get("list-type") !== "2") throw new OssFault("InvalidArgument", { message: "list-type must be 2." });
  const token = textParameter(call, "continuation-token");
  const startAfter = textParameter(call, "start-after");
  const after = token === undefined ? (startAfter ?? "") : readToken(token);
  const { page, content, encoding } = list(call, after, { withOwner: call.params.get("fetch-owner") === "true" });
  const { prefix, delimiter, maxKeys } = readListing(call);
  return xmlReply("ListBucketResult", {
    Name: call.target.bucket,
    Prefix: encoding.name(prefix),
    StartAfter: startAfter === undefined ? undefined : encoding.name(startAfter),
    ContinuationToken: token,
    MaxKeys: maxKeys,
    Delimiter: encoding.name(delimiter),
    EncodingType: encoding.element,
    IsTruncated: page.nextAfter !== undefined,
    NextContinuationToken: page.nextAfter === undefined ? undefined : writeToken(page.nextAfter),
    KeyCount: page.names.length + page.commonPrefixes.length,
    ...content,
  });
}

/**
 * Versioning is never enabled, so each object has the single version `null`. The alicloud provider's forceDestroy calls
 * this.
 */
function listVersions(call: OssCall): Reply {
  const marker = textParameter(call, "key-marker") ?? "";
  const { page, content, encoding } = list(call, marker, {
    withOwner: true,
    each: { VersionId: "null", IsLatest: true },
  });
  const { prefix, delimiter, maxKeys } = readListing(call);
  const truncated = page.nextAfter !== undefined;
  return xmlReply("ListVersionsResult", {
    Name: call.target.bucket,
    Prefix: encoding.name(prefix),
    KeyMarker: encoding.name(marker),
    VersionIdMarker: call.params.get("version-id-marker") ?? "",
    MaxKeys: maxKeys,
    Delimiter: encoding.name(delimiter),
    EncodingType: encoding.element,
    IsTruncated: truncated,
    NextKeyMarker: page.nextAfter === undefined ? undefined : encoding.name(page.nextAfter),
    NextVersionIdMarker: truncated ? "null" : undefined,
    Version: content.Contents,
    CommonPrefixes: content.CommonPrefixes,
  });
}

function readListing(call: OssCall): { prefix: string; delimiter: string; maxKeys: number } {
  return {
    prefix: call.params.get("prefix") ?? "",
    delimiter: call.params.get("delimiter") ?? "",
    maxKeys: integerParameter(call, "max-keys", { from: 1, to: MAX_KEYS_PER_PAGE, fallback: 100 }),
  };
}

/** Returns one page and its XML; `each` is added to every object. */
function list(call: OssCall, after: string, { withOwner, each = {} }: { withOwner: boolean; each?: XmlContent }) {
  const { objects, ownerId } = bucketOf(call);
  const { prefix, delimiter, maxKeys } = readListing(call);
  const encoding = nameEncoding(call.params.get("encoding-type"));
  const names = [...objects.keys()].sort(compareNames);
  const page = listPage(names, { prefix, delimiter, after, maxEntries: maxKeys });
  const owner = withOwner ? ownerOf(ownerId) : undefined;
  const content = {
    Contents: page.names.flatMap((name) => {
      const object = objects.get(name);
      return object === undefined ? [] : [{ ...describeObject(object, encoding), ...each, Owner: owner }];
    }),
    CommonPrefixes: page.commonPrefixes.map((folded) => ({ Prefix: encoding.name(folded) })),
  };
  return { page, content, encoding };
}

function describeObject(object: ObjectRecord, encoding: NameEncoding): XmlContent {
  return {
    Key: encoding.name(object.key),
    LastModified: xmlTime(object.lastModifiedMs),
    ETag: `"${object.etag}"`,
    Type: object.type,
    Size: object.sizeBytes,
    StorageClass: object.storageClass,
  };
}

const TOKEN_PREFIX = "k:";

function writeToken(after: string): string {
  return Buffer.from(TOKEN_PREFIX + after).toString("base64");
}

function readToken(token: string): string {
  const text = Buffer.from(token, "base64").toString("utf8");
  if (!text.startsWith(TOKEN_PREFIX))
    throw new OssFault("InvalidArgument", { message: "The continuation token is invalid." });
  return text.slice(TOKEN_PREFIX.length);
}
