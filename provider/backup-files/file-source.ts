import type { FileHandle } from "node:fs/promises";
import type { RangeSource } from "../backup/range-source";
import { openRegularFile } from "../files/regular-file";

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
 * @throws the errors of {@link openRegularFile}
 */
export async function openFileSource(path: string): Promise<FileSource> {
  const { handle, stats } = await openRegularFile(path);
  return {
    name: path,
    sizeBytes: Number(stats.size),
    identity: { device: stats.dev, inode: stats.ino, modifiedNs: stats.mtimeNs },
    read: (start, end) => readFully(handle, path, start, end),
    close: () => handle.close(),
  };
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
