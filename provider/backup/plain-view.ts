import { BackupFault } from "./backup-fault";
import { ByteWindow } from "./byte-window";
import type { MtfView } from "./mtf-view";
import type { RangeSource } from "./range-source";

/** Size of one range read. The header of a backup set and its closing blocks each fit into one. */
export const READ_AHEAD_BYTES = 64 * 1024;

interface Segment {
  start: number;
  bytes: Uint8Array;
}

/** The view of an uncompressed file. Reads 64 KiB at a time and keeps the last two segments. */
export class PlainView implements MtfView {
  private readonly readAheadBytes: number;
  private recent: Segment[] = [];

  constructor(
    private readonly source: RangeSource,
    {
      head,
      readAheadBytes = READ_AHEAD_BYTES,
    }: {
      /** The first bytes, if they were read before. */
      head?: Uint8Array;
      readAheadBytes?: number;
    } = {},
  ) {
    this.readAheadBytes = readAheadBytes;
    if (head) this.recent = [{ start: 0, bytes: head }];
  }

  async window(at: number, length: number): Promise<ByteWindow> {
    this.requireLength(at + length, "the next block");
    const known = this.recent.find(({ start, bytes }) => start <= at && at + length <= start + bytes.length);
    const segment = known ?? (await this.load(at, length));
    return new ByteWindow(segment.bytes.subarray(at - segment.start, at - segment.start + length), at);
  }

  async endsAt(at: number): Promise<boolean> {
    return at === this.source.sizeBytes;
  }

  requireLength(end: number, what: string): void {
    if (end > this.source.sizeBytes) {
      throw new BackupFault(
        "truncated",
        this.source.sizeBytes,
        `${what} needs ${end - this.source.sizeBytes} more bytes`,
      );
    }
  }

  fileOffset(at: number): number {
    return at;
  }

  /** Near the end of the file the segment starts before `at`, because closing blocks are searched backwards. */
  private async load(at: number, length: number): Promise<Segment> {
    const wanted = Math.max(length, this.readAheadBytes);
    const end = Math.min(this.source.sizeBytes, at + wanted);
    const start = Math.max(0, Math.min(at, end - wanted));
    const segment = { start, bytes: await this.source.read(start, end) };
    this.recent = [segment, ...this.recent].slice(0, 2);
    return segment;
  }
}
