/**
 * The bytes contradict the format. Thrown inside this folder only: `readBackup` turns every fault into one of the
 * file's problems, so that a bad file is a result and never an exception.
 */
export class BackupFault extends Error {
  override readonly name = "BackupFault";

  constructor(
    /** `truncated`: the file ends too early; `damaged`: the bytes at `at` are invalid. */
    readonly kind: "truncated" | "damaged",
    /** Offset in the file (in the decompressed stream for a compressed backup), in bytes. */
    readonly at: number,
    /** What is wrong at `at`, in lower case and without a full stop: messages embed it in a sentence. */
    readonly what: string,
  ) {
    super(`${kind} at ${at}: ${what}`);
  }
}
