import { stat } from "node:fs/promises";
import { relative, sep } from "node:path";
import type { ObjectStore } from "../../provider/aliyun/object-store";
import { type BakinfoEntry, readEntry } from "../../provider/backup/bakinfo-entry";
import { type Manifest, parseManifest } from "../../provider/backup/manifest";
import { listBackupFiles, openBackup, selectObjects } from "../../provider/backup-files/list-backup-files";
import { type LeftOutFile, noBackupFiles, type SelectedFiles } from "../../provider/backup-files/select-files";
import { migrationError } from "../../provider/errors/migration-error";
import { isNoEntry, pathOfCause, systemFaultOf } from "../../provider/errors/system-fault";
import { pathOfFileUrl } from "../../provider/files/file-url";
import { locateInProject } from "../../provider/files/project-folder";
import { MANIFEST_LIMIT_BYTES, readWholeFile } from "../../provider/files/read-whole-file";
import { type ForeignPlace, foreignPlaceOf } from "../../provider/model/foreign-place";
import type { NameList } from "../../provider/model/name-pattern";
import { isLockKey } from "../../provider/submission-lock/lock";
import { DOWNLOAD_MANIFEST } from "./backups-argument";

/** Headers that are read at once. The reads mostly wait for a disk or for OSS. */
const PARALLEL_READS = 16;

/** The files of a folder, in the order of their names. */
export interface FolderListing {
  backups: string[];
  skipped: LeftOutFile[];
}

/** Lists a local folder with its subfolders. @throws BACKUPS_FOLDER_MISSING, BACKUPS_FOLDER_EMPTY, BACKUPS_UNREADABLE */
export async function listBackupFolder(folder: string, exclude?: NameList): Promise<FolderListing> {
  const trimmed = folder.replace(/[\\/]+$/, "") || folder;
  const { path: root } = locateInProject(trimmed);
  const found = await stat(root).catch((cause) => {
    throw isNoEntry(cause)
      ? migrationError("BACKUPS_FOLDER_MISSING", { folder, place: foreignPlaceOf(folder) }, { cause })
      : unreadable(folder, cause);
  });
  if (!found.isDirectory()) throw migrationError("BACKUPS_NOT_A_FOLDER", { folder });
  // The folder as the program spells it, with forward slashes on every system: an input should not change with the machine.
  const spelled = (file: string): string =>
    [trimmed, relative(root, file)].filter(Boolean).join("/").replaceAll(sep, "/");
  const listed = await listBackupFiles(root, exclude).catch((cause) => {
    throw unreadable(spelled(pathOfCause(cause) ?? root), cause);
  });
  return listingOf(folder, {
    backups: listed.backups.map(spelled),
    leftOut: listed.leftOut.map((each) => ({ ...each, file: spelled(each.file) })),
  });
}

/** Lists a folder of a bucket with its subfolders. @throws BACKUPS_FOLDER_EMPTY and what the store throws */
export async function listBucketFolder(
  store: ObjectStore,
  { url, bucket, prefix }: { url: string; bucket: string; prefix: string },
  exclude?: NameList,
): Promise<FolderListing> {
  const objects = await store.listObjects(bucket, prefix);
  const others = objects.filter(({ key }) => !isLockKey(key));
  return listingOf(url, await selectObjects(others, { bucket, prefix }, exclude));
}

function listingOf(folder: string, { backups, leftOut }: SelectedFiles): FolderListing {
  if (backups.length === 0) throw noBackupFiles(folder, { leftOut }, { isOfProgram: true });
  return { backups, skipped: leftOut };
}

/** Reads the headers of all files. One unreadable file fails the whole read, because it may be the backup of any database. @throws BACKUPS_UNREADABLE */
export async function readHeaders(files: readonly string[], store: () => ObjectStore): Promise<BakinfoEntry[]> {
  const entries: BakinfoEntry[] = [];
  for (let first = 0; first < files.length; first += PARALLEL_READS) {
    const batch = files.slice(first, first + PARALLEL_READS);
    const open = (file: string) => openBackup(locateInProject(pathOfFileUrl(file, "backups")).path, store);
    entries.push(...(await Promise.all(batch.map((file) => readEntry(file, open, { deep: false })))));
  }
  const unread = entries.flatMap(({ file, backup }) => {
    const [problem] = backup.problems;
    return problem !== undefined && isReadFault(problem.code)
      ? [{ file, fault: `${problem.code}: ${problem.message}` }]
      : [];
  });
  if (unread.length > 0) throw migrationError("BACKUPS_UNREADABLE", { files: unread });
  return entries;
}

/** Faults of the disk, the network or the permissions, not of the content of the file. */
const isReadFault = (code: string): boolean =>
  !code.startsWith("BACKUP_") || code === "BACKUP_MISSING" || code === "BACKUP_UNREADABLE";

/** @throws MANIFEST_MISSING, MANIFEST_INVALID, MANIFEST_EMPTY */
export async function readManifest(path: string): Promise<Manifest> {
  const bytes = await readWholeFile(locateInProject(path).path, MANIFEST_LIMIT_BYTES).catch((cause) => {
    throw isNoEntry(cause)
      ? migrationError("MANIFEST_MISSING", { file: path, place: placeOfManifest(path) }, { cause })
      : unreadable(path, cause);
  });
  const manifest = parseManifest(bytes.toString("utf8"), path);
  if (manifest.databases.length === 0) throw migrationError("MANIFEST_EMPTY", { file: path });
  return manifest;
}

/** The remedy for a backup in OSS is its `oss://` address, which no manifest can have. */
function placeOfManifest(path: string): ForeignPlace | undefined {
  const place = foreignPlaceOf(path);
  return place && /^https?:/i.test(path) ? { ...place, remedy: DOWNLOAD_MANIFEST } : place;
}

function unreadable(file: string, cause: unknown) {
  const { reason, remedy } = systemFaultOf(cause);
  return migrationError("BACKUPS_UNREADABLE", { files: [{ file, fault: reason, remedy }] }, { cause });
}
