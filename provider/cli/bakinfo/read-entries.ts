import type { ObjectStore } from "../../aliyun/object-store";
import { type BakinfoEntry, readEntry, unreadEntry } from "../../backup/bakinfo-entry";
import { type ExpandedArguments, expandArguments, openBackup } from "../../backup-files/list-backup-files";
import { type LeftOutFile, noBackupFiles } from "../../backup-files/select-files";

/** Most of the time goes into waiting for a disk or for OSS. */
const READ_AT_ONCE = 8;

/** The backups that a command names, and what it does not read. */
export interface ReadBackups {
  /** In the order of the arguments. What cannot be listed or read, and a folder without backups, is an entry with its problem. */
  entries: BakinfoEntry[];
  leftOut: LeftOutFile[];
  /** Folders and prefixes without a backup file. */
  emptyFolders: ExpandedArguments["emptyFolders"];
}

/** Reads the headers of files, folders and `oss://` locations, several at once; with `deep` every file to its end. */
export async function readBackups(
  paths: readonly string[],
  store: () => ObjectStore,
  { deep, exclude }: { deep: boolean; exclude?: readonly string[] },
): Promise<ReadBackups> {
  const { backups: files, leftOut, emptyFolders, unlisted } = await expandArguments(paths, store, exclude);
  const entries = [
    ...unlisted.map(({ folder, cause }) => unreadEntry(folder, cause)),
    ...emptyFolders.map(({ folder, leftOut: others }) =>
      unreadEntry(folder, noBackupFiles(folder, { leftOut: others }, { isOfProgram: false })),
    ),
  ];
  for (let first = 0; first < files.length; first += READ_AT_ONCE) {
    const batch = files.slice(first, first + READ_AT_ONCE);
    entries.push(
      ...(await Promise.all(batch.map((file) => readEntry(file, (path) => openBackup(path, store), { deep })))),
    );
  }
  return { entries, leftOut, emptyFolders };
}
