import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { randomName } from "../access/access-keys";
import { Crc64 } from "./crc64";
import type { Segment } from "./oss-state";

/** Bytes on disk and the checksums computed while they were written. */
export interface StoredBytes extends Segment {
  crc64: string;
  md5: Buffer;
}

/** Chunks from a socket are 64 KiB; larger writes need fewer trips through Node's thread pool. */
const WRITE_BYTES = 1 << 20;
const READ_BYTES = 256 << 10;

/** A folder of immutable files. At most one write is buffered in memory. */
export class BlobFolder {
  /** The number of active readers of each file. */
  private readonly readers = new Map<string, number>();
  /** Files discarded while a reader was active; removed when the last reader ends. */
  private readonly pendingRemoval = new Set<string>();

  constructor(private readonly folder: string) {}

  /** Streams `chunks` to a new file. If `chunks` throws, removes the file and rethrows the error. */
  async store(chunks: AsyncIterable<Uint8Array>): Promise<StoredBytes> {
    const blob = randomName(24, "abcdefghijklmnopqrstuvwxyz0123456789"); // lower case only: some file systems ignore case
    const file = await fs.promises.open(this.pathOf(blob), "wx");
    const md5 = createHash("md5");
    const crc = new Crc64();
    let sizeBytes = 0;
    let pending: Uint8Array[] = [];
    let pendingBytes = 0;
    let written: Promise<unknown> = Promise.resolve();
    const flush = async () => {
      await written;
      written = pending.length === 0 ? Promise.resolve() : file.writev(pending);
      pending = [];
      pendingBytes = 0;
    };
    try {
      for await (const chunk of chunks) {
        md5.update(chunk);
        crc.update(chunk);
        sizeBytes += chunk.length;
        pending.push(chunk);
        pendingBytes += chunk.length;
        if (pendingBytes >= WRITE_BYTES) await flush();
      }
      await flush();
      await written;
      await file.close();
    } catch (error) {
      await written.catch(() => undefined);
      await file.close();
      this.discard([{ blob }]);
      throw error;
    }
    return { blob, sizeBytes, crc64: crc.digest(), md5: md5.digest() };
  }

  /**
   * Reads the bytes `[start, end)` of consecutive segments. A segment discarded meanwhile is removed after the read
   * ends.
   */
  async *read(segments: readonly Segment[], start: number, end: number): AsyncGenerator<Uint8Array> {
    const blobs = segments.map((segment) => segment.blob);
    for (const blob of blobs) this.readers.set(blob, (this.readers.get(blob) ?? 0) + 1);
    try {
      let at = 0;
      for (const segment of segments) {
        const from = Math.max(start - at, 0);
        const to = Math.min(end - at, segment.sizeBytes);
        at += segment.sizeBytes;
        if (from < to) yield* this.readFile(segment.blob, from, to);
      }
    } finally {
      for (const blob of blobs) this.releaseReader(blob);
    }
  }

  discard(segments: readonly Pick<Segment, "blob">[]): void {
    for (const { blob } of segments) {
      if (this.readers.has(blob)) this.pendingRemoval.add(blob);
      else fs.rmSync(this.pathOf(blob), { force: true });
    }
  }

  /** Removes files that no record refers to, for example after a crash. */
  discardAllExcept(kept: ReadonlySet<string>): void {
    for (const blob of fs.readdirSync(this.folder)) if (!kept.has(blob)) this.discard([{ blob }]);
  }

  private async *readFile(blob: string, from: number, to: number): AsyncGenerator<Uint8Array> {
    const file = await fs.promises.open(this.pathOf(blob), "r");
    try {
      for (let position = from; position < to; ) {
        const wanted = Math.min(READ_BYTES, to - position);
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, position);
        if (bytesRead === 0) throw new Error(`the stored bytes of ${blob} end at ${position}, expected ${to}`);
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  private releaseReader(blob: string): void {
    const left = (this.readers.get(blob) ?? 1) - 1;
    if (left > 0) {
      this.readers.set(blob, left);
      return;
    }
    this.readers.delete(blob);
    if (this.pendingRemoval.delete(blob)) this.discard([{ blob }]);
  }

  private pathOf(blob: string): string {
    return path.join(this.folder, blob);
  }
}
