import { BackupFault } from "./backup-fault";
import type { BackupSet, Media } from "./backup-file";
import { type Filemark, findBlockBackwards, parseFilemark } from "./filemark";
import { type MediaLabel, readMediaLabel } from "./media-label";
import { alignStream, readBlock, readStream } from "./mtf-block";
import type { MtfView } from "./mtf-view";
import { MAX_SETS, SetCollector, StepLimitExceeded, type StreamVisitor } from "./set-collector";

/** The contents of a backup, and the first fault that stopped the parser. */
export interface MtfReading {
  media: Media | null;
  sets: BackupSet[];
  fault?: BackupFault;
}

/** The media label and the offset of the next block. */
export interface LabelReading extends MediaLabel {
  end: number;
}

/** Far more than the two streams of a media label in all observed files. */
const MAX_LABEL_STREAMS = 64;
const MAX_RAID_BYTES = 64;

/** The TAPE block at the start of the stream, with SQL Server's RAID stream. */
export async function readLabel(view: MtfView): Promise<LabelReading> {
  const tape = await readBlock(view, 0);
  if (tape.type !== "TAPE") throw new BackupFault("damaged", 0, "the media label (TAPE) is missing");
  let raid: Awaited<ReturnType<MtfView["window"]>> | undefined;
  let at = tape.fixed.length;
  for (let count = 0; count < MAX_LABEL_STREAMS; count += 1) {
    const stream = await readStream(view, at);
    const end = stream.dataAt + stream.length;
    if (stream.id === "RAID") raid = await view.window(stream.dataAt, Math.min(stream.length, MAX_RAID_BYTES));
    if (stream.id === "SPAD") return { ...readMediaLabel(tape, raid), end };
    at = alignStream(end);
  }
  throw new BackupFault("damaged", at, "the media label has no end");
}

/** Far more than the twenty or so blocks and streams of a set whose data are skipped. */
const STEPS_PER_SET = 500;
/** The closing description is searched at least this far before a filemark. */
const CLOSING_SEARCH_BYTES = 32 * 1024;

export interface FilemarkPath {
  /** The stream that the blocks are read from. */
  view: MtfView;
  /** The file itself, which contains the filemarks; equal to `view` for a plain backup. */
  file: MtfView;
  label: LabelReading;
  sizeBytes: number;
  /** Finds MSLS of the set whose data end with the filemark at file offset `dataEnd`; by default a backward search. */
  findClosing?: (set: { ssetAt: number; msciBytes: number }, dataEnd: number) => Promise<number>;
}

/**
 * Reads the start and the end of each set and nothing between. The last filemark lists the earlier ones, two for each
 * set. Filemarks of SQL Server 2005 have another list format; for them one set per file is assumed, and its closing
 * description is searched before the end.
 */
export async function readByFilemarks({
  view,
  file,
  label,
  sizeBytes,
  findClosing,
}: FilemarkPath): Promise<BackupSet[]> {
  const lastAt = sizeBytes - label.filemarkBytes;
  if (lastAt < label.end) throw new BackupFault("truncated", sizeBytes, "the closing filemark is missing");
  const last = await readFilemark(file, lastAt);
  const collector = new SetCollector(view, { maxSteps: STEPS_PER_SET });
  const find = findClosing ?? ((set, dataEnd) => searchClosing(file, set, dataEnd));
  let at = (await collector.readBlock(label.end)).end;
  for (const dataEnd of await listDataEnds(file, last, collector.lastFilemarkAt)) {
    let type: string;
    do ({ type, end: at } = await collector.readBlock(at));
    while (type !== "MSCI");
    const { openSet } = collector;
    if (!openSet) throw new BackupFault("damaged", at, "the backup set has no start");
    at = await find(openSet, dataEnd);
    while (collector.openSet && !(await view.endsAt(at))) at = (await collector.readBlock(at)).end;
  }
  await checkEnd(view, collector, at);
  return collector.sets;
}

async function checkEnd(view: MtfView, collector: SetCollector, at: number): Promise<void> {
  if (collector.openSet) throw new BackupFault("truncated", at, "the closing blocks of the backup set are missing");
  if (!(await view.endsAt(at))) throw new BackupFault("damaged", at, "unknown data follow the last backup set");
  if (collector.sets.length === 0) throw new BackupFault("truncated", at, "no backup set follows the media label");
}

