import { ByteWindow } from "./byte-window";
import { BLOCK_HEADER_BYTES, looksLikeBlock } from "./mtf-block";
import { READ_AHEAD_BYTES } from "./plain-view";
import type { RangeSource } from "./range-source";

/** Filemarks of plain and of compressed backups start at multiples of this. */
const FILEMARK_ALIGNMENT = 512;
/** Offset of a block's size in the header of a filemark, which has no streams. */
const BLOCK_SIZE_AT = 8;
/** First byte of a compressed chunk, with which the next set of a compressed backup begins. */
const COMPRESSED_CHUNK = 0x21;

/**
 * Where the last filemark of a file ends, if other bytes follow it; undefined if none is near the end, or if another backup set begins
 * behind it. Only the caller can tell whether the file up to there is a sound backup.
 */
export async function endBeforeTrailingBytes(source: RangeSource): Promise<number | undefined> {
  const { sizeBytes } = source;
  const start = Math.max(0, Math.floor((sizeBytes - READ_AHEAD_BYTES) / FILEMARK_ALIGNMENT) * FILEMARK_ALIGNMENT);
  const window = new ByteWindow(await source.read(start, sizeBytes), start);
  const last = Math.floor((window.length - BLOCK_HEADER_BYTES) / FILEMARK_ALIGNMENT) * FILEMARK_ALIGNMENT;
  for (let at = last; at >= 0; at -= FILEMARK_ALIGNMENT) {
    if (!looksLikeBlock(window, at, "SFMB")) continue;
    const end = at + window.u16(at + BLOCK_SIZE_AT);
    if (end >= window.length) return undefined;
    const next = window.bytes.subarray(end, end + 4);
    const beginsSet = next[0] === COMPRESSED_CHUNK || "SSET".startsWith(String.fromCharCode(...next));
    return beginsSet ? undefined : start + end;
  }
  return undefined;
}
