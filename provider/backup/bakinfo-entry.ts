import { isMigrationError, migrationError } from "../errors/migration-error";
import { isNoEntry, systemFaultOf } from "../errors/system-fault";
import { foreignPlaceOf } from "../model/foreign-place";
import type { BackupFile, BackupProblem } from "./backup-file";
import { compareBackupName } from "./backup-name";
import { problem } from "./backup-problem";
import type { RangeSource } from "./range-source";
import { readBackup } from "./read-backup";

/** The result of reading one file, as `bakinfo` reports it. */
export interface BakinfoEntry {
  /** The file as the arguments or its folder's listing spell it. */
  file: string;
  backup: BackupFile;
  /** Remarks on a sound backup. */
  warnings: BackupProblem[];
  /** CRC-64/XZ of the object as unsigned decimal, when OSS sends it. */
  crc64?: string;
}

/** An open source. The caller closes it. */
export interface OpenedSource {
  source: RangeSource;
  crc64?: string;
  close(): Promise<void>;
}

/** Reads one file. A file that cannot be opened or read is a problem in the result, not an exception. */
export async function readEntry(
  file: string,
  open: (file: string) => Promise<OpenedSource>,
  options: { deep: boolean },
): Promise<BakinfoEntry> {
  try {
    const { source, crc64, close } = await open(file);
    try {
      const backup = await readBackup({ ...bound(source), name: file }, options);
      const compared = backup.sets.map((set) => compareBackupName(file, set));
      const [warning] = compared;
      // The name of a file with several sets describes one of them.
      return { file, backup, warnings: warning && !compared.includes(undefined) ? [warning] : [], crc64 };
    } finally {
      await close();
    }
  } catch (error) {
    return unreadEntry(file, error);
  }
}

/** The result for a file or folder that cannot be opened, listed or read. */
export const unreadEntry = (file: string, error: unknown): BakinfoEntry => ({
  file,
  backup: { ...UNREAD, problems: [accessProblem(file, error)] },
  warnings: [],
});

const UNREAD: BackupFile = { container: null, sizeBytes: 0, encrypted: null, media: null, sets: [], problems: [] };

/**
 * A plain copy of the source: spreading an object with methods would lose `read`, and `name` is replaced for messages.
 */
const bound = (source: RangeSource): RangeSource => ({
  name: source.name,
  sizeBytes: source.sizeBytes,
  read: (start, end) => source.read(start, end),
});

function accessProblem(file: string, error: unknown): BackupProblem {
  if (isMigrationError(error)) return { code: error.code, message: `${error.what}\n${error.remedy}` };
  if (isNoEntry(error)) {
    const place = foreignPlaceOf(file);
    const { what } = migrationError("BACKUP_MISSING", { file, place });
    return { code: "BACKUP_MISSING", message: `${what}\n${place?.remedy ?? "Correct the path."}` };
  }
  const { code, reason, remedy } = systemFaultOf(error);
  const why = code === "" && error instanceof Error ? error.message : reason;
  return problem("BACKUP_UNREADABLE", { file, reason: why, remedy });
}
