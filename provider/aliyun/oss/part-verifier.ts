import type { LocalChecksums } from "./local-checksums";
import type { ResumeCandidate } from "./resume-choice";

/** A part that is on the server and equal to the file. */
export interface AcceptedPart {
  number: number;
  sizeBytes: number;
  etag: string;
  crc64: bigint;
}

/** The listed parts of an unfinished upload held against the file, one after the other. */
export class PartVerifier {
  readonly accepted: AcceptedPart[] = [];
  /** Numbers of listed parts that are not what the file holds there. */
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

  /** Compares one more part: the part when it is equal, its number when it has to be sent again. */
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
