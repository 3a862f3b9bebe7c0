import { HashingMemory } from "./hashing-memory";
import { Semaphore } from "./semaphore";

/** A piece of memory on loan. Whoever acquired it releases it, once, when nobody reads it any more. */
export interface Chunk {
  readonly bytes: Uint8Array;
  /** CRC-64/XZ of the first `length` bytes, going on from `crc`. */
  crc64(length: number, crc: bigint): bigint;
  release(): void;
}

/** Large enough that a call of the operating system costs little for each byte, small enough to stay in the cache. */
const CHUNK_BYTES = 512 * 1024;
const CHUNKS = 32;

/** All memory that uploads of this process hold file contents in: 16 MiB, whatever the files' size and number. */
export class ChunkPool {
  private readonly loans = new Semaphore(CHUNKS);
  private memory: HashingMemory | undefined;
  /** Offsets in the memory. The last one back is the first to go out again: what is in the cache stays there. */
  private readonly idle: number[] = [];

  async acquire(signal?: AbortSignal): Promise<Chunk> {
    const giveBack = await this.loans.acquire(signal);
    const memory = this.provide();
    const start = this.idle.pop();
    if (start === undefined) throw new Error("more chunks are on loan than there are");
    return {
      bytes: memory.bytes.subarray(start, start + CHUNK_BYTES),
      crc64: (length, crc) => memory.crc64(start, start + length, crc),
      release: () => {
        this.idle.push(start);
        giveBack();
      },
    };
  }

  private provide(): HashingMemory {
    if (this.memory === undefined) {
      this.memory = new HashingMemory(CHUNKS * CHUNK_BYTES);
      for (let index = CHUNKS - 1; index >= 0; index--) this.idle.push(index * CHUNK_BYTES);
    }
    return this.memory;
  }
}
