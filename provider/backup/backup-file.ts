import type { ErrorCode } from "../errors/catalogue";

/**
 * Metadata of a backup file. Members of `Media`, `BackupSet` and `DatabaseFile` have the column names of RESTORE
 * LABELONLY, HEADERONLY and FILELISTONLY; `null` means that the file does not contain the value.
 */
export interface BackupFile {
  /** MTF: a plain backup; MSSQLBAK: a compressed or encrypted one; null: not a SQL Server backup. */
  container: "MTF" | "MSSQLBAK" | null;
  sizeBytes: number;
  /** WITH ENCRYPTION; null when unknown. */
  encrypted: boolean | null;
  media: Media | null;
  sets: BackupSet[];
  /** Why the backup cannot be restored as it is; empty for a sound backup. */
  problems: BackupProblem[];
}

/** One reason why a file is not a sound backup: a catalogue code and the message for the user. */
export interface BackupProblem {
  code: ErrorCode;
  message: string;
}

/** One row of RESTORE LABELONLY, without the columns that the file does not contain. */
export interface Media {
  MediaName: string | null;
  MediaSetId: string | null;
  FamilyCount: number | null;
  FamilySequenceNumber: number | null;
  MediaDescription: string | null;
  SoftwareName: string | null;
  MediaDate: string | null;
  IsPasswordProtected: boolean | null;
}

/**
 * Backup types as RESTORE HEADERONLY numbers them: 1 full, 2 log, 4 file, 5 differential, 6 differential file, 7
 * partial, 8 differential partial.
 */
export const BACKUP_TYPES = [1, 2, 4, 5, 6, 7, 8] as const;
export type BackupType = (typeof BACKUP_TYPES)[number];

export const RECOVERY_MODELS = ["FULL", "BULK-LOGGED", "SIMPLE"] as const;
export type RecoveryModel = (typeof RECOVERY_MODELS)[number];

/**
 * One row of RESTORE HEADERONLY. Dates are the source server's local time, `YYYY-MM-DDTHH:mm:ss`; sizes are bytes; LSNs
 * are numeric(25,0) as bigint.
 */
export interface BackupSet {
  BackupName: string | null;
  BackupDescription: string | null;
  BackupType: BackupType | null;
  BackupTypeDescription: string | null;
  Position: number | null;
  DatabaseName: string | null;
  ServerName: string | null;
  MachineName: string | null;
  UserName: string | null;
  DatabaseVersion: number | null;
  DatabaseCreationDate: string | null;
  BackupSize: number | null;
  CompressedBackupSize: number | null;
  FirstLSN: bigint | null;
  LastLSN: bigint | null;
  CheckpointLSN: bigint | null;
  DatabaseBackupLSN: bigint | null;
  BackupStartDate: string | null;
  BackupFinishDate: string | null;
  CompatibilityLevel: number | null;
  SoftwareVersionMajor: number | null;
  SoftwareVersionMinor: number | null;
  SoftwareVersionBuild: number | null;
  Flags: number | null;
  HasBackupChecksums: boolean | null;
  IsCopyOnly: boolean | null;
  IsReadOnly: boolean | null;
  IsSingleUser: boolean | null;
  IsDamaged: boolean | null;
  /** Flag 256: a tail-log backup taken WITH NORECOVERY. */
  HasNoRecovery: boolean | null;
  RecoveryModel: RecoveryModel | null;
  BackupSetGUID: string | null;
  FamilyGUID: string | null;
  RecoveryForkID: string | null;
  DifferentialBaseGUID: string | null;
  IsPasswordProtected: boolean | null;
  files: DatabaseFile[];
  /** Recovery forks of this backup's log: its own first, then the parent fork, if any. */
  forks: RecoveryFork[];
}

/** A recovery fork and the last LSN of its log that is valid: for a parent fork, the LSN of the branch. */
export interface RecoveryFork {
  RecoveryForkID: string;
  EndLSN: bigint;
}

/** One row of RESTORE FILELISTONLY. */
export interface DatabaseFile {
  LogicalName: string | null;
  PhysicalName: string | null;
  /** D data, L log, S FILESTREAM or other. */
  Type: "D" | "L" | "S" | null;
  /** Bytes on the restoring server's disk. */
  Size: number | null;
}
