import { ByteWindow } from "./byte-window";
import { BLOCK_HEADER_BYTES, blockText, looksLikeBlock } from "./mtf-block";

/** SQL Server's id in the media label. [MTF 1.00a, software vendor id; observed on 165 files] */
const SQL_SERVER_VENDOR = 0x1200;
const SQL_SERVER_NAME = /Microsoft SQL Server/i;
const SOFTWARE_NAME_AT = 0x50;
const VENDOR_AT = 0x56;
/** End of the label's fixed part. */
const LABEL_BYTES = 0x5e;

/**
 * The program that wrote a Microsoft Tape Format file that is not SQL Server's, or its vendor id where the label holds no name;
 * undefined for SQL Server's own files and for a label that cannot be read.
 */
export function otherTapeProgram(head: Uint8Array): string | undefined {
  const window = new ByteWindow(head, 0);
  if (!looksLikeBlock(window, 0, "TAPE")) return undefined;
  const fixedBytes = window.u16(8);
  if (fixedBytes < Math.max(LABEL_BYTES, BLOCK_HEADER_BYTES) || fixedBytes > window.length) return undefined;
  const vendor = window.u16(VENDOR_AT);
  const name = softwareName(window.slice(0, fixedBytes)) ?? "";
  if (vendor === SQL_SERVER_VENDOR || SQL_SERVER_NAME.test(name)) return undefined;
  return name === "" ? `a program with the vendor id ${vendor}` : name;
}

/** The name, which lies behind the fixed part of the block; null where its address is wrong. */
function softwareName(fixed: ByteWindow): string | null {
  try {
    const block = { type: "TAPE", at: 0, attributes: 0, formatLogicalAddress: 0, fixed };
    return blockText(block, SOFTWARE_NAME_AT)?.trim() ?? null;
  } catch {
    return null;
  }
}
