import type { ChunkPool } from "./chunk-pool";
import { crc64Combine } from "./crc64";
import type { LocalFile } from "./local-file";
import { type PartPlan, partRange } from "./part-plan";

/** The checksums of a file's parts, each computed once for as long as the file is cut in the same way. */
export class LocalChecksums {
  private partSizeBytes = 0;
  private readonly known = new Map<number, bigint>();

  constructor(
    private readonly file: LocalFile,
    private readonly chunks: ChunkPool,
  ) {}

  /** Remembers what a part's bytes were when they were sent. */
  note(plan: PartPlan, number: number, crc: bigint): void {
    this.follow(plan);
    this.known.set(number, crc);
  }

  async ofPart(plan: PartPlan, number: number, signal?: AbortSignal): Promise<bigint> {
    this.follow(plan);
    const known = this.known.get(number);
    if (known !== undefined) return known;
    const { start, end } = partRange(plan, number);
    let crc = 0n;
    for (let at = start; at < end; ) {
      const chunk = await this.chunks.acquire(signal);
      try {
        const bytes = chunk.first(Math.min(chunk.bytes.length, end - at));
        await this.file.read(bytes, at);
        crc = chunk.crc64(bytes.length, crc);
        at += bytes.length;
      } finally {
        chunk.release();
      }
    }
    this.note(plan, number, crc);
    return crc;
  }

  /** The checksum of the whole file; `onPart` hears of each part's size once it is in. */
  async ofFile(plan: PartPlan, signal?: AbortSignal, onPart?: (bytes: number) => void): Promise<bigint> {
    let whole = 0n;
    for (let number = 1; number <= plan.partCount; number++) {
      const { start, end } = partRange(plan, number);
      whole = crc64Combine(whole, await this.ofPart(plan, number, signal), end - start);
      onPart?.(end - start);
    }
    return whole;
  }

  private follow(plan: PartPlan): void {
    if (plan.partSizeBytes === this.partSizeBytes) return;
    this.known.clear();
    this.partSizeBytes = plan.partSizeBytes;
  }
}
