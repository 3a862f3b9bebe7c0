import { HashingMemory } from "./hashing-memory";
import { Semaphore } from "./semaphore";

/**
 * Large enough that the calls of the operating system, and the objects Node makes for each of them, cost little for a byte;
 * small enough that what was read is still in the cache when it is checksummed and sent.
 */
export const CHUNK_BYTES = 1024 * 1024;
export const CHUNKS = 16;

/** A piece of memory on loan. Whoever acquired it releases it, once, when nobody reads it any more. */
export class Chunk {
  constructor(
    readonly bytes: Uint8Array,
    private readonly memory: HashingMemory,
    private readonly start: number,
    private readonly giveBack: (chunk: Chunk) => void,
  ) {}

  /** The first `length` bytes. */
  first(length: number): Uint8Array {
    return length === this.bytes.length ? this.bytes : this.bytes.subarray(0, length);
  }

  /** CRC-64/XZ of the first `length` bytes, going on from `crc`. */
  crc64(length: number, crc: bigint): bigint {
    return this.memory.crc64(this.start, this.start + length, crc);
  }

  release(): void {
    this.giveBack(this);
  }
}

/** All memory that uploads of this process hold file contents in: 16 MiB, whatever the files' size and number. */
export class ChunkPool {
  private readonly loans = new Semaphore(CHUNKS);
  /** The last one back is the first to go out again: what is in the cache stays there. */
  private idle: Chunk[] | undefined;

  /** A chunk, if one is free and nobody waits for it. */
  acquireNow(): Chunk | undefined {
    return this.loans.takeNow() ? this.lend() : undefined;
  }

  /** Waits for a chunk. @throws the signal's reason when it aborts first */
  async acquire(signal?: AbortSignal): Promise<Chunk> {
    await this.loans.take(signal);
    return this.lend();
  }

  private lend(): Chunk {
    this.idle ??= this.allocate();
    const chunk = this.idle.pop();
    if (chunk === undefined) throw new Error("more chunks are on loan than there are");
    return chunk;
  }

  private allocate(): Chunk[] {
    const memory = new HashingMemory(CHUNKS * CHUNK_BYTES);
    const giveBack = (chunk: Chunk): void => {
      this.idle?.push(chunk);
      this.loans.give();
    };
    return Array.from({ length: CHUNKS }, (_, index) => {
      const start = index * CHUNK_BYTES;
      return new Chunk(memory.bytes.subarray(start, start + CHUNK_BYTES), memory, start, giveBack);
    });
  }
}
