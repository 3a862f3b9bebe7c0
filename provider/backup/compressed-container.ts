import { BackupFault } from "./backup-fault";
import type { ByteWindow } from "./byte-window";
import type { PlainView } from "./plain-view";
import { rotatingChecksum } from "./rotating-checksum";
import { decodeXpressHuffman, XpressError } from "./xpress-huffman";

/** Size of the compressed container's header. All but its first 16 bytes are uninitialised memory. */
export const CONTAINER_HEADER_BYTES = 480;
/** Layout of the chunks below. Observed on 6 files of SQL Server 2016 and 2022; assumed from 2014 on. */
const KNOWN_LAYOUT = 2;
/**
 * 0x02 (compressed) and 0x01 are set in all observed files; encryption and Zstandard come from other readers' notes.
 */
const FLAG = { compressed: 0x02, encrypted: 0x04, zstandard: 0x80 } as const;

/** Fields of the container's header. */
export interface ContainerHeader {
  isKnownLayout: boolean;
  layout: number;
  isEncrypted: boolean;
  isZstandard: boolean;
}

export function readContainerHeader(header: ByteWindow): ContainerHeader {
  const layout = header.u32(8);
  const flags = header.u32(12);
  return {
    layout,
    isKnownLayout: layout === KNOWN_LAYOUT && (flags & FLAG.compressed) !== 0,
    isEncrypted: layout === KNOWN_LAYOUT && (flags & FLAG.encrypted) !== 0,
    isZstandard: layout === KNOWN_LAYOUT && (flags & FLAG.zstandard) !== 0,
  };
}

const CHUNK = { xpress: 0x21, gap: 0x24, index: 0x2c } as const;
const MARKER_BYTES = 24;
const CHUNK_HEADER_BYTES = 28;
const OUTPUT_UNIT_BYTES = 512;
const MAX_OUTPUT_BYTES = 64 * 1024;
const FILEMARK_SIZE_AT = 8;
const INDEX_HEADER_BYTES = 16;
const INDEX_ENTRY_BYTES = 16;

/** One piece of the container: bytes of the MTF stream, and the offset of the next piece. */
export interface ContainerPiece {
  bytes: Uint8Array;
  /** Offset in the file of a filemark, which is stored uncompressed; undefined for other pieces. */
  filemarkAt?: number;
  next: number;
}

/** Reads the piece at file offset `at`: a compressed chunk, or a gap or index followed by a filemark. */
export async function readPiece(file: PlainView, at: number): Promise<ContainerPiece> {
  const marker = await file.window(at, MARKER_BYTES);
  const type = marker.u8(0);
  if (type === CHUNK.xpress) return readChunk(file, at);
  if (type === CHUNK.gap) return readFilemark(file, at + MARKER_BYTES + marker.u16(2));
  if (type === CHUNK.index) return readFilemark(file, (await readIndex(file, at + MARKER_BYTES)).end);
  throw new BackupFault("damaged", at, "no compressed chunk starts at this offset");
}

async function readChunk(file: PlainView, at: number): Promise<ContainerPiece> {
  const header = await file.window(at, CHUNK_HEADER_BYTES);
  const outputBytes = header.u8(1) * OUTPUT_UNIT_BYTES;
  const payloadBytes = header.u16(2);
  if (outputBytes === 0 || outputBytes > MAX_OUTPUT_BYTES) {
    throw new BackupFault("damaged", at, "a compressed chunk has an impossible size");
  }
  const payload = await file.window(at + CHUNK_HEADER_BYTES, payloadBytes);
  if (rotatingChecksum(payload.bytes) !== header.u32(24)) {
    throw new BackupFault("damaged", at, "the checksum of a compressed chunk does not match");
  }
  try {
    return { bytes: decodeXpressHuffman(payload.bytes, outputBytes), next: at + CHUNK_HEADER_BYTES + payloadBytes };
  } catch (error) {
    if (!(error instanceof XpressError)) throw error;
    throw new BackupFault("damaged", at, `a chunk cannot be decompressed: ${error.message}`);
  }
}

async function readFilemark(file: PlainView, at: number): Promise<ContainerPiece> {
  const size = (await file.window(at, FILEMARK_SIZE_AT + 2)).u16(FILEMARK_SIZE_AT);
  if (size === 0 || size % OUTPUT_UNIT_BYTES !== 0) {
    throw new BackupFault("damaged", at, "no filemark follows the gap or index");
  }
  return { bytes: (await file.window(at, size)).bytes, filemarkAt: at, next: at + size };
}

/**
 * A place where decompression can start. `mtfOffset` counts from the set's SSET block; `fileOffset` is a chunk's
 * offset.
 */
export interface IndexEntry {
  mtfOffset: number;
  fileOffset: number;
}

/** The index at the end of a set: u16 1, u16 1, u32 entries, u32 length, u32 checksum of the entries, entries. */
async function readIndex(file: PlainView, at: number): Promise<{ entries: IndexEntry[]; end: number }> {
  const header = await file.window(at, INDEX_HEADER_BYTES);
  const count = header.u32(4);
  const length = header.u32(8);
  const entriesBytes = count * INDEX_ENTRY_BYTES;
  if (length < INDEX_HEADER_BYTES + entriesBytes) {
    throw new BackupFault("damaged", at, "the index of a compressed set is shorter than its entries");
  }
  if (entriesBytes > MAX_INDEX_BYTES) throw new BackupFault("damaged", at, "the index of a compressed set is too long");
  const body = await file.window(at + INDEX_HEADER_BYTES, entriesBytes);
  if (rotatingChecksum(body.bytes) !== header.u32(12)) {
    throw new BackupFault("damaged", at, "the checksum of a compressed set's index does not match");
  }
  const entries = Array.from({ length: count }, (_, index) => ({
    mtfOffset: body.u64(index * INDEX_ENTRY_BYTES),
    fileOffset: body.u64(index * INDEX_ENTRY_BYTES + 8),
  }));
  return { entries, end: at + length };
}

/** Room for 65,536 entries; the samples have 2 and 3. */
const MAX_INDEX_BYTES = 1024 * 1024;

/** Reads the index that ends at a filemark. A copy of the index header precedes the filemark. */
export async function readIndexBefore(file: PlainView, filemarkAt: number): Promise<IndexEntry[]> {
  if (filemarkAt < INDEX_HEADER_BYTES)
    throw new BackupFault("damaged", filemarkAt, "a filemark comes before any index");
  const copy = await file.window(filemarkAt - INDEX_HEADER_BYTES, INDEX_HEADER_BYTES);
  const start = filemarkAt - copy.u32(8);
  if (copy.u16(0) !== 1 || copy.u16(2) !== 1 || start < CONTAINER_HEADER_BYTES) {
    throw new BackupFault("damaged", filemarkAt, "the index of a compressed set is missing");
  }
  const { entries, end } = await readIndex(file, start);
  if (end !== filemarkAt) throw new BackupFault("damaged", start, "the index of a compressed set has two lengths");
  return entries;
}
