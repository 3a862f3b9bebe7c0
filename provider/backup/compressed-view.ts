import { BackupFault } from "./backup-fault";
import { ByteWindow } from "./byte-window";
import { CONTAINER_HEADER_BYTES, readPiece } from "./compressed-container";
import type { MtfView } from "./mtf-view";
import type { PlainView } from "./plain-view";

/** The longest range that is decompressed at once; every structure of a backup is far shorter. */
const MAX_WINDOW_BYTES = 16 * 1024 * 1024;

/**
 * The decompressed stream of an MSSQLBAK container. Windows move forwards only; bytes before the last one are dropped.
 */
export class CompressedView implements MtfView {
  private buffer = new Uint8Array(0);
  private bufferAt = 0;
  private nextPieceAt = CONTAINER_HEADER_BYTES;
  private lastFilemark = { mtfAt: -1, fileAt: -1 };

  constructor(
    private readonly file: PlainView,
    private readonly sizeBytes: number,
  ) {}

  /** Continues at another chunk: the chunk at `fileAt` holds the stream from `mtfAt` on. */
  jump(mtfAt: number, fileAt: number): void {
    this.buffer = new Uint8Array(0);
    this.bufferAt = mtfAt;
    this.nextPieceAt = fileAt;
  }

  async window(at: number, length: number): Promise<ByteWindow> {
    if (at < this.bufferAt || length > MAX_WINDOW_BYTES) {
      throw new BackupFault("damaged", at, "a structure of the compressed stream is too long");
    }
    while (this.end < at + length) await this.decodePiece(at);
    const start = at - this.bufferAt;
    return new ByteWindow(this.buffer.subarray(start, start + length), at);
  }

  async endsAt(at: number): Promise<boolean> {
    while (this.end < at) await this.decodePiece(at);
    return this.end === at && this.nextPieceAt === this.sizeBytes;
  }

  /** Everything from `at` to the next filemark, without it; `maxBytes` at most. */
  async untilFilemark(at: number, maxBytes: number): Promise<ByteWindow> {
    for (;;) {
      const known = this.end;
      const isFilemark = await this.decodePiece(at);
      if (isFilemark) return this.window(at, known - at);
      if (this.end - at > maxBytes)
        throw new BackupFault("damaged", at, "a compressed set does not end where its index says");
    }
  }

  /** The length of the stream is unknown until it is decompressed. */
  requireLength(): void {}

  fileOffset(at: number): number {
    return this.lastFilemark.mtfAt === at ? this.lastFilemark.fileAt : Number.NaN;
  }

  private get end(): number {
    return this.bufferAt + this.buffer.length;
  }

  /** Appends the next piece and drops the bytes before `keepFrom`. @returns whether the piece is a filemark */
  private async decodePiece(keepFrom: number): Promise<boolean> {
    if (this.nextPieceAt === this.sizeBytes) {
      throw new BackupFault("truncated", this.sizeBytes, "the compressed stream ends too early");
    }
    const piece = await readPiece(this.file, this.nextPieceAt);
    if (piece.filemarkAt !== undefined) this.lastFilemark = { mtfAt: this.end, fileAt: piece.filemarkAt };
    const kept = this.buffer.subarray(Math.min(this.buffer.length, Math.max(0, keepFrom - this.bufferAt)));
    const joined = new Uint8Array(kept.length + piece.bytes.length);
    joined.set(kept);
    joined.set(piece.bytes, kept.length);
    this.bufferAt = this.end - kept.length;
    this.buffer = joined;
    this.nextPieceAt = piece.next;
    return piece.filemarkAt !== undefined;
  }
}
