import { BackupFault } from "./backup-fault";
import { readIndexBefore } from "./compressed-container";
import { CompressedView } from "./compressed-view";
import { looksLikeBlock } from "./mtf-block";
import { PlainView } from "./plain-view";
import type { RangeSource } from "./range-source";
import { faultOrThrow, type MtfReading, readByFilemarks, readLabel, walk } from "./read-mtf";
import { DEEP_READ_AHEAD_BYTES } from "./read-plain";
import { MAX_CONFIG_BYTES, StepLimitExceeded, type StreamVisitor } from "./set-collector";

/** Blocks and streams per set that are decompressed to locate a fault. Decompressing is expensive. */
const MAX_STEPS_TO_FAULT = 500;
/** Steps to the end of MSCI: SSET, VOLB and MSCI with their streams. */
const STEPS_TO_DESCRIPTION = 7;
/** In larger files only the first description is read: locating a fault means decompressing every byte before it. */
const MAX_BYTES_TO_FAULT = 64 * 1024 * 1024;
const BLOCK_STEP_BYTES = 512;

/** Reads a compressed backup: the first chunks, then, found by the filemarks and each set's index, the last ones. */
export async function readCompressed(
  source: RangeSource,
  { head, deep, visitStream }: { head: Uint8Array; deep: boolean; visitStream: StreamVisitor },
): Promise<MtfReading> {
  const file = new PlainView(source, { head, ...(deep ? { readAheadBytes: DEEP_READ_AHEAD_BYTES } : {}) });
  const view = new CompressedView(file, source.sizeBytes);
  let reading: MtfReading = { media: null, sets: [] };
  try {
    const label = await readLabel(view);
    reading = { ...reading, media: label.media };
    if (deep) return { ...reading, ...(await walk(view, label, { visitStream })) };
    try {
      const findClosing = (set: { ssetAt: number }, dataEnd: number) => findByIndex({ file, view }, set, dataEnd);
      const path = { view, file, label, sizeBytes: source.sizeBytes, findClosing };
      return { ...reading, sets: await readByFilemarks(path) };
    } catch (error) {
      const fault = faultOrThrow(error);
      const maxSteps = source.sizeBytes > MAX_BYTES_TO_FAULT ? STEPS_TO_DESCRIPTION : MAX_STEPS_TO_FAULT;
      const walked = await walk(new CompressedView(file, source.sizeBytes), label, { maxSteps });
      return { ...reading, ...walked, fault: walked.fault instanceof StepLimitExceeded ? fault : walked.fault };
    }
  } catch (error) {
    return { ...reading, fault: faultOrThrow(error) };
  }
}

/** Jumps to the last entry of a set's index; the closing description lies between it and the filemark. */
async function findByIndex(
  { file, view }: { file: PlainView; view: CompressedView },
  { ssetAt }: { ssetAt: number },
  dataEnd: number,
): Promise<number> {
  const last = (await readIndexBefore(file, dataEnd)).at(-1);
  if (!last || last.fileOffset >= dataEnd)
    throw new BackupFault("damaged", dataEnd, "the index of a compressed set is empty");
  const from = ssetAt + last.mtfOffset;
  view.jump(from, last.fileOffset);
  const window = await view.untilFilemark(from, MAX_CONFIG_BYTES);
  for (let at = window.length - BLOCK_STEP_BYTES; at >= 0; at -= BLOCK_STEP_BYTES) {
    if (looksLikeBlock(window, at, "MSLS")) return from + at;
  }
  throw new BackupFault("truncated", dataEnd, "the closing description of the backup set is missing");
}
