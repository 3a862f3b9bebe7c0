import type { ErrorCode, ErrorValues } from "../errors/catalogue";
import { migrationError } from "../errors/migration-error";
import type { BackupFault } from "./backup-fault";
import type { BackupFile, BackupProblem } from "./backup-file";
import { recogniseForeign } from "./foreign-file";
import { READ_AHEAD_BYTES } from "./plain-view";
import type { RangeSource } from "./range-source";
import { readPlain } from "./read-plain";

export interface ReadBackupOptions {
  /**
   * Walks the whole file instead of its two ends: every block and stream header is checked.
   * @default false
   */
  deep?: boolean;
}

/**
 * Reads what RESTORE LABELONLY, HEADERONLY and FILELISTONLY would print. Whatever the file contains, the answer is a
 * value: what is wrong with it stands in `problems`. A plain backup costs a few range reads whatever its size.
 * @throws only what `source.read` throws
 */
export async function readBackup(source: RangeSource, { deep = false }: ReadBackupOptions = {}): Promise<BackupFile> {
  const file = source.name;
  const unread: BackupFile = {
    container: null,
    sizeBytes: source.sizeBytes,
    encrypted: null,
    media: null,
    sets: [],
    problems: [],
  };
  if (source.sizeBytes === 0) return { ...unread, problems: [problem("BACKUP_EMPTY", { file })] };
  const head = await source.read(0, Math.min(source.sizeBytes, READ_AHEAD_BYTES));
  const magic = String.fromCharCode(...head.subarray(0, 8));
  if (magic.startsWith("TAPE")) {
    const { media, sets, fault } = await readPlain(source, { head, deep });
    const problems = fault ? [faultProblem(fault, source)] : [];
    return { ...unread, container: "MTF", encrypted: false, media, sets, problems };
  }
  return { ...unread, problems: [problem("BACKUP_FOREIGN", { file, ...recogniseForeign(head) })] };
}

function faultProblem({ kind, at, what }: BackupFault, { name: file, sizeBytes }: RangeSource): BackupProblem {
  return kind === "truncated"
    ? problem("BACKUP_TRUNCATED", { file, sizeBytes, what })
    : problem("BACKUP_DAMAGED", { file, at, what });
}

/** The catalogue's sentences as a value; a bad file is an answer, not an exception. */
function problem<C extends ErrorCode>(code: C, values: ErrorValues<C>): BackupProblem {
  const { what, remedy } = migrationError(code, values);
  return { code, message: `${what} ${remedy}` };
}
