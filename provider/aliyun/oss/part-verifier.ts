import type { LocalChecksums } from "./local-checksums";
import type { ResumeCandidate } from "./resume-choice";

/** A part on the server that equals the file. */
export interface AcceptedPart {
  number: number;
  sizeBytes: number;
  etag: string;
  crc64: bigint;
}

/** Compares the listed parts of an unfinished upload with the file, one at a time. */
export class PartVerifier {
  readonly accepted: AcceptedPart[] = [];
  /** Numbers of listed parts that differ from the file. */
  readonly rejected: number[] = [];
  matchedBytes = 0;
  private next = 0;

  constructor(
    readonly candidate: ResumeCandidate,
    private readonly checksums: LocalChecksums,
  ) {}

  get isDone(): boolean {
    return this.next >= this.candidate.parts.length;
  }

  /**
   * Compares the next part.
   * @returns the part if it is equal, its number if it must be sent again, undefined at the end
   */
  async step(signal?: AbortSignal): Promise<AcceptedPart | number | undefined> {
    const part = this.candidate.parts[this.next];
    if (part === undefined) return undefined;
    const local = await this.checksums.ofPart(this.candidate.plan, part.number, signal);
    this.next++;
    if (part.crc64 !== local) {
      this.rejected.push(part.number);
      return part.number;
    }
    const accepted = { number: part.number, sizeBytes: part.sizeBytes, etag: part.etag, crc64: local };
    this.accepted.push(accepted);
    this.matchedBytes += part.sizeBytes;
    return accepted;
  }
}
