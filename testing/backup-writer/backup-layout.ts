import { alignStream, STREAM_HEADER_BYTES } from "../../provider/backup/mtf-block";
import { addSector, PAGE_BYTES, SECTOR_BYTES, sectorSum } from "../../provider/backup/page-checksum";
import { type BackupSpec, type CompleteSpec, completeSpec } from "./backup-spec";
import { encodeConfig } from "./config-encoding";
import { concatBytes, FieldWriter } from "./field-writer";
import type { BlockPlace } from "./mtf-blocks";
import * as block from "./mtf-blocks";
import { streamHeader } from "./mtf-encoding";
import { pageContent } from "./page-content";

/** A contiguous range of the file: bytes, or pages that are generated on demand. Pieces are in file order without gaps. */
export type Piece = { at: number; bytes: Uint8Array } | { at: number; pages: { seed: string; count: number } };

export const pieceLength = (piece: Piece): number =>
  "bytes" in piece ? piece.bytes.length : piece.pages.count * PAGE_BYTES;

const LOGICAL_BLOCK_BYTES = 1024;
/** MQDA and MQTL start with two zero bytes; the pages after them are aligned to a logical block. */
const DATA_PREFIX_BYTES = 2;
const VARIABLE = 0x2;
const LAST_OF_VARIABLE = 0x6;
const PADDING = 0x80;
const CHECKSUM_FOLLOWS = 0x100;
/** One virtual log file contains the log; the others are described but empty. */
const EMPTY_LOG_FILES = 3;
/** Up to SQL Server 2016, BackupSize is one logical block more than the size before MSLS (23 of 23 files; 2017: equal). */
const FIRST_EXACT_SIZE = 14;

/** The layout of a file before it is written. Offsets refer to the uncompressed file. */
export interface BackupLayout {
  pieces: Piece[];
  sizeBytes: number;
  filemarkBytes: number;
  /** Offsets of the filemarks, ascending. */
  filemarks: number[];
  /** Offsets of the SSET blocks, ascending. */
  ssets: number[];
  /** Offsets of the first structure after each stream of pages or log. */
  dataEnds: number[];
}

/**
 * Lays out the whole file: the media label, then each set between its filemarks. `compressedSizeBytes` becomes the
 * CompressedBackupSize in the closing description of each set.
 */
export function layOutBackup(specs: readonly BackupSpec[], compressedSizeBytes?: number): BackupLayout {
  const sets = specs.map(completeSpec);
  const [first] = sets;
  if (!first) throw new RangeError("a backup file holds at least one backup set");
  const layout = new Layout(first.filemarkBytes);
  layout.putBlock(block.tape(first), [{ id: "RAID", data: block.raid(first) }]);
  layout.putFilemark();
  sets.forEach((spec, index) => {
    putSet(layout, { spec, sets: sets.slice(0, index + 1), position: index + 1, compressedSizeBytes });
  });
  return layout.result;
}

interface SetPlace {
  spec: CompleteSpec;
  /** The sets of this file up to and including this one, which the set map lists. */
  sets: CompleteSpec[];
  position: number;
  compressedSizeBytes: number | undefined;
}

function putSet(layout: Layout, { spec, sets, position, compressedSizeBytes }: SetPlace): void {
  const ssetAt = layout.at;
  layout.startSet();
  layout.putBlock(block.sset(spec, { position, at: ssetAt }));
  layout.putBlock(block.volb(spec, layout.place()));
  const estimate = { finishDate: null, backupSizeBytes: spec.dataBytes * spec.family.count };
  layout.putBlock(block.config("MSCI", layout.place()), [{ id: "MQCI", data: encodeConfig(spec, estimate) }]);
  if (spec.type !== "log") putData(layout, spec);
  putLog(layout, spec);
  const bytesBefore = layout.at - ssetAt;
  const slack = spec.softwareVersion.major < FIRST_EXACT_SIZE ? LOGICAL_BLOCK_BYTES : 0;
  const backupSizeBytes = (bytesBefore + slack) * spec.family.count;
  const final = encodeConfig(spec, { finishDate: spec.finishDate, backupSizeBytes, compressedSizeBytes });
  layout.putBlock(block.config("MSLS", layout.place()), [{ id: "MQCI", data: final }]);
  layout.putFilemark();
  layout.ssets.push({ at: ssetAt, sizeBytes: bytesBefore + slack });
  const esetAt = layout.at;
  const setMap = block.setMap(sets, layout.ssets);
  layout.putBlock(block.eset(spec, { position, setMapAt: 0 }), [
    { id: "OTCP", fillTo: LOGICAL_BLOCK_BYTES },
    { id: "TSMP", data: setMap },
  ]);
  layout.putBlock(block.eset(spec, { position, setMapAt: esetAt }));
  layout.putFilemark();
}

function putData(layout: Layout, spec: CompleteSpec): void {
  const count = spec.dataBytes / PAGE_BYTES;
  layout.putBlock(block.dataBlock(layout.place()), [
    { id: "APAD", alignPages: true },
    { id: "MQDA", mediaAttributes: VARIABLE | checksumAttribute(spec), pages: { seed: spec.seed, count } },
    ...checksumStream(spec, () => pagesOf(spec.seed, count)),
    { id: "MQDA", mediaAttributes: LAST_OF_VARIABLE },
  ]);
}

