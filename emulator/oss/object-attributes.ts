import type { IncomingHttpHeaders } from "node:http";
import { headerOf } from "../http/incoming-request";
import { OssFault } from "./oss-fault";
import type { Bucket, ObjectAttributes, ObjectRecord } from "./oss-state";

export const STORAGE_CLASSES = ["Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"] as const;
export type StorageClass = (typeof STORAGE_CLASSES)[number];
export const isStorageClass = (text: string): text is StorageClass => STORAGE_CLASSES.some((known) => known === text);

export const ENCRYPTIONS = ["AES256", "KMS", "SM4"] as const;
export type Encryption = (typeof ENCRYPTIONS)[number];
export const isEncryption = (text: string): text is Encryption => ENCRYPTIONS.some((known) => known === text);

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
  bucketEncryption: string | undefined,
): ObjectAttributes {
  const storageClass = headerOf(headers, "x-oss-storage-class") ?? bucket.storageClass;
  if (!isStorageClass(storageClass)) throw invalidHeader("x-oss-storage-class", storageClass);
  const encryption = headerOf(headers, "x-oss-server-side-encryption") ?? bucketEncryption;
  if (encryption !== undefined && !isEncryption(encryption)) {
    throw invalidHeader("x-oss-server-side-encryption", encryption);
  }
  const keyId = headerOf(headers, "x-oss-server-side-encryption-key-id");
  if (keyId !== undefined && encryption !== "KMS") throw invalidHeader("x-oss-server-side-encryption-key-id", keyId);
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
    serverSideEncryption: encryption,
  };
}

/** The reply header with the encryption algorithm; empty when the object is not encrypted. */
export function encryptionHeader({ serverSideEncryption }: ObjectAttributes): Record<string, string> {
  return serverSideEncryption === undefined ? {} : { "x-oss-server-side-encryption": serverSideEncryption };
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

function invalidHeader(name: string, value: string): OssFault {
  return new OssFault("InvalidArgument", {
    message: `no such value of ${name}`,
    extra: { ArgumentName: name, ArgumentValue: value },
  });
}
