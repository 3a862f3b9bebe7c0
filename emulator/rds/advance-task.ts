import { type BackupFacts, unreadableFacts } from "./backup-facts";
import { checkBackup } from "./check-backup";
import type { RdsDatabase } from "./database";
import {
  currentFile,
  type FileStatus,
  fileName,
  type MigrateFile,
  type MigrateTask,
  type Stage,
  TIMED_STAGES,
  type TimedStage,
} from "./migrate-task";
import { applyIncrement, restorePointAfterFull } from "./restore-point";
import { stageMs } from "./task-pace";

/** The state that decides how a stage of a task ends. */
export interface StageContext {
  /** When the stage ends, milliseconds since the epoch. */
  atMs: number;
  object: "unchanged" | "missing" | "changed" | "urlExpired" | "forbidden";
  /** The facts of the current file; set in the stage `checking`. */
  facts?: BackupFacts;
  instance: {
    freeBytes: number;
    databaseCount: number;
    dbMaxQuantity: number;
    versions: { oldest: number; newest: number } | undefined;
    collation: string;
    hasPrivilegedAccount: boolean;
  };
  /** The instance's database with the task's database name. */
  database: RdsDatabase | undefined;
  /** The task's status after a bad increment; the documents allow both. */
  afterBadIncrement: "failed" | "waiting";
}

/** The task in its next stage and the change of its database; undefined when the database does not change. */
export interface Advance {
  task: MigrateTask;
  database?: { put: RdsDatabase } | { drop: true };
}

const MIB = 1024 ** 2;
const megabytes = (bytes: number): number => Math.ceil(bytes / MIB);

const FILE_STATUS_BY_STAGE: Partial<Record<Stage, FileStatus>> = {
  queued: "NoStart",
  downloading: "Downloading",
  checking: "Finished",
  checked: "CheckSuccess",
  restoring: "Restoring",
  opening: "Restored",
  waiting: "Restored",
};

const isTimed = (stage: Stage): stage is TimedStage => TIMED_STAGES.some((timed) => timed === stage);

/** The first file of a task is its full backup; later files are differential or log backups. */
const isIncrement = (task: MigrateTask): boolean => task.files.length > 1;

/** Returns the task at the start of `stage`, entered at `atMs`. */
export function enterStage(task: MigrateTask, stage: Stage, atMs: number): MigrateTask {
  const stays = !isTimed(stage) || task.shape.holdAt === stage;
  const entered = { ...task, stage, stageEndsAtMs: stays ? null : atMs + stageMs(stage, task.taskMs) };
  const status = FILE_STATUS_BY_STAGE[stage];
  // A finished file keeps its status: opening the database after a refused increment does not make that file Restored.
  if (status === undefined || currentFile(task).endedAtMs !== null) return entered;
  return withCurrentFile(entered, { status, ...(status === "Restored" ? { endedAtMs: atMs } : {}) });
}

function withCurrentFile(task: MigrateTask, change: Partial<MigrateFile>): MigrateTask {
  return { ...task, files: [...task.files.slice(0, -1), { ...currentFile(task), ...change }] };
}

/** Returns the task as failed; the task and its current file get the same description. */
export function failTask(task: MigrateTask, status: FileStatus, description: string, atMs: number): MigrateTask {
  const failed = withCurrentFile(task, { status, description, endedAtMs: atMs });
  return { ...failed, stage: "failed", stageEndsAtMs: null, endedAtMs: atMs, description };
}

/**
 * Advances a task by one stage according to the service's rules.
 *
 * A full migration goes NoStart → Running → Success | Failed. A task that accepts increments goes to Waiting instead of
 * opening the database. The documents show no state diagram; this one is consistent with them.
 */
export function advanceTask(task: MigrateTask, context: StageContext): Advance {
  switch (task.stage) {
    case "queued":
      return startDownload(task, context);
    case "downloading":
      return endDownload(task, context);
    case "checking":
      return endCheck(task, context);
    case "checked":
      return startRestore(task, context);
    case "restoring":
      return endRestore(task, context);
    case "opening":
      return openDatabase(task, context);
    case "verifying":
      return { task: endVerification(task) };
    case "waiting":
    case "succeeded":
    case "failed":
      return { task };
  }
}

function startDownload(task: MigrateTask, { atMs, instance }: StageContext): Advance {
  const { sizeBytes } = currentFile(task);
  if (sizeBytes > instance.freeBytes) {
    const description = `Not Enough Disk Space, space left ${megabytes(instance.freeBytes)} MB < bak file ${megabytes(sizeBytes)} MB`;
    return { task: failTask(task, "DownloadFailed", description, atMs) };
  }
  return { task: enterStage(task, "downloading", atMs) };
}

function endDownload(task: MigrateTask, context: StageContext): Advance {
  const name = fileName(currentFile(task));
  switch (context.object) {
    case "unchanged":
      return { task: enterStage(task, "checking", context.atMs) };
    case "urlExpired":
      return fileFailure(task, "DownloadFailed", "Failed to download backup file since OSS URL was expired.", context);
    case "forbidden": // the import role was removed after the task was created; the text is assumed
    case "missing": // the text is assumed; the documents say only that the object must exist until the task ends
      return fileFailure(task, "DownloadFailed", `Failed to download backup file ${name}.`, context);
    case "changed": // VerifyFailed is documented as a failed MD5 comparison; the text is assumed
      return fileFailure(task, "VerifyFailed", `Failed to verify the MD5 of backup file ${name}.`, context);
  }
}

