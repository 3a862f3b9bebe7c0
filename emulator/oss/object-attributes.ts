import type { IncomingHttpHeaders } from "node:http";
import { headerOf } from "../http/incoming-request";
import { type Encryption, encryptionHeaders, invalidHeader, readEncryption } from "./encryption";
import { OssFault } from "./oss-fault";
import type { Bucket, ObjectAttributes, ObjectRecord } from "./oss-state";

export const STORAGE_CLASSES = ["Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"] as const;
export type StorageClass = (typeof STORAGE_CLASSES)[number];
export const isStorageClass = (text: string): text is StorageClass => STORAGE_CLASSES.some((known) => known === text);

/** Request headers of PutObject and InitiateMultipartUpload that GET and HEAD return. */
const REPEATED_HEADERS = ["cache-control", "content-disposition", "content-encoding", "content-language", "expires"];

/**
 * Reads the object's attributes from the headers of PutObject or InitiateMultipartUpload. Storage class and encryption
 * default to the bucket's.
 * @see https://help.aliyun.com/en/oss/developer-reference/putobject
 */
export function readObjectAttributes(
  headers: IncomingHttpHeaders,
  bucket: Bucket,
  bucketEncryption: Encryption | undefined,
): ObjectAttributes {
  const storageClass = headerOf(headers, "x-oss-storage-class") ?? bucket.storageClass;
  if (!isStorageClass(storageClass)) throw invalidHeader("x-oss-storage-class", storageClass);
  const repeated: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headerOf(headers, name);
    if (value !== undefined && (REPEATED_HEADERS.includes(name) || name.startsWith("x-oss-meta-"))) {
      repeated[name] = value;
    }
  }
  return {
    contentType: headerOf(headers, "content-type") || "application/octet-stream",
    headers: repeated,
    storageClass,
    ...encryptionAttributes(readEncryption(headers) ?? bucketEncryption),
  };
}

function encryptionAttributes(encryption: Encryption | undefined): Partial<ObjectAttributes> {
  if (encryption === undefined) return {};
  const { algorithm, keyId, dataEncryption } = encryption;
  return { serverSideEncryption: algorithm, kmsKeyId: keyId, kmsDataEncryption: dataEncryption };
}

/** The reply headers with the encryption; empty when the object is not encrypted. */
export function encryptionHeadersOf(attributes: ObjectAttributes): Record<string, string> {
  const { serverSideEncryption: algorithm, kmsKeyId: keyId, kmsDataEncryption: dataEncryption } = attributes;
  return encryptionHeaders(algorithm === undefined ? undefined : { algorithm, keyId, dataEncryption });
}

/**
 * Applies `x-oss-forbid-overwrite` of PutObject, InitiateMultipartUpload and CompleteMultipartUpload.
 * @throws OssFault `FileAlreadyExists`
 */
export function checkOverwrite(headers: IncomingHttpHeaders, existing: ObjectRecord | undefined): void {
  const forbid = (headerOf(headers, "x-oss-forbid-overwrite") ?? "false").toLowerCase();
  if (forbid !== "true" && forbid !== "false") throw invalidHeader("x-oss-forbid-overwrite", forbid);
  if (forbid === "true" && existing !== undefined) {
    throw new OssFault("FileAlreadyExists", { extra: { ObjectName: existing.key } });
  }
}
