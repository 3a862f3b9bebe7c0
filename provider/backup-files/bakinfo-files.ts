import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectStore } from "../aliyun/object-store";
import type { OpenedSource } from "../backup/bakinfo-entry";
import { openFileSource } from "./file-source";

/** What is taken from a folder; a file that is named is read whatever it is called. */
export const BACKUP_EXTENSION = /\.(bak|trn|dif|diff|full|log)$/i;
const OSS_URL = /^oss:\/\/([^/]+)\/?(.*)$/s;

/** The bucket and key of an `oss://` argument; undefined for a local path. */
export function parseOssUrl(text: string): { bucket: string; key: string } | undefined {
  const found = OSS_URL.exec(text);
  return found?.[1] === undefined ? undefined : { bucket: found[1], key: found[2] ?? "" };
}

/**
 * The files that the arguments mean, in their order: folders (with their subfolders) and object prefixes that end in `/`
 * are expanded in name order. What does not exist or cannot be listed stays as it is, and is reported when it is opened.
 */
export async function expandArguments(
  args: readonly string[],
  store: () => ObjectStore,
): Promise<{ files: string[]; emptyFolders: string[] }> {
  const files: string[] = [];
  const emptyFolders: string[] = [];
  for (const argument of args) {
    const found = await expandOne(argument, store).catch(() => [argument]);
    if (found.length === 0) emptyFolders.push(argument);
    files.push(...found);
  }
  return { files, emptyFolders };
}

async function expandOne(argument: string, store: () => ObjectStore): Promise<string[]> {
  const object = parseOssUrl(argument);
  if (object) {
    if (object.key !== "" && !object.key.endsWith("/")) return [argument];
    const listed = await store().listObjects(object.bucket, object.key);
    const keys = listed.map(({ key }) => key).filter((key) => BACKUP_EXTENSION.test(key));
    return keys.sort().map((key) => `oss://${object.bucket}/${key}`);
  }
  const found = await stat(argument).catch(() => undefined);
  return found?.isDirectory() ? listFolder(argument) : [argument];
}

/** Backup files of a local folder and its subfolders, by their ending, in name order. @throws what reading the folder throws */
export async function listFolder(folder: string): Promise<string[]> {
  const names = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = names.filter(
    (entry) => (entry.isFile() || entry.isSymbolicLink()) && BACKUP_EXTENSION.test(entry.name),
  );
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** Opens a local file, or an object through `store`. */
export async function openEntry(file: string, store: () => ObjectStore): Promise<OpenedSource> {
  const object = parseOssUrl(file);
  if (!object) {
    const source = await openFileSource(file);
    return { source, close: () => source.close() };
  }
  const facts = await store().headObject(object.bucket, object.key);
  if (!facts) throw Object.assign(new Error("there is no such object"), { code: "ENOENT" });
  return { source: store().rangeSource(facts), crc64: facts.crc64, close: async () => undefined };
}
