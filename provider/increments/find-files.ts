import { stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { isNativeError } from "node:util/types";
import type { ObjectStore } from "../aliyun/object-store";
import { BACKUP_EXTENSION, listBackupFiles } from "../backup-files/list-backup-files";
import { migrationError } from "../errors/migration-error";
import {
  type BackupLocation,
  objectUrl,
  type PrefixLocation,
  parseBackupLocation,
  parseLocation,
  requireAllowedKey,
  requireBucket,
} from "../model/location";

/** A file that `increments` means, before anybody has looked into it. */
export interface FoundFile {
  /** As it is reached: the program's spelling, with the file's name behind a folder's. */
  file: string;
  location: BackupLocation;
  sizeBytes: number;
  modifiedAt: string;
  /** It is named itself; otherwise a folder or prefix holds it. */
  named: boolean;
}

/** What one entry of `increments` means. A named file that does not exist is `missing`; a folder that does not exist too. */
export type FoundEntry = { files: FoundFile[] } | { missing: string };

/**
 * The files of one entry: a path, `oss://bucket/key`, a local folder (with its subfolders) or `oss://bucket/prefix/`.
 * @throws BUCKET_DIFFERS, KEY_NOT_ALLOWED, and what the store throws
 */
export async function findFiles(entry: string, bucket: string, store: () => ObjectStore): Promise<FoundEntry> {
  const spelled = parseLocation(entry);
  if (spelled.kind === "prefix") return findObjects(spelled, bucket, store);
  const location = parseBackupLocation(entry, bucket);
  if (location.kind === "object") {
    const object = await store().headObject(location.bucket, location.key);
    if (object === undefined) return { missing: entry };
    const { sizeBytes, lastModifiedMs } = object;
    return { files: [{ file: entry, location, sizeBytes, modifiedAt: utc(lastModifiedMs), named: true }] };
  }
  const found = await stat(location.path).catch(() => undefined);
  if (found === undefined) return { missing: entry };
  if (!found.isDirectory())
    return {
      files: [{ file: entry, location, sizeBytes: found.size, modifiedAt: utc(found.mtimeMs), named: true }],
    };
  return { files: await filesOfFolder(entry, location.path) };
}

async function filesOfFolder(spelled: string, folder: string): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  for (const path of await readFolder(spelled, folder)) {
    // A file may go while the folder is listed: it counts as one that was never there.
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) continue;
    const file = join(spelled, relative(folder, path));
    const modifiedAt = utc(found.mtimeMs);
    files.push({ file, location: { kind: "file", path }, sizeBytes: found.size, modifiedAt, named: false });
  }
  return files;
}

/** @throws INCREMENTS_UNREADABLE: a folder of which a part cannot be listed may lack any file */
async function readFolder(spelled: string, folder: string): Promise<string[]> {
  try {
    return await listBackupFiles(folder);
  } catch (cause) {
    const fault = isNativeError(cause) ? cause.message : String(cause);
    throw migrationError("INCREMENTS_UNREADABLE", { folder: spelled, fault }, { cause });
  }
}

async function findObjects(place: PrefixLocation, bucket: string, store: () => ObjectStore): Promise<FoundEntry> {
  requireBucket(place, bucket);
  const objects = await store().listObjects(bucket, place.prefix);
  const files = objects
    .filter(({ key }) => BACKUP_EXTENSION.test(key))
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

/** Whether RDS could be given the object; uploads get a key of their own. @throws KEY_NOT_ALLOWED */
export function requireUsableKey({ location }: FoundFile): void {
  if (location.kind === "object") requireAllowedKey("increments", location.key);
}

/** By what RDS lists the object of a file that is in the bucket already; an upload's name is made from the header. */
export const ownObjectName = ({ location }: FoundFile): string | undefined =>
  location.kind === "object" ? basename(location.key) : undefined;

const utc = (ms: number): string => (Number.isNaN(ms) ? "" : new Date(ms).toISOString());
