import { isMigrationError } from "../errors/migration-error";
import type { BackupFile, BackupProblem } from "./backup-file";
import { compareBackupName } from "./backup-name";
import type { RangeSource } from "./range-source";
import { readBackup } from "./read-backup";

/** One file in the output of `bakinfo`. */
export interface BakinfoEntry {
  /** Path as the user gave it, or as its folder lists it. */
  file: string;
  backup: BackupFile;
  /** Problems that do not stop a restore. */
  warnings: BackupProblem[];
  /** The object's CRC-64/XZ, if OSS returns one. */
  crc64?: string;
}

/** A source that the caller closes, and its checksum if known. */
export interface OpenedSource {
  source: RangeSource;
  crc64?: string;
  close(): Promise<void>;
}

/** Reads one file. A file that cannot be opened is reported like one that cannot be read. */
export async function readEntry(
  file: string,
  open: (file: string) => Promise<OpenedSource>,
  options: { deep: boolean },
): Promise<BakinfoEntry> {
  try {
    const { source, crc64, close } = await open(file);
    try {
      const backup = await readBackup({ ...bound(source), name: file }, options);
      const [set] = backup.sets;
      const warning = set && compareBackupName(file, set);
      return { file, backup, warnings: warning ? [warning] : [], crc64 };
    } finally {
      await close();
    }
  } catch (error) {
    return { file, backup: { ...UNREAD, problems: [accessProblem(file, error)] }, warnings: [] };
  }
}

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
  if (isMigrationError(error)) return { code: error.code, message: `${error.what} ${error.remedy}` };
  // By shape, not by class: a system error may come from another realm.
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") return { code: "BACKUP_MISSING", message: `There is no file ${file}.` };
  const reason = code || (error instanceof Error ? error.message : String(error));
  return { code: "BACKUP_UNREADABLE", message: `${file} cannot be read: ${reason}.` };
}
