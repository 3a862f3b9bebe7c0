import type { RetryAdvice } from "./errors/catalogue-entry";
import type { MigrationInputs } from "./inputs";

/** Where a migration stands. One way, but for `failed`. */
export const MIGRATION_STATUSES = ["uploading", "uploaded", "submitted", "restoring", "online", "failed"] as const;
export type MigrationStatus = (typeof MIGRATION_STATUSES)[number];

/** Why a migration failed, by the error catalogue. */
export interface Failure {
  /** A code of the error catalogue, for example `TASK_NO_SPACE`. */
  code: string;
  /** What failed and why, with the service's own words. */
  cause: string;
  remedy: string;
  /** `passes`: by itself; `afterFix`: once the cause is out of the way; `never`: not with these inputs. */
  retry: RetryAdvice;
  /** Whether running `pulumi up` again can help without a change of the program. */
  retryable: boolean;
  requestId?: string;
}

/** A few facts of the backup's header, as RESTORE HEADERONLY names them. */
export interface BackupInfo {
  DatabaseName?: string;
  ServerName?: string;
  /** For example `15.0.4312`. */
  SoftwareVersion?: string;
  DatabaseVersion?: number;
  BackupStartDate?: string;
  BackupFinishDate?: string;
  BackupSetGUID?: string;
  CompressedBackup?: boolean;
}

/** One file of the migration, as the service reports it. */
export interface FileState {
  name: string;
  /** DescribeOssDownloads' word, for example `Restored`; absent where the edition does not tell. */
  status?: string;
}

/** What this program learnt and did; stored in state together with the inputs. No secret ever stands here. */
export interface MigrationProgress {
  databaseName: string;
  status: MigrationStatus;
  /** The service's own words on the task. */
  statusText?: string;
  migrateTaskId?: string;
  objectKey?: string;
  /** CRC-64/XZ as unsigned decimal. */
  objectCrc64?: string;
  sizeBytes?: number;
  /** BackupFinishDate, the source server's local time: what was written later is not in the backup. */
  dataAsOf?: string;
  backupInfo?: BackupInfo;
  files?: FileState[];
  /** UTC, ISO 8601. */
  startedAt?: string;
  finishedAt?: string;
  /** While an upload is unfinished. */
  uploadId?: string;
  warnings: string[];
  failure?: Failure;
}

export type MigrationOutputs = MigrationInputs & MigrationProgress;

/** The identity of a migration, known before anything is sent: one database of one instance. */
export const migrationId = (instanceId: string, databaseName: string): string => `${instanceId}/${databaseName}`;