function endCheck(task: MigrateTask, context: StageContext): Advance {
  const facts = context.facts ?? unreadableFacts("not read");
  const checked = withCurrentFile(task, { facts });
  const refused = checkBackup({
    fileName: fileName(currentFile(task)),
    facts,
    versions: context.instance.versions,
    isFirst: !isIncrement(task),
  });
  if (refused !== null) return fileFailure(checked, "CheckFailed", refused, context);
  return { task: enterStage(checked, "checked", context.atMs) };
}

function startRestore(task: MigrateTask, context: StageContext): Advance {
  if (isIncrement(task)) return { task: enterStage(task, "restoring", context.atMs) };
  const { instance, database, atMs } = context;
  const neededBytes = currentFile(task).facts?.restoredBytes ?? 0;
  const freedBytes = task.replacesDatabase ? (database?.sizeBytes ?? 0) : 0;
  const leftBytes = instance.freeBytes + freedBytes;
  const refuse = (description: string) => ({ task: failTask(task, "RestoreFailed", description, atMs) });
  if (database !== undefined && !task.replacesDatabase) {
    return refuse(`The database (${task.dbName}) is already exist on RDS, please backup and drop it, then try again.`);
  }
  if (database === undefined && instance.databaseCount >= instance.dbMaxQuantity) {
    return refuse(`The database (${task.dbName}) migration failed due to databases count limitation.`);
  }
  if (neededBytes > leftBytes) {
    return refuse(
      `Not Enough Disk Space for restoring, space left (${megabytes(leftBytes)} MB) < needed (${megabytes(neededBytes)} MB)`,
    );
  }
  return {
    task: enterStage(task, "restoring", atMs),
    database: {
      put: {
        instanceId: task.instanceId,
        name: database?.name ?? task.dbName,
        status: "restoring",
        sizeBytes: neededBytes,
        collation: instance.collation,
        migrateTaskId: task.id,
        migratable: true,
      },
    },
  };
}

function endRestore(task: MigrateTask, context: StageContext): Advance {
  const { atMs, database } = context;
  if (database === undefined) {
    return fileFailure(task, "RestoreFailed", `Failed to open database ${task.dbName}.`, context);
  }
  if (task.shape.failWith !== undefined) return fileFailure(task, "RestoreFailed", task.shape.failWith, context);
  const facts = currentFile(task).facts ?? unreadableFacts("not read");
  if (!isIncrement(task)) {
    const restored = { ...task, restored: restorePointAfterFull(facts) };
    return { task: enterStage(restored, task.online ? "opening" : "waiting", atMs) };
  }
  const applied = applyIncrement(task.restored, facts);
  if ("failure" in applied) return fileFailure(task, "RestoreFailed", applied.failure, context);
  return { task: enterStage({ ...task, restored: applied.point }, "waiting", atMs) };
}

function openDatabase(task: MigrateTask, { atMs, instance, database }: StageContext): Advance {
  if (database === undefined || task.shape.failToOpen === true) {
    return {
      task: failTask(task, "RestoreFailed", `Failed to open database ${task.dbName}.`, atMs),
      ...(database === undefined ? {} : { database: { drop: true } as const }),
    };
  }
  const opened = { put: { ...database, status: "Running" } };
  // A database that fails the synchronous check is open: the vendor's remedy is to drop it and migrate again.
  if (task.checkDb === "sync" && task.shape.checkdbFails === true) {
    const failed = { ...task, stage: "failed" as const, stageEndsAtMs: null, endedAtMs: atMs };
    return { task: { ...failed, description: "DBCC checkdb failed" }, database: opened };
  }
  const description = instance.hasPrivilegedAccount ? "" : noInitAccount(task.dbName);
  const succeeded = { ...task, endedAtMs: atMs, description: task.shape.successDescription ?? description };
  return { task: enterStage(succeeded, task.checkDb === "async" ? "verifying" : "succeeded", atMs), database: opened };
}

const noInitAccount = (dbName: string): string =>
  `Your RDS doesn't have any init account yet, please create one and grant permissions on RDS console to this migrated database (${dbName}).`;

/** Reports the result of the asynchronous DBCC in the description; the status stays Success. */
function endVerification(task: MigrateTask): MigrateTask {
  const result =
    task.shape.checkdbFails === true
      ? "asynchronously DBCC checkdb failed: CHECKDB found 0 allocation errors and 2 consistency errors in table 'Orders' (object ID 2105058535)."
      : "Success to DBCC checkdb asynchronously.";
  const description =
    task.shape.successDescription ?? [task.description, result].filter((text) => text !== "").join(" ");
  return { ...task, stage: "succeeded", stageEndsAtMs: null, description };
}

/**
 * Fails the current file. A bad full backup fails the task and drops the partly restored database. A bad increment
 * leaves the database restoring; whether the task then fails or waits for another file is not documented.
 */
function fileFailure(task: MigrateTask, status: FileStatus, description: string, context: StageContext): Advance {
  const failed = failTask(task, status, description, context.atMs);
  if (isIncrement(task)) {
    if (context.afterBadIncrement === "failed") return { task: failed };
    return { task: { ...failed, stage: "waiting", endedAtMs: null } };
  }
  const startedHere = context.database?.migrateTaskId === task.id && !task.replacesDatabase;
  return startedHere ? { task: failed, database: { drop: true } } : { task: failed };
}
