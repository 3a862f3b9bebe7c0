import { BLOCK_HEADER_BYTES, STREAM_HEADER_BYTES } from "../../provider/backup/mtf-block";
import { FieldWriter } from "./field-writer";

/** Windows NT, version 1, as in every block that SQL Server writes. */
const OS_ID = 14;
const OS_VERSION = 1;
const CHECKSUM_AT = BLOCK_HEADER_BYTES - 2;
const STREAM_CHECKSUM_AT = STREAM_HEADER_BYTES - 2;

/** The string types of MTF: none for blocks without text, UTF-16 for the others. */
export const STRINGS = { none: 0, utf16: 2 } as const;

export interface BlockHeader {
  type: string;
  attributes?: number;
  /** In units of 1,024 bytes from the set's SSET. */
  formatLogicalAddress?: number;
  controlBlockId?: number;
  /** Offset and size of the OS-specific data in the block. */
  osData?: { size: number; at: number };
  strings: (typeof STRINGS)[keyof typeof STRINGS];
}

/**
 * Adds MTF_DB_HDR and its checksum to a block whose other fields are already written. The block's length becomes the offset of
 * the first stream.
 */
export function finishBlock(block: FieldWriter, header: BlockHeader): Uint8Array {
  block
    .ascii(0, header.type)
    .u32(4, header.attributes ?? 0)
    .u16(8, block.bytes.length)
    .u8(10, OS_ID)
    .u8(11, OS_VERSION)
    .u64(0x14, header.formatLogicalAddress ?? 0)
    .u32(0x24, header.controlBlockId ?? 0)
    .u16(0x2c, header.osData?.size ?? 0)
    .u16(0x2e, header.osData?.at ?? 0)
    .u8(0x30, header.strings);
  return block.u16(CHECKSUM_AT, xor16(block.bytes.subarray(0, CHECKSUM_AT))).bytes;
}

/** The header of a stream, which precedes its data. */
export function streamHeader(id: string, length: number, mediaAttributes = 0): Uint8Array {
  const header = new FieldWriter(STREAM_HEADER_BYTES).ascii(0, id).u16(6, mediaAttributes).u64(8, length);
  return header.u16(STREAM_CHECKSUM_AT, xor16(header.bytes.subarray(0, STREAM_CHECKSUM_AT))).bytes;
}

function xor16(bytes: Uint8Array): number {
  let xor = 0;
  for (let at = 0; at < bytes.length; at += 2) xor ^= (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  return xor;
}
