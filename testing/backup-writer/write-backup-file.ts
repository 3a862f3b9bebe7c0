import { open } from "node:fs/promises";
import { layOutBackup } from "./backup-layout";
import { type BackupSpec, writeBackup } from "./write-backup";

/**
 * Writes a generated backup to a local file and replaces an existing one. `sparse` leaves the pages as holes, which read as zeros
 * and are not covered by a checksum, so that a file of a terabyte takes a few kilobytes of disk.
 */
export async function writeBackupFile(
  path: string,
  spec: BackupSpec | readonly BackupSpec[],
  { sparse = false }: { sparse?: boolean } = {},
): Promise<void> {
  const handle = await open(path, "w");
  try {
    if (!sparse) {
      for (const bytes of writeBackup(spec)) await handle.writeFile(bytes);
      return;
    }
    const { pieces, sizeBytes } = layOutBackup([spec].flat());
    for (const piece of pieces) {
      if ("bytes" in piece) await handle.write(piece.bytes, 0, piece.bytes.length, piece.at);
    }
    await handle.truncate(sizeBytes);
  } finally {
    await handle.close();
  }
}
