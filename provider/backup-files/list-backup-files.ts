import { stat } from "node:fs/promises";
import { extname, relative, sep } from "node:path";
import type { ObjectStore } from "../aliyun/object-store";
import { isBackupStart, START_BYTES } from "../backup/backup-start";
import type { OpenedSource } from "../backup/bakinfo-entry";
import { pathOfCause, systemFaultOf } from "../errors/system-fault";
import { walkFolder } from "../files/walk-folder";
import { objectUrl, type PrefixLocation, parseLocation, requireBucketName } from "../model/location";
import type { NameList } from "../model/name-pattern";
import { openFileSource } from "./file-source";
import { reasonByName, type SelectedFiles, selectFiles } from "./select-files";

/** What the arguments of a command name. */
export interface ExpandedArguments extends SelectedFiles {
  /** Folders and prefixes without a backup file, with the files that they hold instead. */
  emptyFolders: ({ folder: string } & Pick<SelectedFiles, "leftOut">)[];
  /** Local folders that cannot be listed, by the path that failed. */
  unlisted: { folder: string; cause: unknown }[];
}

/**
 * The files that the arguments name, in the order of the arguments. Folders (with their subfolders), buckets, and prefixes
 * that end in `/` are expanded in name order. A bucket that cannot be listed is returned unchanged: opening it reports why.
 */
export async function expandArguments(
  args: readonly string[],
  store: () => ObjectStore,
  exclude?: NameList,
): Promise<ExpandedArguments> {
  const expanded: ExpandedArguments = { backups: [], leftOut: [], emptyFolders: [], unlisted: [] };
  for (const argument of args) {
    const found = await expandArgument(argument, store, exclude).catch((cause: unknown) => {
      if (parseLocation(argument).kind !== "file") return only(argument);
      expanded.unlisted.push({ folder: pathOfCause(cause) ?? argument, cause });
      return undefined;
    });
    if (found === undefined) continue;
    const { backups, leftOut } = found;
    if (backups.length === 0) {
      expanded.emptyFolders.push({ folder: argument, leftOut });
      continue;
    }
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
      requireBucketName(location, "backups");
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
 * backup. Links to folders are followed. @throws the operating system's error, with the path of the folder that failed
 */
export async function listBackupFiles(folder: string, exclude?: NameList): Promise<SelectedFiles> {
  const contents = await walkFolder(folder);
  const files = contents.files.map((file) => ({ file, inFolder: relative(folder, file).split(sep).join("/") }));
  const { backups, leftOut } = await selectFiles(files, exclude, reasonByContent);
  return { backups, leftOut: [...leftOut, ...contents.leftOut].sort((one, other) => (one.file < other.file ? -1 : 1)) };
}

/** Reads the first bytes of a file. */
async function reasonByContent(file: string): Promise<string | undefined> {
  try {
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
    return `is not named like a backup and cannot be read: ${systemFaultOf(error).reason}`;
  }
}

/** Opens a local file, or an object through `store`. @throws an error with the code ENOENT when it does not exist, and what the store throws */
export async function openBackup(file: string, store: () => ObjectStore): Promise<OpenedSource> {
  const location = parseLocation(file);
  if (location.kind === "file") {
    const source = await openFileSource(file);
    return { source, close: () => source.close() };
  }
  requireBucketName(location, "backups");
  const key = location.kind === "object" ? location.key : location.prefix;
  const facts = await store().headObject(location.bucket, key);
  if (!facts) throw Object.assign(new Error("the object does not exist"), { code: "ENOENT" });
  return { source: store().rangeSource(facts), crc64: facts.crc64, close: async () => undefined };
}
