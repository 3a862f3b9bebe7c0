import { PAGE_BYTES } from "../../provider/backup/page-checksum";
import type { RangeSource } from "../../provider/backup/range-source";
import { type BackupLayout, layOutBackup, type Piece, pieceLength } from "./backup-layout";
import type { BackupSpec } from "./backup-spec";
import { encodeContainer } from "./container-encoding";
import { concatBytes } from "./field-writer";
import { pageContent } from "./page-content";

export type { BackupSpec, WrittenType } from "./backup-spec";

/**
 * Writes a small sound backup file as SQL Server lays it out (checked against real files block by block): for the demo,
 * the emulator and the tests. Several specs become several sets of one file. The pages are generated and the log is zeros,
 * so no SQL Server will restore it; everything that HEADERONLY, LABELONLY, FILELISTONLY and VERIFYONLY's walk look at is there.
 */
export function* writeBackup(spec: BackupSpec | readonly BackupSpec[]): Generator<Uint8Array> {
  const specs = listOf(spec);
  if (specs[0]?.compressed) yield compressedBytes(specs);
  else yield* plainChunks(layOutBackup(specs));
}

function* plainChunks({ pieces }: BackupLayout): Generator<Uint8Array> {
  for (const piece of pieces) {
    if ("bytes" in piece) yield piece.bytes;
    else for (let number = 0; number < piece.pages.count; number += 1) yield pageContent(piece.pages.seed, number);
  }
}

/** Compressed once to learn the size, and once more with the size in its closing description. */
function compressedBytes(specs: readonly BackupSpec[]): Uint8Array {
  const compress = (layout: BackupLayout) => encodeContainer(concatBytes([...plainChunks(layout)]), layout);
  const first = compress(layOutBackup(specs));
  return compress(layOutBackup(specs, first.length));
}

/** The whole file in memory, for small ones. */
export const backupBytes = (spec: BackupSpec | readonly BackupSpec[]): Uint8Array =>
  concatBytes([...writeBackup(spec)]);

/** A plain file as a source that makes its bytes when they are read: of any size, in no memory. */
export function writtenSource(name: string, spec: BackupSpec | readonly BackupSpec[]): RangeSource {
  const { pieces, sizeBytes } = layOutBackup(listOf(spec));
  return {
    name,
    sizeBytes,
    async read(start, end) {
      if (!(start >= 0 && start <= end && end <= sizeBytes))
        throw new RangeError(`${name}: no bytes [${start}, ${end})`);
      const bytes = new Uint8Array(end - start);
      for (const piece of pieces) {
        if (piece.at < end && piece.at + pieceLength(piece) > start) copyPiece(piece, { bytes, start, end });
      }
      return bytes;
    },
  };
}

function copyPiece(piece: Piece, { bytes, start, end }: { bytes: Uint8Array; start: number; end: number }): void {
  const from = Math.max(start, piece.at);
  const to = Math.min(end, piece.at + pieceLength(piece));
  if ("bytes" in piece) {
    bytes.set(piece.bytes.subarray(from - piece.at, to - piece.at), from - start);
    return;
  }
  for (let at = from; at < to; ) {
    const number = Math.floor((at - piece.at) / PAGE_BYTES);
    const pageAt = piece.at + number * PAGE_BYTES;
    const upTo = Math.min(to, pageAt + PAGE_BYTES);
    bytes.set(pageContent(piece.pages.seed, number).subarray(at - pageAt, upTo - pageAt), at - start);
    at = upTo;
  }
}

const listOf = (spec: BackupSpec | readonly BackupSpec[]): readonly BackupSpec[] => [spec].flat();