function putLog(layout: Layout, spec: CompleteSpec): void {
  const sectors = Math.ceil(spec.logBytes / SECTOR_BYTES);
  const log = new Uint8Array(DATA_PREFIX_BYTES + sectors * SECTOR_BYTES);
  const streams: StreamSpec[] = [
    { id: "APAD", alignPages: true },
    { id: "MQTL", mediaAttributes: checksumAttribute(spec), data: log },
    ...checksumStream(spec, () => [log.subarray(DATA_PREFIX_BYTES)]),
  ];
  layout.putBlock(block.logBlock(spec, layout.place(), 0), sectors === 0 ? [] : streams);
  for (let number = 1; number <= EMPTY_LOG_FILES; number += 1) {
    layout.putBlock(block.logBlock(spec, layout.place(), number));
  }
}

const checksumAttribute = ({ hasBackupChecksums }: CompleteSpec): number => (hasBackupChecksums ? CHECKSUM_FOLLOWS : 0);

function* pagesOf(seed: string, count: number): Generator<Uint8Array> {
  for (let number = 0; number < count; number += 1) yield pageContent(seed, number);
}

/** The CSUM stream that follows a stream of a backup WITH CHECKSUM. */
function checksumStream({ hasBackupChecksums }: CompleteSpec, parts: () => Iterable<Uint8Array>): StreamSpec[] {
  if (!hasBackupChecksums) return [];
  let checksum = 0;
  for (const part of parts()) {
    const data = new DataView(part.buffer, part.byteOffset, part.byteLength);
    for (let at = 0; at < part.length; at += SECTOR_BYTES) checksum = addSector(checksum, sectorSum(data, at));
  }
  return [{ id: "CSUM", data: new FieldWriter(4).u32(0, checksum).bytes }];
}

interface StreamSpec {
  id: string;
  data?: Uint8Array;
  mediaAttributes?: number;
  pages?: { seed: string; count: number };
  /** Pads with zeros so that the pages of the next stream start at a logical block. */
  alignPages?: boolean;
  /** Pads with zeros so that the next stream starts at this offset from the block. */
  fillTo?: number;
}

class Layout {
  readonly pieces: Piece[] = [];
  readonly ssets: { at: number; sizeBytes: number }[] = [];
  at = 0;
  private readonly dataEnds: number[] = [];
  /** Newest first, because each filemark lists the earlier ones in this order. */
  private readonly filemarks: number[] = [];
  /** Logical blocks are counted from the end of the last filemark. */
  private origin = 0;
  private blocksInSet = 0;

  constructor(private readonly filemarkBytes: number) {}

  get result(): BackupLayout {
    return {
      pieces: this.pieces,
      sizeBytes: this.at,
      filemarkBytes: this.filemarkBytes,
      filemarks: this.filemarks.toReversed(),
      ssets: this.ssets.map(({ at }) => at),
      dataEnds: this.dataEnds,
    };
  }

  startSet(): void {
    this.blocksInSet = 0;
  }

  place(): BlockPlace {
    this.blocksInSet += 1;
    const formatLogicalAddress = (this.at - this.origin) / LOGICAL_BLOCK_BYTES;
    return { formatLogicalAddress, controlBlockId: this.blocksInSet };
  }

  putFilemark(): void {
    const filemark = block.filemark(this.filemarks, this.filemarkBytes);
    this.filemarks.unshift(this.at);
    this.put(filemark);
    this.origin = this.at;
  }

  /** Writes a block, its streams, and the SPAD stream that pads to the next logical block. */
  putBlock(fixed: Uint8Array, streams: readonly StreamSpec[] = []): void {
    const blockAt = this.at;
    this.put(fixed);
    for (const stream of streams) {
      this.put(new Uint8Array(alignStream(this.at) - this.at));
      this.putStream(stream, blockAt);
    }
    this.put(new Uint8Array(alignStream(this.at) - this.at));
    const padded = this.nextBoundary(this.at + STREAM_HEADER_BYTES) - this.at - STREAM_HEADER_BYTES;
    this.put(concatBytes([streamHeader("SPAD", padded), new Uint8Array(padded)]));
  }

  private putStream(stream: StreamSpec, blockAt: number): void {
    const behindHeader = this.at + STREAM_HEADER_BYTES;
    const media = stream.mediaAttributes ?? 0;
    if (stream.pages) {
      const length = DATA_PREFIX_BYTES + stream.pages.count * PAGE_BYTES;
      this.put(concatBytes([streamHeader(stream.id, length, media), new Uint8Array(DATA_PREFIX_BYTES)]));
      this.pieces.push({ at: this.at, pages: stream.pages });
      this.at += stream.pages.count * PAGE_BYTES;
      this.dataEnds.push(this.at);
      return;
    }
    const pageLead = STREAM_HEADER_BYTES + DATA_PREFIX_BYTES;
    const fill = stream.alignPages
      ? this.nextBoundary(behindHeader + pageLead) - pageLead - behindHeader
      : Math.max(0, (stream.fillTo ?? 0) - (behindHeader - blockAt));
    const data = stream.data ?? new Uint8Array(fill);
    this.put(concatBytes([streamHeader(stream.id, data.length, stream.alignPages ? PADDING : media), data]));
    if (stream.id === "MQTL") this.dataEnds.push(this.at);
  }

  private nextBoundary(at: number): number {
    return this.origin + Math.ceil((at - this.origin) / LOGICAL_BLOCK_BYTES) * LOGICAL_BLOCK_BYTES;
  }

  private put(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.pieces.push({ at: this.at, bytes });
    this.at += bytes.length;
  }
}
