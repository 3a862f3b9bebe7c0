import { rotatingChecksum } from "../../provider/backup/rotating-checksum";
import type { BackupLayout } from "./backup-layout";
import { concatBytes, FieldWriter } from "./field-writer";
import { filemark } from "./mtf-blocks";
import { encodeXpressHuffman } from "./xpress-encoding";

const HEADER_BYTES = 480;
const LAYOUT = 2;
const FLAGS = 0x3;
const CHUNK = { xpress: 0x21, gap: 0x24, index: 0x2c } as const;
const MARKER_BYTES = 24;
const CHUNK_HEADER_BYTES = 28;
const OUTPUT_UNIT_BYTES = 512;
const MAX_OUTPUT_BYTES = 64 * 1024;
const INDEX_HEADER_BYTES = 16;
const INDEX_ENTRY_BYTES = 16;

/** Encodes a plain backup as BACKUP … WITH COMPRESSION stores it: compressed chunks, unchanged filemarks, an index for each set. */
export function encodeContainer(plain: Uint8Array, layout: BackupLayout): Uint8Array {
  const container = new Container(layout.filemarkBytes);
  let at = 0;
  layout.filemarks.forEach((filemarkAt, number) => {
    const index: { mtfOffset: number; fileOffset: number }[] = [];
    const isSetData = number % 2 === 1;
    const ssetAt = layout.ssets[(number - 1) / 2] ?? 0;
    for (const end of [...layout.dataEnds.filter((end) => end > at && end < filemarkAt), filemarkAt]) {
      if (isSetData && at > ssetAt) index.push({ mtfOffset: at - ssetAt, fileOffset: container.at });
      for (; at < end; at += MAX_OUTPUT_BYTES)
        container.putChunk(plain.subarray(at, Math.min(end, at + MAX_OUTPUT_BYTES)));
      at = end;
    }
    if (isSetData) container.putIndex(index);
    else container.putGap();
    container.putFilemark();
    at = filemarkAt + layout.filemarkBytes;
  });
  return concatBytes(container.parts);
}

class Container {
  readonly parts: Uint8Array[] = [
    new FieldWriter(HEADER_BYTES).ascii(0, "MSSQLBAK").u32(8, LAYOUT).u32(12, FLAGS).bytes,
  ];
  at = HEADER_BYTES;
  /** File offsets, newest first. */
  private readonly filemarks: number[] = [];

  constructor(private readonly filemarkBytes: number) {}

  putChunk(data: Uint8Array): void {
    const payload = encodeXpressHuffman(data);
    const header = new FieldWriter(CHUNK_HEADER_BYTES)
      .u8(0, CHUNK.xpress)
      .u8(1, data.length / OUTPUT_UNIT_BYTES)
      .u16(2, payload.length)
      .u32(24, rotatingChecksum(payload));
    this.put(header.bytes);
    this.put(payload);
  }

  /** A marker whose length extends to the next filemark. */
  putGap(): void {
    const length = this.bytesToBoundary(this.at + MARKER_BYTES);
    this.put(new FieldWriter(MARKER_BYTES + length).u8(0, CHUNK.gap).u16(2, length).bytes);
  }

  putIndex(entries: readonly { mtfOffset: number; fileOffset: number }[]): void {
    const start = this.at + MARKER_BYTES;
    const least = INDEX_HEADER_BYTES * 2 + entries.length * INDEX_ENTRY_BYTES;
    const length = least + this.bytesToBoundary(start + least);
    const list = new FieldWriter(entries.length * INDEX_ENTRY_BYTES);
    entries.forEach(({ mtfOffset, fileOffset }, index) => {
      list.u64(index * INDEX_ENTRY_BYTES, mtfOffset).u64(index * INDEX_ENTRY_BYTES + 8, fileOffset);
    });
    const header = new FieldWriter(INDEX_HEADER_BYTES)
      .u16(0, 1)
      .u16(2, 1)
      .u32(4, entries.length)
      .u32(8, length)
      .u32(12, rotatingChecksum(list.bytes));
    const index = new FieldWriter(MARKER_BYTES + length)
      .u8(0, CHUNK.index)
      .put(MARKER_BYTES, header.bytes)
      .put(MARKER_BYTES + INDEX_HEADER_BYTES, list.bytes)
      .put(MARKER_BYTES + length - INDEX_HEADER_BYTES, header.bytes);
    this.put(index.bytes);
  }

  putFilemark(): void {
    const mark = filemark(this.filemarks, this.filemarkBytes);
    this.filemarks.unshift(this.at);
    this.put(mark);
  }

  private bytesToBoundary(at: number): number {
    return Math.ceil(at / this.filemarkBytes) * this.filemarkBytes - at;
  }

  private put(bytes: Uint8Array): void {
    this.parts.push(bytes);
    this.at += bytes.length;
  }
}
