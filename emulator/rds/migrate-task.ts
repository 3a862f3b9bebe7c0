import type { BackupFacts } from "./backup-facts";
import type { RestorePoint } from "./restore-point";

/** Stages that end by themselves, in their order. */
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

/** `waiting` ends by the next file or by the cutover, the last two never. */
export type Stage = TimedStage | "waiting" | "succeeded" | "failed";

export type TaskStatus = "NoStart" | "Running" | "Success" | "Failed" | "Waiting";

/** DescribeOssDownloads' vocabulary. */
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

/** CheckDBMode's words; the asynchronous one is the default of CreateMigrateTask. */
export const CHECK_DB_MODES = ["SyncExecuteDBCheck", "AsyncExecuteDBCheck"] as const;

export const checkDbOf = (mode: (typeof CHECK_DB_MODES)[number] | undefined): MigrateTask["checkDb"] =>
  mode === "SyncExecuteDBCheck" ? "sync" : "async";

/** What a test wants of a task instead of the usual course. */
export interface RestoreShape {
  /** The stage that never ends. */
  holdAt?: TimedStage;
  /** The restore fails with this description. */
  failWith?: string;
  /** The database cannot be opened: "Failed to open database xxx." */
  failToOpen?: boolean;
  /** DBCC CHECKDB finds faults. */
  checkdbFails?: boolean;
  /** Shown instead of the description of a task that succeeded. */
  successDescription?: string;
}

export interface MigrateFile {
  bucket: string;
  key: string;
  /** End of the signed URL's validity (2008 R2), milliseconds since the epoch. */
  urlExpiresAtMs?: number;
  sizeBytes: number;
  crc64: string;
  createdAtMs: number;
  endedAtMs: number | null;
  status: FileStatus;
  /** What its header says, once it was checked. */
  facts?: BackupFacts;
  description: string;
}

/** One migration task and the files sent to it; all of it is JSON. */
export interface MigrateTask {
  /** MigrateTaskId. */
  id: string;
  instanceId: string;
  dbName: string;
  backupMode: "FULL" | "UPDF";
  /** Open the database after the restore. */
  online: boolean;
  checkDb: "sync" | "async";
  /** The restore overwrites an existing database (2008 R2). */
  replacesDatabase: boolean;
  createdAtMs: number;
  endedAtMs: number | null;
  stage: Stage;
  /** When the stage ends, milliseconds since the epoch; null for one that does not end by itself. */
  stageEndsAtMs: number | null;
  /** From creation to Success, milliseconds. */
  taskMs: number;
  description: string;
  /** In the order they were sent; the last one is the current one. */
  files: MigrateFile[];
  /** How far the database is restored; null before the first file is. */
  restored: RestorePoint | null;
  shape: RestoreShape;
  /** Words that a test put in the place of the true ones. */
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

/** Whether the service is at work on it: a second task for the same database is refused meanwhile. */
export const isActive = (task: MigrateTask): boolean => ["NoStart", "Running"].includes(taskStatus(task));

/** The file the task is at work on, or was last. */
export function currentFile(task: MigrateTask): MigrateFile {
  const file = task.files.at(-1);
  if (file === undefined) throw new Error(`migration task ${task.id} has no file`);
  return file;
}

/** RDS names a file by the last segment of its key. */
export const fileName = (file: MigrateFile): string => file.key.slice(file.key.lastIndexOf("/") + 1);
