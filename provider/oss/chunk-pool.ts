import { crc64 } from "./crc64";
import { Semaphore } from "./semaphore";

/** A piece of memory on loan. Whoever acquired it releases it, once, when nobody reads it any more. */
export interface Chunk {
  readonly bytes: Uint8Array;
  /** The checksum of the first `length` bytes, going on from `crc`. */
  crc64(length: number, crc: bigint): bigint;
  release(): void;
}

const CHUNK_BYTES = 256 * 1024;
const CHUNKS = 64;

/** All memory that uploads of this process hold file contents in: 16 MiB, whatever the files' size and number. */
export class ChunkPool {
  readonly chunkBytes = CHUNK_BYTES;
  private readonly loans = new Semaphore(CHUNKS);
  private readonly idle: Uint8Array[] = [];

  async acquire(signal?: AbortSignal): Promise<Chunk> {
    const giveBack = await this.loans.acquire(signal);
    const bytes = this.idle.pop() ?? new Uint8Array(new ArrayBuffer(CHUNK_BYTES));
    return {
      bytes,
      crc64: (length, crc) => crc64(bytes.subarray(0, length), crc),
      release: () => {
        this.idle.push(bytes);
        giveBack();
      },
    };
  }
}
