import type { ObjectStore } from "../../aliyun/object-store";
import { type BakinfoEntry, readEntry } from "../../backup/bakinfo-entry";
import { openBackup } from "../../backup-files/list-backup-files";

/** Most of the time goes into waiting for a disk or for OSS. */
const READ_AT_ONCE = 8;

/** Reads the headers of files, several at once; with `deep` every file to its end. The result has the order of the files. */
export async function readEntries(
  files: readonly string[],
  store: () => ObjectStore,
  options: { deep: boolean },
): Promise<BakinfoEntry[]> {
  const entries: BakinfoEntry[] = [];
  for (let first = 0; first < files.length; first += READ_AT_ONCE) {
    const batch = files.slice(first, first + READ_AT_ONCE);
    entries.push(
      ...(await Promise.all(batch.map((file) => readEntry(file, (path) => openBackup(path, store), options)))),
    );
  }
  return entries;
}
