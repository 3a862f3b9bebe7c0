import { FILE_TOO_LARGE } from "../errors/system-fault";
import { openRegularFile } from "./regular-file";

const MIB = 1024 * 1024;
/** An entry takes about 1 KB: enough for 60,000 files. */
export const MANIFEST_LIMIT_BYTES = 64 * MIB;
/** A baseline lists tables and users, so it may be larger. */
export const BASELINE_LIMIT_BYTES = 256 * MIB;

/**
 * Reads a regular file as a whole, up to the size that it had when it was opened.
 * @throws the operating system's error, and errors with the codes EISDIR, NOT_A_FILE, and FILE_TOO_LARGE above `limitBytes`
 */
export async function readWholeFile(path: string, limitBytes: number): Promise<Buffer> {
  const { handle, stats } = await openRegularFile(path);
  try {
    if (stats.size > limitBytes) {
      const message = `it has ${stats.size} bytes, and the limit is ${limitBytes / MIB} MiB`;
      throw Object.assign(new Error(message), { code: FILE_TOO_LARGE, path });
    }
    const bytes = Buffer.alloc(Number(stats.size));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}
