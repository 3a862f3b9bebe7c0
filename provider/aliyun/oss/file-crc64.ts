import { LocalChecksums } from "./local-checksums";
import { LocalFile } from "./local-file";
import { planParts } from "./part-plan";
import { sharedTransferBudget } from "./transfer-budget";

/**
 * CRC-64/XZ of a whole file as OSS writes it, an unsigned decimal. Memory is flat in the size of the file.
 * @param onBytes hears of bytes as they are done
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
    await file.assertUnchanged();
    return String(crc);
  } finally {
    await file.close();
  }
}
