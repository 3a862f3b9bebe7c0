import { stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { ObjectStore } from "../aliyun/object-store";
import { listBackupFiles, selectObjects } from "../backup-files/list-backup-files";
import { migrationError } from "../errors/migration-error";
import { isNoEntry, pathOfCause, systemFaultOf } from "../errors/system-fault";
import { parseBackupLocation } from "../files/backup-location";
import {
  type BackupLocation,
  objectUrl,
  type PrefixLocation,
  parseLocation,
  requireAllowedKey,
  requireBucket,
  requireBucketName,
} from "../model/location";

/** A file that an entry of `increments` names or contains, before its header is read. */
export interface FoundFile {
  /** The program's spelling; for a folder, followed by the file's path in it. */
  file: string;
  location: BackupLocation;
  sizeBytes: number;
  modifiedAt: string;
  /** The program names the file itself, not its folder or prefix. */
  named: boolean;
}

/** The files of one entry of `increments`. A file or folder that does not exist, or that the system refuses (`cause`), is `missing`. */
export type FoundEntry = { files: FoundFile[] } | { missing: string; cause?: unknown };

/**
 * The files of one entry: a path, `oss://bucket/key`, a local folder (with its subfolders) or `oss://bucket/prefix/`.
 * @throws BUCKET_DIFFERS, KEY_NOT_ALLOWED, and what the store throws
 */
export async function findFiles(
  entry: string,
  { bucket, excludeFiles }: { bucket: string; excludeFiles?: readonly string[] },
  store: () => ObjectStore,
): Promise<FoundEntry> {
  const spelled = parseLocation(entry);
  if (spelled.kind === "prefix") return findObjects(spelled, { bucket, excludeFiles }, store);
  const location = parseBackupLocation(entry, bucket, "increments");
  if (location.kind === "object") {
    const object = await store().headObject(location.bucket, location.key);
    if (object === undefined) return { missing: entry };
    const { sizeBytes, lastModifiedMs } = object;
    return { files: [{ file: entry, location, sizeBytes, modifiedAt: utc(lastModifiedMs), named: true }] };
  }
  const found = await stat(location.path).catch((cause: unknown) => ({ cause }));
  if ("cause" in found) return { missing: entry, ...(isNoEntry(found.cause) ? {} : { cause: found.cause }) };
  if (!found.isDirectory())
    return {
      files: [{ file: entry, location, sizeBytes: found.size, modifiedAt: utc(found.mtimeMs), named: true }],
    };
  return { files: await filesOfFolder(entry, location.path, excludeFiles) };
}

async function filesOfFolder(spelled: string, folder: string, excludeFiles?: readonly string[]): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  for (const path of await readFolder(spelled, folder, excludeFiles)) {
    // A file may be deleted while the folder is listed; it is ignored.
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) continue;
    const file = join(spelled, relative(folder, path));
    const modifiedAt = utc(found.mtimeMs);
    files.push({ file, location: { kind: "file", path }, sizeBytes: found.size, modifiedAt, named: false });
  }
  return files;
}

/** @throws INCREMENTS_UNREADABLE: a folder of which a part cannot be listed may lack any file */
async function readFolder(spelled: string, folder: string, excludeFiles?: readonly string[]): Promise<string[]> {
  try {
    return (await listBackupFiles(folder, excludeFiles)).backups;
  } catch (cause) {
    const failed = pathOfCause(cause);
    const path = failed === undefined ? spelled : join(spelled, relative(folder, failed));
    const { reason, remedy } = systemFaultOf(cause);
    throw migrationError("INCREMENTS_UNREADABLE", { path, reason, remedy }, { cause });
  }
}

async function findObjects(
  place: PrefixLocation,
  { bucket, excludeFiles }: { bucket: string; excludeFiles?: readonly string[] },
  store: () => ObjectStore,
): Promise<FoundEntry> {
  requireBucketName(place, "increments");
  requireBucket(place, bucket);
  const objects = await store().listObjects(bucket, place.prefix);
  const { backups } = await selectObjects(objects, place, excludeFiles);
  const taken = new Set(backups);
  const files = objects
    .filter(({ key }) => taken.has(objectUrl(bucket, key)))
    .map(({ key, sizeBytes, lastModifiedMs }) => ({
      file: objectUrl(bucket, key),
      location: { kind: "object" as const, bucket, key },
      sizeBytes,
      modifiedAt: utc(lastModifiedMs),
      named: false,
    }))
    .sort((one, other) => (one.file < other.file ? -1 : 1));
  return { files };
}

/** Refuses an object whose key RDS does not accept; uploads get a key of their own. @throws KEY_NOT_ALLOWED */
export function requireUsableKey({ location }: FoundFile): void {
  if (location.kind === "object") requireAllowedKey("increments", location.key);
}

const utc = (ms: number): string => (Number.isNaN(ms) ? "" : new Date(ms).toISOString());
