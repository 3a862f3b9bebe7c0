import { isMigrationError } from "../errors/migration-error";
import type { BackupFile, BackupProblem } from "./backup-file";
import { compareBackupName } from "./backup-name";
import type { RangeSource } from "./range-source";
import { readBackup } from "./read-backup";

/** One file as `bakinfo` reports it. */
export interface BakinfoEntry {
  /** As it was named, or as its folder lists it. */
  file: string;
  backup: BackupFile;
  /** What does not make the backup unsound, but should be looked at. */
  warnings: BackupProblem[];
  /** The object's checksum, where OSS told it. */
  crc64?: string;
}

/** A source that has to be closed, and what is known of it beside its bytes. */
export interface OpenedSource {
  source: RangeSource;
  crc64?: string;
  close(): Promise<void>;
}

/** Reads one file; one that cannot be opened is reported like one that cannot be read. */
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

/** Sources may be objects with methods; messages shall call the file as the user did. */
const bound = (source: RangeSource): RangeSource => ({
  name: source.name,
  sizeBytes: source.sizeBytes,
  read: (start, end) => source.read(start, end),
});

function accessProblem(file: string, error: unknown): BackupProblem {
  if (isMigrationError(error)) return { code: error.code, message: `${error.what}\n${error.remedy}` };
  // By shape, not by class: an error of the system need not come from this realm.
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") return { code: "BACKUP_MISSING", message: `${file} does not exist.` };
  const said = code || (error instanceof Error ? error.message : String(error));
  return { code: "BACKUP_UNREADABLE", message: `${file} cannot be read: ${said}.` };
}
