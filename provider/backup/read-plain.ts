import { BackupFault } from "./backup-fault";
import type { BackupSet, Media } from "./backup-file";
import { findBlockBackwards, parseFilemark } from "./filemark";
import { type MediaLabel, readMediaLabel } from "./media-label";
import { alignStream, readBlock, readStream } from "./mtf-block";
import type { MtfView } from "./mtf-view";
import { PlainView } from "./plain-view";
import type { RangeSource } from "./range-source";
import { SetCollector, type StreamVisitor } from "./set-collector";

/** What was read of a backup, and the first fault that stopped the reading. */
export interface MtfReading {
  media: Media | null;
  sets: BackupSet[];
  fault?: BackupFault;
}

/** How far before a filemark the closing description is searched at first, in bytes. */
const CLOSING_SEARCH_BYTES = 32 * 1024;
/** Where a file turns out to be unsound, the way to the fault is followed this many blocks and streams far. */
const MAX_STEPS_TO_FAULT = 4000;
/** While looking for a fault, most reads need one header only. */
const SMALL_READ_AHEAD_BYTES = 4 * 1024;

/** Reads an uncompressed backup: its first blocks, then by way of the filemarks the closing blocks of each set. */
export async function readPlain(
  source: RangeSource,
  { head, deep, visitStream }: { head: Uint8Array; deep: boolean; visitStream?: StreamVisitor },
): Promise<MtfReading> {
  const view = new PlainView(source, { head });
  let label: MediaLabel & { end: number };
  try {
    label = await readLabel(view);
  } catch (error) {
    return { media: null, sets: [], fault: asFault(error) };
  }
  if (!deep) {
    const collector = new SetCollector(view);
    const fault = await attempt(() => readByFilemarks({ view, collector, label, sizeBytes: source.sizeBytes }));
    if (!fault) return { media: label.media, sets: collector.sets };
    const way = await walk(new PlainView(source, { readAheadBytes: SMALL_READ_AHEAD_BYTES }), label.end, {
      maxSteps: MAX_STEPS_TO_FAULT,
    });
    return { media: label.media, sets: way.sets, fault: way.fault ?? (way.isComplete ? undefined : fault) };
  }
  const way = await walk(view, label.end, { visitStream });
  return { media: label.media, sets: way.sets, fault: way.fault };
}

/** The TAPE block with the RAID stream. */
export async function readLabel(view: MtfView): Promise<MediaLabel & { end: number }> {
  const tape = await readBlock(view, 0);
  for (let at = tape.fixed.length, raid: Awaited<ReturnType<MtfView["window"]>> | undefined; ; ) {
    const stream = await readStream(view, at);
    const end = stream.dataAt + stream.length;
    if (stream.id === "RAID") raid = await view.window(stream.dataAt, Math.min(stream.length, 64));
    if (stream.id === "SPAD") return { ...readMediaLabel(tape, raid), end };
    at = alignStream(end);
  }
}

interface FilemarkPath {
  view: PlainView;
  collector: SetCollector;
  label: MediaLabel & { end: number };
  sizeBytes: number;
}

/**
 * Reads the start and the end of each set and nothing between. The last filemark lists the earlier ones, two for each
 * set. Filemarks of SQL Server 2005 list them in another way; there the one set that a file mostly holds is found
 * by searching the closing description before the end.
 */
async function readByFilemarks({ view, collector, label, sizeBytes }: FilemarkPath): Promise<void> {
  const lastAt = sizeBytes - label.filemarkBytes;
  if (lastAt < label.end) throw new BackupFault("truncated", sizeBytes, "the closing filemark is missing");
  const filemarks = await listFilemarks(view, lastAt, label.end);
  // Filemark 0 follows the media label; then come, for each set, one behind its data and one behind its closing blocks.
  const dataEnds = filemarks ? filemarks.filter((_, index) => index % 2 === 1) : [lastAt];
  let at = label.end;
  for (const dataEnd of dataEnds) {
    for (let type = ""; type !== "MSCI"; ) ({ type, end: at } = await collector.take(at));
    at = await findClosingDescription(view, collector, dataEnd);
    while (collector.openSet && !(await view.endsAt(at))) at = (await collector.take(at)).end;
  }
  if (collector.openSet)
    throw new BackupFault("truncated", sizeBytes, "the closing blocks of the backup set are missing");
  if (!(await view.endsAt(at))) throw new BackupFault("damaged", at, "something follows the last backup set");
}

/** Offsets of all filemarks in the order of the file; undefined where they are of the older kind. */
async function listFilemarks(view: PlainView, lastAt: number, firstAt: number): Promise<number[] | undefined> {
  let known = [lastAt];
  for (let oldest = lastAt; oldest > firstAt; ) {
    const { earlier } = parseFilemark(await readFilemarkBlock(view, oldest));
    if (earlier === null) return undefined;
    known = [...earlier.toReversed(), ...known];
    const reached = known[0] ?? oldest;
    const isFalling = known.every((at, index) => index === 0 || at > (known[index - 1] ?? at));
    if (reached >= oldest || !isFalling) throw new BackupFault("damaged", oldest, "a filemark's list is not in order");
    oldest = reached;
  }
  if (known[0] !== firstAt || known.length % 2 === 0) {
    throw new BackupFault("damaged", lastAt, "the filemarks do not match the parts of the file");
  }
  return known;
}

async function readFilemarkBlock(view: PlainView, at: number) {
  const block = await readBlock(view, at);
  if (block.type !== "SFMB") throw new BackupFault("truncated", at, "the file does not end with a filemark");
  return block;
}

async function findClosingDescription(view: PlainView, collector: SetCollector, dataEnd: number): Promise<number> {
  const set = collector.openSet;
  const headerEnd = set ? set.sset.at : 0;
  const reach = Math.max(CLOSING_SEARCH_BYTES, 2 * (set?.msciBytes ?? 0));
  const found = await findBlockBackwards(view, {
    type: "MSLS",
    from: Math.max(headerEnd, dataEnd - reach),
    end: dataEnd,
  });
  if (found === undefined) {
    throw new BackupFault("truncated", dataEnd, "the closing description of the backup set is missing");
  }
  return found;
}

/** Follows every block from `at`; stops at the first fault, at the end of the file, or after `maxSteps`. */
export async function walk(
  view: MtfView,
  start: number,
  { maxSteps = Number.POSITIVE_INFINITY, visitStream }: { maxSteps?: number; visitStream?: StreamVisitor },
): Promise<{ sets: BackupSet[]; fault?: BackupFault; isComplete: boolean }> {
  let steps = 0;
  let isComplete = false;
  const spend: StreamVisitor = async (block, stream) => {
    steps += 1;
    if (steps > maxSteps) throw new OutOfSteps();
    await visitStream?.(block, stream);
  };
  const collector = new SetCollector(view, spend);
  const fault = await attempt(async () => {
    let at = start;
    while (!(await view.endsAt(at))) at = (await collector.take(at)).end;
    if (collector.openSet) throw new BackupFault("truncated", at, "the closing blocks of the backup set are missing");
    if (collector.sets.length === 0)
      throw new BackupFault("truncated", at, "there is no backup set behind the media label");
    isComplete = true;
  });
  return { sets: collector.sets, fault, isComplete };
}

class OutOfSteps extends Error {}

async function attempt(action: () => Promise<void>): Promise<BackupFault | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    return error instanceof OutOfSteps ? undefined : asFault(error);
  }
}

/** A fault of the bytes; anything else (the source cannot be read) goes on upwards. */
export function asFault(error: unknown): BackupFault {
  if (error instanceof BackupFault) return error;
  throw error;
}
