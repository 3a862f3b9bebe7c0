import { crc64Combine } from "../../provider/aliyun/oss/crc64";

/** Block size in bytes. The part sizes of all programs are multiples of it. */
export const BLOCK_BYTES = 1024 * 1024;

/** Computes checksums of file ranges by combining precomputed checksums of 1 MiB blocks. */
export class BlockChecksums {
  private readonly known = new Map<string, string>();

  constructor(
    readonly sizeBytes: number,
    private readonly blocks: readonly bigint[],
  ) {}

  /** The checksum of the bytes `[start, end)`. `start` is a block boundary; `end` is one too, or the end of the file. */
  ofRange(start: number, end: number): string {
    const name = `${start}-${end}`;
    let text = this.known.get(name);
    if (text === undefined) {
      text = String(this.combine(start, end));
      this.known.set(name, text);
    }
    return text;
  }

  private combine(start: number, end: number): bigint {
    let crc = 0n;
    for (let at = start; at < end; at += BLOCK_BYTES) {
      const block = this.blocks[at / BLOCK_BYTES];
      if (block === undefined) throw new Error(`no checksum of the block at ${at}`);
      crc = crc64Combine(crc, block, Math.min(BLOCK_BYTES, this.sizeBytes - at));
    }
    return crc;
  }
}
