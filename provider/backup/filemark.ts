import { BackupFault } from "./backup-fault";
import { type Block, looksLikeBlock } from "./mtf-block";
import type { MtfView } from "./mtf-view";

/** Attribute of a filemark that lists its predecessors as 64-bit offsets (SQL Server 2008 and later). */
const LISTS_OFFSETS = 0x8000_0000;
const CAPACITY_AT = 52;
const USED_AT = 56;
const LIST_OFFSET_AT = 60;
const OFFSET_BYTES = 8;

/** A soft filemark (SFMB). It closes each part of the file and lists the earlier filemarks, newest first. */
export interface Filemark {
  at: number;
  /** File offsets of earlier filemarks, newest first; null where the list has the older, undocumented format. */
  earlier: number[] | null;
  /** Number of all earlier filemarks; more than the list holds when the block is full. */
  earlierCount: number;
}

export function parseFilemark(block: Block): Filemark {
  const { fixed, at } = block;
  const earlierCount = fixed.u32(USED_AT);
  if ((block.attributes & LISTS_OFFSETS) === 0) return { at, earlier: null, earlierCount };
  const listAt = fixed.u32(LIST_OFFSET_AT);
  const listed = Math.min(earlierCount, fixed.u32(CAPACITY_AT));
  const room = Math.floor((fixed.length - listAt) / OFFSET_BYTES);
  if (listed > room) throw new BackupFault("damaged", at, "a filemark lists more predecessors than it has room for");
  return {
    at,
    earlier: Array.from({ length: listed }, (_, index) => fixed.u64(listAt + index * OFFSET_BYTES)),
    earlierCount,
  };
}

/**
 * Searches `[from, end)` backwards, in steps of 512 bytes from `end`, for a block of this type with a good checksum.
 */
export async function findBlockBackwards(
  view: MtfView,
  { type, from, end }: { type: string; from: number; end: number },
): Promise<number | undefined> {
  const window = await view.window(from, end - from);
  for (let at = end - from - BLOCK_STEP; at >= 0; at -= BLOCK_STEP) {
    if (looksLikeBlock(window, at, type)) return from + at;
  }
  return undefined;
}

/** Blocks start at multiples of 1,024 bytes from their set's SSET, which follows a filemark of n·512 bytes. */
const BLOCK_STEP = 512;
