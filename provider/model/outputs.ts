import type { RetryAdvice } from "../errors/catalogue-entry";
import type { MigrationInputs } from "./inputs";

/** Where a migration stands. One way, but for `failed`. */
export const MIGRATION_STATUSES = [
  "uploading",
  "uploaded",
  "submitted",
  "restoring",
  "waitingForIncrements",
  "online",
  "failed",
] as const;
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

/** One file that the task was given, in the order in which they were sent: the full backup first. */
export interface ChainFile {
  objectKey: string;
  /** The name of the file that it was uploaded from, where it is another one. */
  source?: string;
  type: "FULL" | "DIFF" | "LOG";
  /** `sent`: whether the service has applied it is not known yet. */
  state: "sent" | "applied" | "failed";
  setGuid?: string;
  sizeBytes: number;
  lastLsn: string;
  /** CRC-64/XZ of the object, to tell whether a file that failed was supplied anew. */
  crc64?: string;
  /** UTC, ISO 8601. */
  sentAt: string;
  /** From sending it until it was applied. */
  seconds?: number;
  /** Taken WITH NORECOVERY. */
  tail?: true;
  /** The recovery fork of its log. */
  forkId?: string;
  /** When the file was written last; UTC. */
  modifiedAt?: string;
  /** The service's words on a file that failed. */
  description?: string;
}

/** How far the database that waits for increments has come. */
export interface ChainState {
  files: ChainFile[];
  /** The last LSN restored, and the recovery fork that the database is on. Absent while the full backup is being restored. */
  reachedLsn?: string;
  forkId?: string | null;
  /** The unfinished upload of an increment. */
  upload?: { key: string; uploadId: string };
  /** Calls that opened the database and were answered by a failure: each further one needs a token of its own. */
  failedOpenings?: number;
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
  /** Only of a migration with increments. */
  chain?: ChainState;
  /** The first LSN of the next log has to be at or before this one. */
  nextLsn?: string;
  /** Age of the last applied log at the end of the last run, seconds: since its file was written. */
  lag?: number;
  /** Whether `phase: "online"` would pass the guard now. */
  readyForCutover?: boolean;
  /** Why it would not. */
  cutoverObstacles?: string[];
  /** By `cleanup`: true: the uploaded objects were deleted; false: they stay for good, and a warning says why. */
  cleanedUp?: boolean;
  warnings: string[];
  failure?: Failure;
}

export type MigrationOutputs = MigrationInputs & MigrationProgress;

/** The identity of a migration, known before anything is sent: one database of one instance. */
export const migrationId = (instanceId: string, databaseName: string): string => `${instanceId}/${databaseName}`;