/** File offsets of the filemarks that end the data of each set, in the order of the file. */
async function listDataEnds(file: MtfView, last: Filemark, firstAt: number | undefined): Promise<number[]> {
  const filemarks = await listFilemarks(file, last);
  if (filemarks === undefined) return [last.at];
  if (filemarks[0] !== firstAt || filemarks.length % 2 === 0) {
    throw new BackupFault("damaged", last.at, "the filemarks do not match the parts of the file");
  }
  // Filemark 0 follows the media label. Each set has two more: after its data and after its closing blocks.
  return filemarks.filter((_, index) => index % 2 === 1);
}

/** Offsets of all filemarks in the order of the file; undefined where the lists have the older format. */
async function listFilemarks(file: MtfView, last: Filemark): Promise<number[] | undefined> {
  let known = [last.at];
  for (let mark = last; mark.earlierCount > 0; ) {
    if (mark.earlier === null) return undefined;
    const older = mark.earlier.toReversed();
    const isAscending = [...older, mark.at].every((at, index, all) => index === 0 || at > (all[index - 1] ?? at));
    const [oldest] = older;
    if (!isAscending || oldest === undefined || known.length > 2 * MAX_SETS) {
      throw new BackupFault("damaged", mark.at, "a filemark's list is not in order");
    }
    known = [...older, ...known];
    if (mark.earlierCount === older.length) break;
    mark = await readFilemark(file, oldest);
  }
  return known;
}

async function readFilemark(file: MtfView, at: number): Promise<Filemark> {
  const block = await readBlock(file, at).catch((error: unknown) => {
    throw error instanceof BackupFault ? noFilemark(at) : error;
  });
  if (block.type !== "SFMB") throw noFilemark(at);
  return parseFilemark(block);
}

const noFilemark = (at: number): BackupFault =>
  new BackupFault("truncated", at, "it does not end with a filemark, as a complete backup does");

async function searchClosing(
  file: MtfView,
  set: { ssetAt: number; msciBytes: number },
  dataEnd: number,
): Promise<number> {
  const from = Math.max(set.ssetAt, dataEnd - Math.max(CLOSING_SEARCH_BYTES, 2 * set.msciBytes));
  const found = from < dataEnd ? await findBlockBackwards(file, { type: "MSLS", from, end: dataEnd }) : undefined;
  if (found === undefined) {
    throw new BackupFault("truncated", dataEnd, "the closing description of the backup set is missing");
  }
  return found;
}

export interface WalkReading {
  sets: BackupSet[];
  fault?: BackupFault;
}

/**
 * Reads every block after the media label. Stops at the first fault, at the end of the file, or after `maxSteps` in one
 * set.
 */
export async function walk(
  view: MtfView,
  label: LabelReading,
  options: { maxSteps?: number; visitStream?: StreamVisitor },
): Promise<WalkReading> {
  const collector = new SetCollector(view, options);
  let at = label.end;
  try {
    while (!(await view.endsAt(at))) at = await readNextBlock(collector, at);
    await checkEnd(view, collector, at);
    return { sets: collector.sets };
  } catch (error) {
    return { sets: collector.sets, fault: faultOrThrow(error) };
  }
}

/** After a complete set, bytes that are not a block are not damage: something was appended to the file. */
async function readNextBlock(collector: SetCollector, at: number): Promise<number> {
  const isAfterSet = !collector.openSet && collector.sets.length > 0;
  try {
    return (await collector.readBlock(at)).end;
  } catch (error) {
    const fault = faultOrThrow(error);
    if (isAfterSet && fault.at === at && !(fault instanceof StepLimitExceeded)) {
      throw new BackupFault("damaged", at, "the data after the last backup set are not a backup set");
    }
    throw fault;
  }
}

/** Returns a fault of the bytes; throws any other error, such as an unreadable source. */
export function faultOrThrow(error: unknown): BackupFault {
  if (error instanceof BackupFault) return error;
  throw error;
}
