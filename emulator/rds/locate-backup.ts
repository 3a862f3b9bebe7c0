import { parseCompactTime } from "../calendar-time";
import type { ObjectReader, StoredObject } from "../world";
import { rdsFault } from "./rds-faults";

/** The backup of a CreateMigrateTask call. */
export interface LocatedBackup {
  object: StoredObject;
  /** When the signed URL expires, milliseconds since the epoch. */
  urlExpiresAtMs?: number;
}

/**
 * "In one task, the validity of the shared link must not exceed 18 hours" (full backups, 2008 R2 page), milliseconds.
 */
const MAX_URL_VALIDITY_MS = 18 * 60 * 60 * 1000;

/** The documented extensions of object names. All others are refused, including .zip. */
const BACKUP_EXTENSION = /\.(bak|diff|trn|log)$/i;

/**
 * Characters that RDS does not accept in object names: `@` and `|` (older pages), `:` (the separator of
 * OssObjectPositions), Chinese and other non-ASCII characters (FAQ), control characters.
 */
const UNUSABLE_KEY = /[@|:]|[^\x20-\x7e]/;

/**
 * Returns the object of `OssObjectPositions`, a single `endpoint:bucket:key`.
 *
 * @throws RpcFault InvalidOssUrl, IncorrectFileExtension
 */
export function locatePosition(position: string, regionId: string, objects: ObjectReader): LocatedBackup {
  const [endpoint = "", bucketName = "", ...rest] = position.split(":");
  const key = rest.join(":");
  if (endpoint === "" || bucketName === "" || key === "") {
    throw rdsFault("InvalidOssUrl", `not endpoint:bucket:key: ${position}`);
  }
  if (UNUSABLE_KEY.test(key)) throw rdsFault("InvalidOssUrl", `a key with @ | : or non-ASCII characters: ${key}`);
  if (!isEndpointOf(regionId, endpoint))
    throw rdsFault("InvalidOssUrl", `not an OSS endpoint of ${regionId}: ${endpoint}`);
  return { object: migratableObject(bucketName, key, regionId, objects) };
}

/**
 * Returns the object of `OSSUrls` (2008 R2), a single signed URL that is URL-encoded as a whole.
 *
 * Several URLs joined by `|` are refused ("currently only one URL may be passed", 2018). An expired URL is accepted and
 * fails the task later, as the documents describe.
 *
 * @throws RpcFault InvalidOssUrl, IncorrectFileExtension
 */
export function locateSignedUrl(
  encoded: string,
  at: { regionId: string; nowMs: number },
  objects: ObjectReader,
): LocatedBackup {
  const text = /^https?:\/\//i.test(encoded) ? encoded : decode(encoded);
  if (!URL.canParse(text) || text.includes("|")) throw rdsFault("InvalidOssUrl", "not one URL");
  const opened = objects.openSignedUrl(text);
  const expiresAtMs = expiryOf(new URL(text));
  if ("refused" in opened) {
    if (opened.refused !== "expired") throw rdsFault("InvalidOssUrl", `the URL is refused: ${opened.refused}`);
    const named = objectOfPath(new URL(text), objects);
    if (named === undefined) throw rdsFault("InvalidOssUrl", "an expired URL that names no object");
    return { object: named, urlExpiresAtMs: expiresAtMs ?? at.nowMs };
  }
  if (expiresAtMs !== undefined && expiresAtMs - at.nowMs > MAX_URL_VALIDITY_MS) {
    throw rdsFault("InvalidOssUrl", "the URL is valid for more than 18 hours");
  }
  return { object: migratableObject(opened.bucket, opened.key, at.regionId, objects), urlExpiresAtMs: expiresAtMs };
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw rdsFault("InvalidOssUrl", "not URL-encoded");
  }
}

const isEndpointOf = (regionId: string, endpoint: string): boolean =>
  [`oss-${regionId}.aliyuncs.com`, `oss-${regionId}-internal.aliyuncs.com`].includes(endpoint.toLowerCase());

/**
 * Returns the object if a migration can use it. The documents require a Standard, unencrypted bucket in the instance's
 * region; the error InvalidOssUrl for other buckets is assumed.
 */
function migratableObject(bucketName: string, key: string, regionId: string, objects: ObjectReader): StoredObject {
  const bucket = objects.bucket(bucketName);
  if (bucket === undefined) throw rdsFault("InvalidOssUrl", `no bucket ${bucketName}`);
  if (bucket.region !== regionId) throw rdsFault("InvalidOssUrl", `bucket ${bucketName} is in ${bucket.region}`);
  if (!BACKUP_EXTENSION.test(key)) throw rdsFault("IncorrectFileExtension", `not .bak .diff .trn or .log: ${key}`);
  const object = objects.head(bucketName, key);
  if (object === undefined) throw rdsFault("InvalidOssUrl", `no object ${key} in ${bucketName}`);
  if (object.storageClass !== "Standard") throw rdsFault("InvalidOssUrl", `the object is ${object.storageClass}`);
  if (object.serverSideEncryption !== undefined)
    throw rdsFault("InvalidOssUrl", "the object is encrypted by the server");
  return object;
}

/** When a signed URL expires: V1 `Expires` or V4 `x-oss-date` + `x-oss-expires`; undefined for other URLs. */
function expiryOf(url: URL): number | undefined {
  const expires = url.searchParams.get("Expires");
  if (expires !== null) return Number(expires) * 1000;
  const signedAtMs = parseCompactTime(url.searchParams.get("x-oss-date") ?? "");
  const expiresAtMs = signedAtMs + Number(url.searchParams.get("x-oss-expires") ?? Number.NaN) * 1000;
  return Number.isNaN(expiresAtMs) ? undefined : expiresAtMs;
}

/** Returns the object that a URL names, with the bucket in the host or the path. Does not verify the signature. */
function objectOfPath(url: URL, objects: ObjectReader): StoredObject | undefined {
  const path = decode(url.pathname).slice(1);
  const slash = path.indexOf("/");
  const inHost = objects.head(url.hostname.split(".")[0] ?? "", path);
  return inHost ?? (slash < 0 ? undefined : objects.head(path.slice(0, slash), path.slice(slash + 1)));
}
