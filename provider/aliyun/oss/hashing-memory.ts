import { ALL_ONES } from "./crc64";
import {
  type Crc64Module,
  FOLD_HISTORY_BYTES,
  FOLD_STEP_BYTES,
  instantiateCrc64,
  SLICE_TABLES_BYTES,
} from "./crc64-module";
import { webAssembly } from "./web-assembly";

const PAGE_BYTES = 65_536;
/** Block size of folding: the quotient stays in the processor's first-level cache. */
const BLOCK_BYTES = 16 * 1024;

/** Addresses in the memory. The quotient's history directly precedes its block. */
const HISTORY = SLICE_TABLES_BYTES;
const BLOCK = HISTORY + FOLD_HISTORY_BYTES;
const REMAINDER = BLOCK + BLOCK_BYTES + FOLD_HISTORY_BYTES;
const DATA = Math.ceil((REMAINDER + FOLD_HISTORY_BYTES) / PAGE_BYTES) * PAGE_BYTES;

/**
 * Memory whose contents are checksummed in place: WebAssembly can access only its own memory. Files are read into it
 * and sent from it, so no byte is copied in user space.
 */
export class HashingMemory {
  /** For the caller's data, zeroed. */
  readonly bytes: Uint8Array;
  private readonly module: Crc64Module;
  private readonly all: Uint8Array;
  private readonly blockStart: BigUint64Array;

  /** @param sizeBytes how much data it holds, rounded up to whole pages of 64 KiB */
  constructor(sizeBytes: number) {
    const pages = DATA / PAGE_BYTES + Math.ceil(sizeBytes / PAGE_BYTES);
    const memory = new webAssembly.Memory({ initial: pages, maximum: pages });
    this.module = instantiateCrc64(memory);
    this.all = new Uint8Array(memory.buffer);
    this.bytes = this.all.subarray(DATA);
    this.blockStart = new BigUint64Array(memory.buffer, BLOCK, 1);
  }

  /** CRC-64/XZ of the bytes `[start, end)` of the data, continuing from `crc`, the checksum of the bytes before. */
  crc64(start: number, end: number, crc: bigint): bigint {
    return this.register(DATA + start, DATA + end, crc ^ ALL_ONES) ^ ALL_ONES;
  }

  private register(from: number, end: number, crc: bigint): bigint {
    const foldable = Math.floor((end - from - FOLD_HISTORY_BYTES) / FOLD_STEP_BYTES) * FOLD_STEP_BYTES;
    if (foldable < FOLD_STEP_BYTES) return this.module.slice(crc, from, end);
    const { all, module } = this;
    all.fill(0, HISTORY, BLOCK);
    // The register is XORed into the first eight bytes of the quotient, on which no other byte depends yet.
    module.fold(from, from + FOLD_STEP_BYTES, HISTORY, BLOCK);
    this.blockStart[0] = (this.blockStart[0] ?? 0n) ^ crc;
    let filled = FOLD_STEP_BYTES;
    let at = from + FOLD_STEP_BYTES;
    for (const foldEnd = from + foldable; at < foldEnd; ) {
      if (filled === BLOCK_BYTES) {
        all.copyWithin(HISTORY, HISTORY + BLOCK_BYTES, BLOCK + BLOCK_BYTES);
        filled = 0;
      }
      const piece = Math.min(foldEnd - at, BLOCK_BYTES - filled);
      module.fold(at, at + piece, HISTORY + filled, BLOCK + filled);
      at += piece;
      filled += piece;
    }
    // The remainder: the quotient's contributions to the bytes after it, which do not contribute to each other.
    all.fill(0, BLOCK + filled, BLOCK + filled + FOLD_HISTORY_BYTES);
    module.fold(at, at + FOLD_HISTORY_BYTES, HISTORY + filled, REMAINDER);
    const rest = module.slice(0n, REMAINDER, REMAINDER + FOLD_HISTORY_BYTES);
    return module.slice(rest, at + FOLD_HISTORY_BYTES, end);
  }
}
