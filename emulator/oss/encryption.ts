import type { IncomingHttpHeaders } from "node:http";
import { headerOf } from "../http/incoming-request";
import { OssFault } from "./oss-fault";

export const ENCRYPTIONS = ["AES256", "KMS", "SM4"] as const;
export const isEncryption = (text: string) => ENCRYPTIONS.some((known) => known === text);

/** Server-side encryption of an object, or of new objects in a bucket. */
export interface Encryption {
  /** `AES256`, `KMS` or `SM4`. */
  algorithm: string;
  /** The KMS key; without one, objects get the account's default key. */
  keyId?: string;
  /** The algorithm of the data with KMS: `SM4`, or AES256 when undefined. */
  dataEncryption?: string;
}

/** The key of objects that are encrypted with KMS when no key is named. */
const DEFAULT_KMS_KEY = "00000000-0000-4000-8000-000000000000";

const HEADER = "x-oss-server-side-encryption";
const KEY_HEADER = "x-oss-server-side-encryption-key-id";
const DATA_HEADER = "x-oss-server-side-data-encryption";
export const ENCRYPTION_HEADERS = [HEADER, KEY_HEADER, DATA_HEADER];

/**
 * Reads the encryption that PutBucket, PutObject and InitiateMultipartUpload set; undefined without the headers. Without
 * KMS, the algorithm of the data has no effect, as test_put_object_with_encryption of oss2 2.19.1 shows.
 * @throws OssFault `InvalidArgument`
 */
export function readEncryption(headers: IncomingHttpHeaders): Encryption | undefined {
  const algorithm = headerOf(headers, HEADER);
  const keyId = headerOf(headers, KEY_HEADER);
  const dataEncryption = headerOf(headers, DATA_HEADER);
  if (algorithm !== undefined && !isEncryption(algorithm)) throw invalidHeader(HEADER, algorithm);
  if (keyId !== undefined && algorithm !== "KMS") throw invalidHeader(KEY_HEADER, keyId);
  if (dataEncryption !== undefined && dataEncryption !== "SM4") throw invalidHeader(DATA_HEADER, dataEncryption);
  if (algorithm === undefined) return undefined;
  return { algorithm, keyId, dataEncryption: algorithm === "KMS" ? dataEncryption : undefined };
}

/**
 * The parts of an upload have the encryption of the upload, see test_multipart_upload of oss2 2.19.1.
 * @throws OssFault `InvalidArgument` when UploadPart or CompleteMultipartUpload sets another
 */
export function refuseEncryption(headers: IncomingHttpHeaders): void {
  for (const name of ENCRYPTION_HEADERS) {
    const value = headerOf(headers, name);
    if (value !== undefined) throw invalidHeader(name, value);
  }
}

/** The reply headers of an object or upload; empty when it is not encrypted. */
export function encryptionHeaders(encryption: Encryption | undefined): Record<string, string> {
  if (encryption === undefined) return {};
  const { algorithm, keyId, dataEncryption } = encryption;
  return {
    [HEADER]: algorithm,
    ...(algorithm === "KMS" ? { [KEY_HEADER]: keyId ?? DEFAULT_KMS_KEY } : {}),
    ...(dataEncryption === undefined ? {} : { [DATA_HEADER]: dataEncryption }),
  };
}

export function invalidHeader(name: string, value: string): OssFault {
  return new OssFault("InvalidArgument", {
    message: `no such value of ${name}`,
    extra: { ArgumentName: name, ArgumentValue: value },
  });
}
