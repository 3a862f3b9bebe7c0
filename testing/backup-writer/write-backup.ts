import { PAGE_BYTES } from "../../provider/backup/page-checksum";
import type { RangeSource } from "../../provider/backup/range-source";
import { type BackupLayout, layOutBackup, type Piece, pieceLength } from "./backup-layout";
import type { BackupSpec } from "./backup-spec";
import { encodeContainer } from "./container-encoding";
import { concatBytes } from "./field-writer";
import { pageContent } from "./page-content";

export type { BackupSpec } from "./backup-spec";

/**
 * Generates a valid backup file in the layout of SQL Server (checked block by block against real files), for tests, benchmarks
 * and the demo. Several specs become several sets of one file. SQL Server cannot restore it, because the pages are generated
 * and the log is zeros. It contains everything that HEADERONLY, LABELONLY, FILELISTONLY and the scan of VERIFYONLY read.
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

/** Compresses twice: first to determine the size, then with that size in the closing description. */
function compressedBytes(specs: readonly BackupSpec[]): Uint8Array {
  const compress = (layout: BackupLayout) => encodeContainer(concatBytes([...plainChunks(layout)]), layout);
  const first = compress(layOutBackup(specs));
  return compress(layOutBackup(specs, first.length));
}

/** The whole file in memory, for small files. */
export const backupBytes = (spec: BackupSpec | readonly BackupSpec[]): Uint8Array =>
  concatBytes([...writeBackup(spec)]);

/** A source that generates the bytes of an uncompressed file on each read, so a file of any size needs no memory. */
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
