import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectStore } from "../aliyun/object-store";
import type { OpenedSource } from "../backup/bakinfo-entry";
import { objectUrl, parseLocation } from "../model/location";
import { openFileSource } from "./file-source";

/** The extensions of the files that are taken from a folder or prefix. A file that is named itself may have any. */
export const BACKUP_EXTENSION = /\.(bak|trn|dif|diff|full|log)$/i;

/**
 * The files that the arguments name, in the order of the arguments. Folders (with their subfolders), buckets, and prefixes
 * that end in `/` are expanded in name order. An argument that cannot be listed is returned unchanged: opening it reports why.
 */
export async function expandArguments(
  args: readonly string[],
  store: () => ObjectStore,
): Promise<{ files: string[]; emptyFolders: string[] }> {
  const files: string[] = [];
  const emptyFolders: string[] = [];
  for (const argument of args) {
    const found = await expandArgument(argument, store).catch(() => [argument]);
    if (found.length === 0) emptyFolders.push(argument);
    files.push(...found);
  }
  return { files, emptyFolders };
}

async function expandArgument(argument: string, store: () => ObjectStore): Promise<string[]> {
  const location = parseLocation(argument);
  switch (location.kind) {
    case "object":
      return [argument];
    case "prefix": {
      const { bucket, prefix } = location;
      const objects = await store().listObjects(bucket, prefix);
      const keys = objects.map(({ key }) => key).filter((key) => BACKUP_EXTENSION.test(key));
      return keys.sort().map((key) => objectUrl(bucket, key));
    }
    case "file": {
      const found = await stat(argument).catch(() => undefined);
      return found?.isDirectory() ? listBackupFiles(argument) : [argument];
    }
  }
}

/** The backup files of a local folder and its subfolders, by their extension, in name order. @throws the operating system's error */
export async function listBackupFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter(
    (entry) => (entry.isFile() || entry.isSymbolicLink()) && BACKUP_EXTENSION.test(entry.name),
  );
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** Opens a local file, or an object through `store`. @throws an error with the code ENOENT when it does not exist, and what the store throws */
export async function openBackup(file: string, store: () => ObjectStore): Promise<OpenedSource> {
  const location = parseLocation(file);
  if (location.kind === "file") {
    const source = await openFileSource(file);
    return { source, close: () => source.close() };
  }
  const key = location.kind === "object" ? location.key : location.prefix;
  const facts = await store().headObject(location.bucket, key);
  if (!facts) throw Object.assign(new Error("the object does not exist"), { code: "ENOENT" });
  return { source: store().rangeSource(facts), crc64: facts.crc64, close: async () => undefined };
}
