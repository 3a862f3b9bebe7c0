import type { ChunkPool } from "./chunk-pool";
import { crc64Combine } from "./crc64";
import type { LocalFile } from "./local-file";
import { type PartPlan, partRange } from "./part-plan";

/** The checksums of a file's parts, each computed once as long as the part size stays the same. */
export class LocalChecksums {
  private partSizeBytes = 0;
  private readonly known = new Map<number, bigint>();

  constructor(
    private readonly file: LocalFile,
    private readonly chunks: ChunkPool,
  ) {}

  /** Records the checksum of a part as it was sent. */
  note(plan: PartPlan, number: number, crc: bigint): void {
    this.resetIfResized(plan);
    this.known.set(number, crc);
  }

  async ofPart(plan: PartPlan, number: number, signal?: AbortSignal): Promise<bigint> {
    this.resetIfResized(plan);
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

  /** The checksum of the whole file. Calls `onPart` with each part's size. */
  async ofFile(plan: PartPlan, signal?: AbortSignal, onPart?: (bytes: number) => void): Promise<bigint> {
    let whole = 0n;
    for (let number = 1; number <= plan.partCount; number++) {
      const { start, end } = partRange(plan, number);
      whole = crc64Combine(whole, await this.ofPart(plan, number, signal), end - start);
      onPart?.(end - start);
    }
    return whole;
  }

  /** Whether the file still has the checksums that were recorded, by reading it again. */
  async isStillTrue(plan: PartPlan, signal?: AbortSignal): Promise<boolean> {
    const before = await this.ofFile(plan, signal);
    return (await new LocalChecksums(this.file, this.chunks).ofFile(plan, signal)) === before;
  }

  private resetIfResized(plan: PartPlan): void {
    if (plan.partSizeBytes === this.partSizeBytes) return;
    this.known.clear();
    this.partSizeBytes = plan.partSizeBytes;
  }
}
