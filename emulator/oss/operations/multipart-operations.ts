import { createHash } from "node:crypto";
import { z } from "zod";
import { randomName } from "../../access/access-keys";
import type { Reply } from "../../http/reply";
import { bucketEncryption } from "../bucket-configuration";
import { selectCompletedParts } from "../complete-upload";
import { crc64OfSequence } from "../crc64-sequence";
import { refuseEncryption } from "../encryption";
import { checkOverwrite, encryptionHeadersOf, readObjectAttributes } from "../object-attributes";
import { OssFault } from "../oss-fault";
import {
  bucketOf,
  checkContentMd5,
  integerParameter,
  keyOf,
  type OssCall,
  type OssOperation,
  readXmlBody,
  xmlReply,
} from "../oss-operation";
import type { ObjectRecord, PartRecord, Upload } from "../oss-state";
import { nameEncoding, parseXml } from "../oss-xml";
import { checkBodyLength, TRAFFIC_LIMIT } from "./object-operations";

const MAX_PART_NUMBER = 10_000;

export const multipartOperations: readonly OssOperation[] = [
  {
    name: "InitiateMultipartUpload",
    level: "object",
    method: "POST",
    requires: ["uploads"],
    allows: ["encoding-type"],
    answer: initiate,
  },
  {
    name: "UploadPart",
    level: "object",
    method: "PUT",
    requires: ["partNumber", "uploadId"],
    allows: [TRAFFIC_LIMIT],
    answer: uploadPart,
  },
  {
    name: "CompleteMultipartUpload",
    level: "object",
    method: "POST",
    requires: ["uploadId"],
    allows: ["encoding-type"],
    answer: complete,
  },
  { name: "AbortMultipartUpload", level: "object", method: "DELETE", requires: ["uploadId"], answer: abort },
];

function initiate(call: OssCall): Reply {
  const bucket = bucketOf(call);
  const key = keyOf(call);
  checkOverwrite(call.headers, bucket.objects.get(key));
  const attributes = readObjectAttributes(call.headers, bucket, bucketEncryption(bucket));
  const encoding = nameEncoding(call.params.get("encoding-type"));
  const uploadId = randomName(32, "0123456789ABCDEF");
  call.store.commit({
    type: "uploadStarted",
    upload: { ...attributes, uploadId, bucket: bucket.name, key, initiatedMs: call.nowMs },
  });
  call.detail.uploadId = uploadId;
  return xmlReply(
    "InitiateMultipartUploadResult",
    { EncodingType: encoding.element, Bucket: bucket.name, Key: encoding.name(key), UploadId: uploadId },
    encryptionHeadersOf(attributes),
  );
}

/**
 * A part uploaded again replaces the earlier part.
 * @see https://help.aliyun.com/en/oss/developer-reference/uploadpart
 */
async function uploadPart(call: OssCall): Promise<Reply> {
  const upload = uploadOf(call, "0042-00000104");
  const { uploadId } = upload;
  refuseEncryption(call.headers);
  const partNumber = integerParameter(call, "partNumber", { from: 1, to: MAX_PART_NUMBER, fallback: Number.NaN });
  if (Number.isNaN(partNumber)) throw new OssFault("InvalidArgument", { message: "partNumber is empty." });
  checkBodyLength(call);
  const { md5, ...stored } = await call.store.blobs.store(call.body);
  call.detail.bytes = stored.sizeBytes;
  try {
    checkContentMd5(call.headers["content-md5"], { md5 });
    uploadOf(call, "0042-00000104"); // another request may have completed or aborted the upload meanwhile
  } catch (error) {
    call.store.blobs.discard([stored]);
    throw error;
  }
  const part: PartRecord = {
    ...stored,
    partNumber,
    etag: md5.toString("hex").toUpperCase(),
    lastModifiedMs: call.nowMs,
  };
  call.store.commit({ type: "partPut", uploadId, part });
  return {
    status: 200,
    headers: {
      ETag: `"${part.etag}"`,
      "Content-MD5": md5.toString("base64"),
      "x-oss-hash-crc64ecma": part.crc64,
      ...encryptionHeadersOf(upload),
    },
    body: "",
  };
}

