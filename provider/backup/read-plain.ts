import { PlainView } from "./plain-view";
import type { RangeSource } from "./range-source";
import { faultOrThrow, type MtfReading, readByFilemarks, readLabel, walk } from "./read-mtf";
import { StepLimitExceeded, type StreamVisitor } from "./set-collector";

/** Blocks and streams per set that are read to locate a fault. */
const MAX_STEPS_TO_FAULT = 5000;
/** The search for a fault reads mostly single headers. */
const SMALL_READ_AHEAD_BYTES = 16 * 1024;
/** A deep check reads the whole file, which is faster in large pieces. */
export const DEEP_READ_AHEAD_BYTES = 1024 * 1024;

/** Reads an uncompressed backup: its first blocks, then, found by the filemarks, the closing blocks of each set. */
export async function readPlain(
  source: RangeSource,
  { head, deep, visitStream }: { head: Uint8Array; deep: boolean; visitStream: StreamVisitor },
): Promise<MtfReading> {
  const view = new PlainView(source, { head, ...(deep ? { readAheadBytes: DEEP_READ_AHEAD_BYTES } : {}) });
  let reading: MtfReading = { media: null, sets: [] };
  try {
    const label = await readLabel(view);
    reading = { ...reading, media: label.media };
    if (deep) return { ...reading, ...(await walk(view, label, { visitStream })) };
    try {
      return { ...reading, sets: await readByFilemarks({ view, file: view, label, sizeBytes: source.sizeBytes }) };
    } catch (error) {
      const fault = faultOrThrow(error);
      const walked = await walk(new PlainView(source, { head, readAheadBytes: SMALL_READ_AHEAD_BYTES }), label, {
        maxSteps: MAX_STEPS_TO_FAULT,
      });
      // The walk locates the fault more precisely, unless it reached its limit. Where it finds none, the filemarks were
      // wrong.
      return { ...reading, ...walked, fault: walked.fault instanceof StepLimitExceeded ? fault : walked.fault };
    }
  } catch (error) {
    return { ...reading, fault: faultOrThrow(error) };
  }
}
