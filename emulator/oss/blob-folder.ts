import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { randomName } from "../access/access-keys";
import { Crc64 } from "./crc64";
import type { Segment } from "./oss-state";

/** Bytes on disk with what was computed while they were written. */
export interface StoredBytes extends Segment {
  crc64: string;
  md5: Buffer;
}

/** Chunks from a socket are 64 KiB; writing this much at once keeps the thread pool out of the way. */
const WRITE_BYTES = 1 << 20;
const READ_BYTES = 256 << 10;

/** Files of bytes that never change once written. Nothing is held in memory beyond one write. */
export class BlobFolder {
  /** How many readings of a file are under way. */
  private readonly readers = new Map<string, number>();
  /** Discarded while they were read. */
  private readonly pendingRemoval = new Set<string>();

  constructor(private readonly folder: string) {}

  /** Streams `chunks` to a new file. When they throw, the file is removed and the error passed on. */
  async store(chunks: AsyncIterable<Uint8Array>): Promise<StoredBytes> {
    const blob = randomName(24, "abcdefghijklmnopqrstuvwxyz0123456789"); // one case: some file systems ignore it
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

  /** The bytes `[start, end)` of a run of segments. What is discarded meanwhile goes when the reading is over. */
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

  /** Removes what a crash left behind. */
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
