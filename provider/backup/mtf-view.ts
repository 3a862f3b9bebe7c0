import type { ByteWindow } from "./byte-window";

/**
 * The MTF stream of a backup: the file itself for a plain backup, the decompressed bytes for a compressed one. All
 * structures are read through this interface, so one parser serves both.
 */
export interface MtfView {
  /**
   * The bytes `[at, at + length)`.
   * @throws BackupFault `truncated` when the stream ends earlier, `damaged` when it cannot be decompressed
   */
  window(at: number, length: number): Promise<ByteWindow>;
  /** Whether the stream ends exactly at `at`. */
  endsAt(at: number): Promise<boolean>;
  /** Throws a `truncated` fault when the stream is known to end before `end`, the end of the structure `what`. */
  requireLength(end: number, what: string): void;
  /** The offset in the file of a filemark at `at`; the same for a plain backup. */
  fileOffset(at: number): number;
}
