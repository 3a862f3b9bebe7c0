import type { ByteWindow } from "./byte-window";

/**
 * The MTF stream of a backup by its own offsets: the file itself for a plain backup, the decompressed bytes for a
 * compressed one. All structure is read through this, so both are walked by the same code.
 */
export interface MtfView {
  /**
   * The bytes `[at, at + length)`.
   * @throws BackupFault `truncated` when the stream ends before, `damaged` when it cannot be decompressed
   */
  window(at: number, length: number): Promise<ByteWindow>;
  /** Whether the stream ends exactly at `at`. */
  endsAt(at: number): Promise<boolean>;
  /** Refuses, with `truncated`, a structure that claims to reach `end` when it is known that nothing is there. */
  expectReach(end: number, what: string): void;
  /** The offset in the file of a filemark at `at`; the same for a plain backup. */
  fileOffset(at: number): number;
}
