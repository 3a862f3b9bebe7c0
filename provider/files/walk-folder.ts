import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { kindOf } from "./regular-file";

/** An entry of a folder that is not read. */
export interface SkippedEntry {
  file: string;
  /** `listedLink`: a link to a folder that is listed already; `special`: a pipe, a socket or a device. */
  cause: "listedLink" | "special";
  /** The rest of a sentence that begins with its path. */
  reason: string;
}

/** What a folder and its subfolders hold. */
export interface FolderContents {
  /** Files, and links that lead to a file or to nothing: opening those reports why. */
  files: string[];
  leftOut: SkippedEntry[];
}

/**
 * Lists a folder with its subfolders. Symbolic links to folders are followed after all real folders, each folder once, so that a loop
 * ends and a new link never changes the path of a file. Pipes, sockets and devices are left out.
 * @throws the operating system's error, with the path of the folder that cannot be listed
 */
export async function walkFolder(root: string): Promise<FolderContents> {
  const contents: FolderContents = { files: [], leftOut: [] };
  const links: string[] = [];
  const listed = new Set([await realpath(root)]);
  await listFolder(root, { contents, links, listed });
  for (let link = links.shift(); link !== undefined; link = links.shift()) {
    const target = await realpath(link);
    if (listed.has(target)) {
      contents.leftOut.push({
        file: link,
        cause: "listedLink",
        reason: "is a link to a folder that is listed already",
      });
      continue;
    }
    listed.add(target);
    await listFolder(link, { contents, links, listed });
  }
  return contents;
}

interface Walk {
  contents: FolderContents;
  /** Links to folders that are still to be followed. */
  links: string[];
  /** The folders that are listed, by their paths without links. */
  listed: Set<string>;
}

async function listFolder(folder: string, walk: Walk): Promise<void> {
  const { contents, links, listed } = walk;
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const kind = await kindOfEntry(path, entry);
    if (kind === "file") contents.files.push(path);
    else if (kind === "linkToFolder") links.push(path);
    else if (kind === "folder") {
      const real = await realpath(path);
      // A link may have led to a parent of this folder.
      if (listed.has(real)) continue;
      listed.add(real);
      await listFolder(path, walk);
    } else contents.leftOut.push({ file: path, cause: "special", reason: `is ${kind.special}, not a file` });
  }
}

type EntryKind = "file" | "folder" | "linkToFolder" | { special: string };

async function kindOfEntry(path: string, entry: Dirent): Promise<EntryKind> {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  // Network file systems may not tell an entry's kind, so anything else is asked for. A link without a target counts as a file.
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || stats.isFile()) return "file";
  if (stats.isDirectory()) return "linkToFolder";
  return { special: entry.isSymbolicLink() ? `a link to ${kindOf(stats)}` : kindOf(stats) };
}
