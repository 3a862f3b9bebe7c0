import { BackupFault } from "./backup-fault";
import type { ByteWindow } from "./byte-window";
import type { MtfView } from "./mtf-view";

/** MTF_DB_HDR: every descriptor block starts with it. [MTF 1.00a §5.2.1] */
export const BLOCK_HEADER_BYTES = 52;
/** MTF_STREAM_HDR. [MTF 1.00a §6.2.1] */
export const STREAM_HEADER_BYTES = 22;
/** Media attribute of a stream that continues on another medium. */
const STREAM_CONTINUES = 0x1;
const STREAM_ALIGNMENT = 4;

/** A descriptor block: its fixed part, without the streams that follow it. */
export interface Block {
  /** TAPE, SSET, VOLB, ESET, SFMB; SQL Server adds MSCI, MSDA, MSTL, MSLS. */
  type: string;
  at: number;
  attributes: number;
  /** Distance from the set's SSET, in units of 1,024 bytes. */
  formatLogicalAddress: number;
  /** The bytes from the block's start to its first stream; for a filemark the whole block. */
  fixed: ByteWindow;
}

/** One stream of a block. Its data start after its header. */
export interface Stream {
  id: string;
  at: number;
  mediaAttributes: number;
  dataAt: number;
  length: number;
}

export const alignStream = (at: number): number => Math.ceil(at / STREAM_ALIGNMENT) * STREAM_ALIGNMENT;

/** Whether a block of this type may start here: four capitals and a header whose words XOR to zero. */
export function looksLikeBlock(window: ByteWindow, at: number, type: string): boolean {
  return (
    at + BLOCK_HEADER_BYTES <= window.length &&
    window.ascii(at, 4) === type &&
    window.xor16(at, BLOCK_HEADER_BYTES / 2) === 0
  );
}

/** Reads a block's fixed part and checks its checksum. */
export async function readBlock(view: MtfView, at: number): Promise<Block> {
  const header = await view.window(at, BLOCK_HEADER_BYTES);
  const type = header.ascii(0, 4);
  if (!/^[A-Z]{4}$/.test(type)) throw new BackupFault("damaged", at, "no MTF block starts at this offset");
  if (header.xor16(0, BLOCK_HEADER_BYTES / 2) !== 0) {
    throw new BackupFault("damaged", at, `the checksum of the ${type} block does not match`);
  }
  const fixedBytes = header.u16(8);
  if (fixedBytes < BLOCK_HEADER_BYTES) throw new BackupFault("damaged", at, `the ${type} block is too short`);
  return {
    type,
    at,
    attributes: header.u32(4),
    formatLogicalAddress: header.u64(0x14),
    fixed: await view.window(at, fixedBytes),
  };
}

/** Reads the stream header at `at`; the stream's data must lie within the file. */
export async function readStream(view: MtfView, at: number): Promise<Stream> {
  const header = await view.window(at, STREAM_HEADER_BYTES);
  const id = header.ascii(0, 4);
  if (header.xor16(0, STREAM_HEADER_BYTES / 2) !== 0 || !/^[A-Z]{4}$/.test(id)) {
    throw new BackupFault("damaged", at, "the checksum of a stream header does not match");
  }
  const mediaAttributes = header.u16(6);
  if (mediaAttributes & STREAM_CONTINUES) {
    throw new BackupFault("truncated", at, `the ${id} stream continues on another medium`);
  }
  const stream = { id, at, mediaAttributes, dataAt: at + STREAM_HEADER_BYTES, length: header.u64(8) };
  view.requireLength(stream.dataAt + stream.length, `the ${id} stream`);
  return stream;
}

/** An MTF_TAPE_ADDRESS {u16 size, u16 offset from the block} of UTF-16 text; null when it is empty. */
export function blockText(block: Block, addressAt: number): string | null {
  const size = block.fixed.u16(addressAt);
  return size === 0 ? null : block.fixed.utf16(block.fixed.u16(addressAt + 2), size);
}

/** Whether an address is set. Passwords are stored as hashes, so only their presence is known. */
export const isPresent = (block: Block, addressAt: number): boolean => block.fixed.u16(addressAt) > 0;
