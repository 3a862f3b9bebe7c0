import { type FileHandle, open } from "node:fs/promises";
import type { RangeSource } from "../backup/range-source";

/** Identifies one state of a local file without reading it. */
export interface FileIdentity {
  device: bigint;
  inode: bigint;
  modifiedNs: bigint;
}

/** An open local file. The caller closes it. */
export interface FileSource extends RangeSource {
  readonly identity: FileIdentity;
  close(): Promise<void>;
}

/**
 * Opens a local file for range reads.
 * @throws the operating system's error (ENOENT, EACCES, EISDIR…) when the path cannot be opened as a file
 */
export async function openFileSource(path: string): Promise<FileSource> {
  const handle = await open(path, "r");
  try {
    const stat = await handle.stat({ bigint: true });
    if (stat.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: "EISDIR" });
    return {
      name: path,
      sizeBytes: Number(stat.size),
      identity: { device: stat.dev, inode: stat.ino, modifiedNs: stat.mtimeNs },
      read: (start, end) => readFully(handle, path, start, end),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readFully(handle: FileHandle, path: string, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) throw new Error(`${path} became shorter while it was read (at byte ${start + filled})`);
    filled += bytesRead;
  }
  return bytes;
}
