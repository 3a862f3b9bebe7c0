import type { BackupSet, DatabaseFile } from "../backup/backup-file";
import { UNKNOWN_MEDIA, UNKNOWN_SET } from "../backup/unknown-header";
import type { ManifestFacts } from "../model/manifest-facts";
import type { ExaminedBackup } from "./examine-backup";

/**
 * The full backup as its manifest entry describes it, for a machine without the file. The checks take it in place of the
 * backup that was read, so that a preview finds the same either way. What the entry leaves out is `null`, as in a header.
 */
export function backupOfEntry(entry: ManifestFacts, name: string, fileName: string): ExaminedBackup {
  const { sizeBytes, isCopyOnly = null, isReadOnly = null, isSingleUser = null, isDamaged = null } = entry;
  const set: BackupSet = {
    ...UNKNOWN_SET,
    BackupType: 1,
    BackupTypeDescription: "Database",
    DatabaseName: entry.database ?? null,
    DatabaseVersion: entry.databaseVersion ?? null,
    SoftwareVersionMajor: entry.softwareMajor ?? null,
    BackupStartDate: entry.backupStartDate,
    BackupFinishDate: entry.backupFinishDate,
    BackupSetGUID: entry.backupSetGuid || null,
    RecoveryModel: entry.recoveryModel ?? null,
    IsCopyOnly: isCopyOnly,
    IsReadOnly: isReadOnly,
    IsSingleUser: isSingleUser,
    IsDamaged: isDamaged,
    IsPasswordProtected: entry.isPasswordProtected ?? null,
    files: filesOf(entry),
  };
  const media = { ...UNKNOWN_MEDIA, IsPasswordProtected: entry.isMediaPasswordProtected ?? null };
  const content = { container: null, sizeBytes, encrypted: null, media, sets: [set], problems: [] };
  return { name, fileName, sizeBytes, content, isDescribed: true };
}

/** One file of each type with the sizes of all of them, and the other files by name. */
function filesOf(entry: ManifestFacts): DatabaseFile[] {
  const { dataBytes, logBytes } = sizesOf(entry);
  const file = (Type: DatabaseFile["Type"], Size: number | null, LogicalName: string | null = null): DatabaseFile => ({
    ...{ LogicalName, PhysicalName: null, Type, Size },
  });
  const others = (entry.otherFiles ?? []).map((name) => file("S", 0, name));
  return [file("D", dataBytes), file("L", logBytes), ...others];
}

/**
 * Manifests of 0.1.0 hold only the sum of data and log files. An error about the disk must be certain, so only as much
 * counts as data as the backup itself holds.
 */
function sizesOf({ sizeBytes, restoredBytes, restoredDataBytes, restoredLogBytes = 0 }: ManifestFacts) {
  if (restoredDataBytes !== undefined) return { dataBytes: restoredDataBytes, logBytes: restoredLogBytes };
  if (restoredBytes === undefined) return { dataBytes: sizeBytes, logBytes: 0 };
  const dataBytes = Math.min(restoredBytes, sizeBytes);
  return { dataBytes, logBytes: restoredBytes - dataBytes };
}
