import { HashingMemory } from "./hashing-memory";
import { Semaphore } from "./semaphore";

/**
 * Large enough that system calls, and the objects that Node creates for each, cost little per byte; small enough that
 * the bytes are still in the cache when they are checksummed and sent.
 */
export const CHUNK_BYTES = 1024 * 1024;
export const CHUNKS = 16;

/** A borrowed piece of memory. Its owner releases it exactly once, when nothing reads it any more. */
export class Chunk {
  constructor(
    readonly bytes: Uint8Array,
    private readonly memory: HashingMemory,
    private readonly start: number,
    private readonly onRelease: (chunk: Chunk) => void,
  ) {}

  /** The first `length` bytes. */
  first(length: number): Uint8Array {
    return length === this.bytes.length ? this.bytes : this.bytes.subarray(0, length);
  }

  /** CRC-64/XZ of the first `length` bytes, continuing from `crc`. */
  crc64(length: number, crc: bigint): bigint {
    return this.memory.crc64(this.start, this.start + length, crc);
  }

  release(): void {
    this.onRelease(this);
  }
}

/** The memory for file contents of all uploads of this process: 16 MiB, whatever the size and number of files. */
export class ChunkPool {
  private readonly loans = new Semaphore(CHUNKS);
  /** Last in, first out: a recently used chunk is still in the processor's cache. */
  private idle: Chunk[] | undefined;

  /** A free chunk, if any; never waits. */
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
    if (chunk === undefined) throw new Error("more chunks are borrowed than exist");
    return chunk;
  }

  private allocate(): Chunk[] {
    const memory = new HashingMemory(CHUNKS * CHUNK_BYTES);
    const onRelease = (chunk: Chunk): void => {
      this.idle?.push(chunk);
      this.loans.give();
    };
    return Array.from({ length: CHUNKS }, (_, index) => {
      const start = index * CHUNK_BYTES;
      return new Chunk(memory.bytes.subarray(start, start + CHUNK_BYTES), memory, start, onRelease);
    });
  }
}
