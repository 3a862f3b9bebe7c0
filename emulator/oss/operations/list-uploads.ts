import type { Reply } from "../../http/reply";
import { compareNames } from "../list-page";
import { bucketOf, integerParameter, type OssCall, type OssOperation, xmlReply } from "../oss-operation";
import type { Upload } from "../oss-state";
import { nameEncoding, xmlTime } from "../oss-xml";
import { uploadOf } from "./multipart-operations";

const MAX_PER_PAGE = 1000;
const MAX_PART_NUMBER = 10_000;

export const listUploadsOperations: readonly OssOperation[] = [
  {
    name: "ListMultipartUploads",
    level: "bucket",
    method: "GET",
    requires: ["uploads"],
    allows: ["prefix", "key-marker", "upload-id-marker", "max-uploads", "max-parts", "encoding-type", "delimiter"],
    answer: listUploads,
  },
  {
    name: "ListParts",
    level: "object",
    method: "GET",
    requires: ["uploadId"],
    allows: ["max-parts", "part-number-marker", "encoding-type"],
    answer: listParts,
  },
];

/**
 * Lists uploads by key, then by upload id. `upload-id-marker` is ignored without `key-marker`.
 * @see https://help.aliyun.com/en/oss/developer-reference/listmultipartuploads
 */
function listUploads(call: OssCall): Reply {
  const { name } = bucketOf(call);
  const prefix = call.params.get("prefix") ?? "";
  const delimiter = call.params.get("delimiter") ?? "";
  const keyMarker = call.params.get("key-marker") ?? "";
  const idMarker = keyMarker === "" ? "" : (call.params.get("upload-id-marker") ?? "");
  const maxUploads = integerParameter(call, "max-uploads", { from: 1, to: MAX_PER_PAGE, fallback: MAX_PER_PAGE });
  const encoding = nameEncoding(call.params.get("encoding-type"));
  const matching = [...call.store.state.uploads.values()]
    .filter((upload) => upload.bucket === name && upload.key.startsWith(prefix))
    .sort((left, right) => compareNames(left.key, right.key) || compareNames(left.uploadId, right.uploadId))
    .filter((upload) => isAfter(upload, keyMarker, idMarker));
  const folded = (upload: Upload) => {
    const at = delimiter === "" ? -1 : upload.key.indexOf(delimiter, prefix.length);
    return at < 0 ? undefined : upload.key.slice(0, at + delimiter.length);
  };
  const page = matching.slice(0, maxUploads);
  const last = page.at(-1);
  const truncated = matching.length > page.length;
  const prefixes = new Set(page.map(folded).filter((entry) => entry !== undefined));
  return xmlReply("ListMultipartUploadsResult", {
    EncodingType: encoding.element,
    Bucket: name,
    KeyMarker: encoding.name(keyMarker),
    UploadIdMarker: idMarker,
    // Also in the last page: the example of the page shows it, and the tests of the vendor's SDKs expect it.
    NextKeyMarker: encoding.name(last?.key ?? ""),
    NextUploadIdMarker: last?.uploadId ?? "",
    Delimiter: encoding.name(delimiter),
    Prefix: encoding.name(prefix),
    MaxUploads: maxUploads,
    IsTruncated: truncated,
    Upload: page
      .filter((upload) => folded(upload) === undefined)
      .map((upload) => ({
        Key: encoding.name(upload.key),
        UploadId: upload.uploadId,
        StorageClass: upload.storageClass,
        Initiated: xmlTime(upload.initiatedMs),
      })),
    CommonPrefixes: [...prefixes].map((entry) => ({ Prefix: encoding.name(entry) })),
  });
}

function isAfter({ key, uploadId }: Upload, keyMarker: string, idMarker: string): boolean {
  const order = compareNames(key, keyMarker);
  return keyMarker === "" || order > 0 || (order === 0 && idMarker !== "" && compareNames(uploadId, idMarker) > 0);
}

/** @see https://help.aliyun.com/en/oss/developer-reference/listparts */
function listParts(call: OssCall): Reply {
  const upload = uploadOf(call, "0042-00000002");
  const maxParts = integerParameter(call, "max-parts", { from: 1, to: MAX_PER_PAGE, fallback: MAX_PER_PAGE });
  const marker = integerParameter(call, "part-number-marker", { from: 0, to: MAX_PART_NUMBER, fallback: 0 });
  const encoding = nameEncoding(call.params.get("encoding-type"));
  const matching = [...upload.parts.values()]
    .sort((left, right) => left.partNumber - right.partNumber)
    .filter((part) => part.partNumber > marker);
  const page = matching.slice(0, maxParts);
  return xmlReply("ListPartsResult", {
    EncodingType: encoding.element,
    Bucket: upload.bucket,
    Key: encoding.name(upload.key),
    UploadId: upload.uploadId,
    StorageClass: upload.storageClass,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.partNumber ?? marker,
    MaxParts: maxParts,
    IsTruncated: matching.length > page.length,
    Part: page.map((part) => ({
      PartNumber: part.partNumber,
      LastModified: xmlTime(part.lastModifiedMs),
      ETag: `"${part.etag}"`,
      HashCrc64ecma: part.crc64,
      Size: part.sizeBytes,
    })),
  });
}
