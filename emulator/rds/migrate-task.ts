import type { BackupFacts } from "./backup-facts";
import type { RestorePoint } from "./restore-point";

/** Stages that end after a time, in order. */
export const TIMED_STAGES = [
  "queued",
  "downloading",
  "checking",
  "checked",
  "restoring",
  "opening",
  "verifying",
] as const;
export type TimedStage = (typeof TIMED_STAGES)[number];

/** `waiting` ends with the next file or the opening of the database. `succeeded` and `failed` are final. */
export type Stage = TimedStage | "waiting" | "succeeded" | "failed";

export type TaskStatus = "NoStart" | "Running" | "Success" | "Failed" | "Waiting";

/** The file statuses of DescribeOssDownloads. */
export type FileStatus =
  | "NoStart"
  | "Downloading"
  | "Finished"
  | "DownloadFailed"
  | "VerifyFailed"
  | "Deleted"
  | "DeleteFailed"
  | "CheckSuccess"
  | "CheckFailed"
  | "Restoring"
  | "Restored"
  | "RestoreFailed";

/** The values of CheckDBMode. CreateMigrateTask defaults to the asynchronous check. */
export const CHECK_DB_MODES = ["SyncExecuteDBCheck", "AsyncExecuteDBCheck"] as const;

export const checkDbOf = (mode: (typeof CHECK_DB_MODES)[number] | undefined): MigrateTask["checkDb"] =>
  mode === "SyncExecuteDBCheck" ? "sync" : "async";

/** How a test overrides the normal course of a task. */
export interface RestoreShape {
  /** The stage at which the task stops until a test releases it. */
  holdAt?: TimedStage;
  /** The restore fails with this description. */
  failWith?: string;
  /** The database cannot be opened ("Failed to open database xxx."). */
  failToOpen?: boolean;
  /** DBCC CHECKDB finds errors. */
  checkdbFails?: boolean;
  /** Replaces the description of a successful task. */
  successDescription?: string;
}

export interface MigrateFile {
  bucket: string;
  key: string;
  /** When the signed URL expires (2008 R2), milliseconds since the epoch. */
  urlExpiresAtMs?: number;
  sizeBytes: number;
  crc64: string;
  createdAtMs: number;
  endedAtMs: number | null;
  status: FileStatus;
  /** Facts of the header, after the check. */
  facts?: BackupFacts;
  description: string;
}

/** One migration task and its files. It is stored as JSON. */
export interface MigrateTask {
  /** MigrateTaskId. */
  id: string;
  instanceId: string;
  dbName: string;
  backupMode: "FULL" | "UPDF";
  /** Whether the task opens the database after the restore. */
  online: boolean;
  checkDb: "sync" | "async";
  /** The restore overwrites an existing database (2008 R2). */
  replacesDatabase: boolean;
  createdAtMs: number;
  endedAtMs: number | null;
  stage: Stage;
  /** When the stage ends, milliseconds since the epoch; null for a stage that does not end after a time. */
  stageEndsAtMs: number | null;
  /** From creation to Success, milliseconds. */
  taskMs: number;
  description: string;
  /** In the order of submission; the last file is the current one. */
  files: MigrateFile[];
  /** How far the database is restored; null before the first restore. */
  restored: RestorePoint | null;
  shape: RestoreShape;
  /** Status and description that a test shows instead of the actual ones. */
  shown: { status?: string; description?: string };
}

const STATUS_BY_STAGE: Record<Stage, TaskStatus> = {
  queued: "NoStart",
  downloading: "Running",
  checking: "Running",
  checked: "Running",
  restoring: "Running",
  opening: "Running",
  waiting: "Waiting",
  verifying: "Success",
  succeeded: "Success",
  failed: "Failed",
};

/** The documented status of a task. `verifying` is Success already: the asynchronous DBCC runs after it. */
export const taskStatus = (task: MigrateTask): TaskStatus => STATUS_BY_STAGE[task.stage];

/** Whether the task has not started or is running. A second task for the same database is then refused. */
export const isActive = (task: MigrateTask): boolean => ["NoStart", "Running"].includes(taskStatus(task));

/** The file that the task processes or processed last. */
export function currentFile(task: MigrateTask): MigrateFile {
  const file = task.files.at(-1);
  if (file === undefined) throw new Error(`migration task ${task.id} has no file`);
  return file;
}

/** The file name that RDS shows: the last segment of the key. */
export const fileName = (file: MigrateFile): string => file.key.slice(file.key.lastIndexOf("/") + 1);
