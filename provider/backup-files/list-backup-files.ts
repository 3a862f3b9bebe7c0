import { readdir, stat } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import type { ObjectStore } from "../aliyun/object-store";
import { isBackupStart, START_BYTES } from "../backup/backup-start";
import type { OpenedSource } from "../backup/bakinfo-entry";
import { objectUrl, type PrefixLocation, parseLocation } from "../model/location";
import type { NameList } from "../model/name-pattern";
import { openFileSource } from "./file-source";
import { reasonByName, type SelectedFiles, selectFiles } from "./select-files";

/** What the arguments of a command name. */
export interface ExpandedArguments extends SelectedFiles {
  emptyFolders: string[];
}

/**
 * The files that the arguments name, in the order of the arguments. Folders (with their subfolders), buckets, and prefixes
 * that end in `/` are expanded in name order. An argument that cannot be listed is returned unchanged: opening it reports why.
 */
export async function expandArguments(
  args: readonly string[],
  store: () => ObjectStore,
  exclude?: NameList,
): Promise<ExpandedArguments> {
  const expanded: ExpandedArguments = { backups: [], leftOut: [], emptyFolders: [] };
  for (const argument of args) {
    const { backups, leftOut } = await expandArgument(argument, store, exclude).catch(() => only(argument));
    if (backups.length === 0) expanded.emptyFolders.push(argument);
    expanded.backups.push(...backups);
    expanded.leftOut.push(...leftOut);
  }
  return expanded;
}

const only = (file: string): SelectedFiles => ({ backups: [file], leftOut: [] });

async function expandArgument(argument: string, store: () => ObjectStore, exclude?: NameList): Promise<SelectedFiles> {
  const location = parseLocation(argument);
  switch (location.kind) {
    case "object":
      return only(argument);
    case "prefix":
      return selectObjects(await store().listObjects(location.bucket, location.prefix), location, exclude);
    case "file": {
      const found = await stat(argument).catch(() => undefined);
      return found?.isDirectory() ? listBackupFiles(argument, exclude) : only(argument);
    }
  }
}

/** The backups among the listed objects of a prefix, as `oss://` URLs, by their names alone. */
export function selectObjects(
  objects: readonly { key: string }[],
  { bucket, prefix }: Pick<PrefixLocation, "bucket" | "prefix">,
  exclude?: NameList,
): Promise<SelectedFiles> {
  const keys = objects.map(({ key }) => key).filter((key) => !key.endsWith("/"));
  const files = keys.map((key) => ({ file: objectUrl(bucket, key), inFolder: key.slice(prefix.length) }));
  return selectFiles(files, exclude, reasonByName);
}

/**
 * The backups of a local folder and its subfolders: by their extension, and files of any other name that begin as a SQL Server
 * backup. @throws the operating system's error
 */
export async function listBackupFiles(folder: string, exclude?: NameList): Promise<SelectedFiles> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map((file) => ({ file, inFolder: relative(folder, file).split(sep).join("/") }));
  return selectFiles(files, exclude, reasonByContent);
}

/** Reads the first bytes of a file. */
async function reasonByContent(file: string): Promise<string | undefined> {
  try {
    // Opening a named pipe would wait for its other end.
    if (!(await stat(file)).isFile()) return "is not a file";
    const source = await openFileSource(file);
    try {
      const head = await source.read(0, Math.min(source.sizeBytes, START_BYTES));
      return isBackupStart(head)
        ? undefined
        : `is no backup by its name (${extname(file) || "no extension"}) or content`;
    } finally {
      await source.close();
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return `is not named like a backup and cannot be read (${code})`;
  }
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
