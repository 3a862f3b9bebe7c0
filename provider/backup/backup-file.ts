import type { ErrorCode } from "../errors/catalogue";

/**
 * What a backup file says about itself. Members of `Media`, `BackupSet` and `DatabaseFile` carry the column names of
 * RESTORE LABELONLY, HEADERONLY and FILELISTONLY; `null` means that the file does not tell.
 */
export interface BackupFile {
  /** MTF: a plain backup; MSSQLBAK: a compressed or encrypted one; null: not a SQL Server backup. */
  container: "MTF" | "MSSQLBAK" | null;
  sizeBytes: number;
  /** WITH ENCRYPTION; null when that cannot be known. */
  encrypted: boolean | null;
  media: Media | null;
  sets: BackupSet[];
  /** Why this is not a sound backup; empty for a sound one. */
  problems: BackupProblem[];
}

/** One reason why a file is not a sound backup: a catalogue code and the sentence that a user reads. */
export interface BackupProblem {
  code: ErrorCode;
  message: string;
}

/** RESTORE LABELONLY, as far as the file alone knows. */
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

/** msdb's backup types as HEADERONLY numbers them: 1 full, 2 log, 4 file, 5 differential, 6 differential file, 7 partial, 8 differential partial. */
export const BACKUP_TYPES = [1, 2, 4, 5, 6, 7, 8] as const;
export type BackupType = (typeof BACKUP_TYPES)[number];

export const RECOVERY_MODELS = ["FULL", "BULK-LOGGED", "SIMPLE"] as const;
export type RecoveryModel = (typeof RECOVERY_MODELS)[number];

/** One row of RESTORE HEADERONLY. Dates are the source server's local time, `YYYY-MM-DDTHH:mm:ss`; sizes are bytes; LSNs are numeric(25,0) as bigint. */
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
  /** Flag 256: the log's tail was taken WITH NORECOVERY. */
  HasNoRecovery: boolean | null;
  RecoveryModel: RecoveryModel | null;
  BackupSetGUID: string | null;
  FamilyGUID: string | null;
  RecoveryForkID: string | null;
  DifferentialBaseGUID: string | null;
  IsPasswordProtected: boolean | null;
  files: DatabaseFile[];
  /** The recovery forks that this backup's log belongs to: its own first, then the one it branched off from, if any. */
  forks: RecoveryFork[];
}

/** A recovery fork and the LSN up to which its log counts: for a fork that was left, where it was left. */
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
