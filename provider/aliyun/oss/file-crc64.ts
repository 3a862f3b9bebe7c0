import { LocalChecksums } from "./local-checksums";
import { LocalFile } from "./local-file";
import { planParts } from "./part-plan";
import { sharedTransferBudget } from "./transfer-budget";

/**
 * CRC-64/XZ of a whole file in OSS's format, an unsigned decimal. Uses constant memory.
 * @param onBytes called with the number of bytes of each finished part
 * @throws `FILE_UNREADABLE`, `FILE_CHANGED` when the file is written to meanwhile, `BACKUP_EMPTY`
 */
export async function fileCrc64(
  path: string,
  options: { signal?: AbortSignal; onBytes?: (bytes: number) => void } = {},
): Promise<string> {
  const file = await LocalFile.open(path);
  try {
    const plan = planParts({ sizeBytes: file.sizeBytes });
    const checksums = new LocalChecksums(file, sharedTransferBudget.chunks);
    const crc = await checksums.ofFile(plan, options.signal, options.onBytes);
    await file.requireUnchanged(() => checksums.isStillTrue(plan, options.signal));
    return String(crc);
  } finally {
    await file.close();
  }
}