const partEntry = z.object({ PartNumber: z.string().regex(/^\s*\d{1,6}\s*$/), ETag: z.string() });
const completeDocument = z.object({
  CompleteMultipartUpload: z.union([
    z.object({ Part: z.union([partEntry.transform((one) => [one]), z.array(partEntry)]) }),
    z.literal("").transform(() => ({ Part: [] })),
  ]),
});

async function complete(call: OssCall): Promise<Reply> {
  uploadOf(call);
  refuseEncryption(call.headers);
  const parsed = completeDocument.safeParse(parseXml(await readXmlBody(call)));
  if (!parsed.success) throw new OssFault("MalformedXML", { ec: "0042-00000205" });
  const listed = parsed.data.CompleteMultipartUpload.Part.map(({ PartNumber, ETag }) => ({
    partNumber: Number(PartNumber),
    etag: ETag.trim().replace(/^"|"$/g, ""),
  }));
  // No await between here and the commit, so that no other request can change the upload in between.
  const upload = uploadOf(call);
  const parts = selectCompletedParts(listed, upload.parts);
  const crc64 = crc64OfSequence(parts);
  checkOverwrite(call.headers, bucketOf(call).objects.get(upload.key));
  const { uploadId, bucket, key, initiatedMs: _, parts: __, ...attributes } = upload;
  const object: ObjectRecord = {
    ...attributes,
    key,
    sizeBytes: parts.reduce((sum, part) => sum + part.sizeBytes, 0),
    crc64,
    etag: multipartEtag(parts),
    lastModifiedMs: call.nowMs,
    type: "Multipart",
    segments: parts.map(({ blob, sizeBytes }) => ({ blob, sizeBytes })),
  };
  call.store.commit({ type: "uploadCompleted", uploadId, object });
  call.detail.bytes = object.sizeBytes;
  call.detail.parts = parts.length;
  const encoding = nameEncoding(call.params.get("encoding-type"));
  return xmlReply(
    "CompleteMultipartUploadResult",
    {
      EncodingType: encoding.element,
      Location: `http://${bucket}.oss-${call.site.region}.aliyuncs.com/${encoding.name(key)}`,
      Bucket: bucket,
      Key: encoding.name(key),
      ETag: `"${object.etag}"`,
    },
    { ETag: `"${object.etag}"`, "x-oss-hash-crc64ecma": crc64, ...encryptionHeadersOf(object) },
  );
}

function abort(call: OssCall): Reply {
  const { uploadId } = uploadOf(call, "0042-00000002");
  call.store.commit({ type: "uploadAborted", uploadId });
  return { status: 204, headers: {} };
}

/**
 * Returns the unfinished upload of a call. The EC number depends on the operation; known are those that the
 * integration tests of alibabacloud-oss-go-sdk-v2 1.5.1 print.
 * @throws OssFault `NoSuchUpload`, also for an upload of another key
 */
export function uploadOf(call: OssCall, ec?: string): Upload {
  const { name } = bucketOf(call);
  const key = keyOf(call);
  const uploadId = call.params.get("uploadId") ?? "";
  const upload = call.store.state.uploads.get(uploadId);
  if (upload === undefined || upload.bucket !== name || upload.key !== key) {
    throw new OssFault("NoSuchUpload", { ec, extra: { UploadId: uploadId } });
  }
  return upload;
}

/**
 * The documents say only that this ETag is not the MD5 of the content. Observed form: 32 hex digits, `-`, number of
 * parts.
 */
function multipartEtag(parts: readonly PartRecord[]): string {
  const digest = createHash("md5")
    .update(parts.map((part) => part.etag).join(""))
    .digest("hex");
  return `${digest.toUpperCase()}-${parts.length}`;
}
