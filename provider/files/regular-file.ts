import { type BigIntStats, constants, type Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { NOT_A_FILE } from "../errors/system-fault";

/** An open file and its facts at that moment. */
export interface OpenedFile {
  handle: FileHandle;
  stats: BigIntStats;
}

/** If a named pipe replaces the file after its check, opening it must not wait for the pipe's other end. Windows has no such flag. */
const READ_WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a regular file, or the one that a symbolic link names, for reading. Its kind is checked before it is opened, because opening
 * a named pipe or a device can wait or have effects, and again afterwards. The caller closes the handle.
 * @throws the operating system's error; an error with the code EISDIR for a folder and NOT_A_FILE for a pipe, a socket or a device
 */
export async function openRegularFile(path: string): Promise<OpenedFile> {
  requireRegular(path, await stat(path, { bigint: true }));
  const handle = await open(path, READ_WITHOUT_WAITING);
  try {
    const stats = await handle.stat({ bigint: true });
    requireRegular(path, stats);
    return { handle, stats };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function requireRegular(path: string, stats: BigIntStats): void {
  if (stats.isFile()) return;
  const code = stats.isDirectory() ? "EISDIR" : NOT_A_FILE;
  throw Object.assign(new Error(`it is ${kindOf(stats)}, not a file`), { code, path });
}

/** What a path names, for a sentence such as "it is a named pipe". */
export function kindOf(stats: Stats | BigIntStats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a named pipe";
  if (stats.isSocket()) return "a socket";
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return "a device";
  return stats.isFile() ? "a file" : "a special file";
}
