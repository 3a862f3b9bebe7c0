import { PlainView } from "./plain-view";
import type { RangeSource } from "./range-source";
import { asFault, type MtfReading, readByFilemarks, readLabel, walk } from "./read-mtf";
import { OutOfSteps, type StreamVisitor } from "./set-collector";

/** Where a file turns out to be unsound, the way to the fault is followed this many blocks and streams far in each set. */
const MAX_STEPS_TO_FAULT = 5000;
/** While looking for a fault, most reads need one header only. */
const SMALL_READ_AHEAD_BYTES = 16 * 1024;
/** Reading everything is quicker in large pieces. */
export const DEEP_READ_AHEAD_BYTES = 1024 * 1024;

/** Reads an uncompressed backup: its first blocks, then by way of the filemarks the closing blocks of each set. */
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
      const fault = asFault(error);
      const way = await walk(new PlainView(source, { head, readAheadBytes: SMALL_READ_AHEAD_BYTES }), label, {
        maxSteps: MAX_STEPS_TO_FAULT,
      });
      // The walk knows better where the fault is, unless it gave up; where it finds none, the short way was mistaken.
      return { ...reading, ...way, fault: way.fault instanceof OutOfSteps ? fault : way.fault };
    }
  } catch (error) {
    return { ...reading, fault: asFault(error) };
  }
}
