import { importRoleUsable, type RamState } from "../ram/ram-state";
import type { RpcCall, World } from "../world";
import { enterStage, failTask } from "./advance-task";
import { sameDatabaseName } from "./database";
import { decideMigrateTask, type MigrateRequest } from "./decide-migrate-task";
import { instanceStatus, isLegacy2008R2, type RdsInstance, supportsAction } from "./instance";
import type { LocatedBackup } from "./locate-backup";
import {
  currentFile,
  fileName,
  isAtWork,
  type MigrateFile,
  type MigrateTask,
  type RestoreShape,
  taskStatus,
} from "./migrate-task";
import { rdsFault } from "./rds-faults";
import { DAY_MS } from "./rds-limits";
import {
  databasesOf,
  dropDatabase,
  findDatabase,
  instanceOf,
  putDatabase,
  putTask,
  type RdsState,
  takeId,
  taskOf,
} from "./rds-state";
import { malformed, numberParam, optionalParam, requiredParam, requiredWordParam, wordParam } from "./rpc-params";
import { recordDatabaseStatus, recordTaskStatus } from "./settle-tasks";
import { parseMinute, wireTime } from "./wire-time";

/** What the task calls work on. */
export interface TaskScene {
  state: RdsState;
  ram: RamState;
  world: World;
  /** Duration of a task that no test gave another one, milliseconds. */
  taskMs: number;
}

type Reply = Record<string, unknown>;

const WEEK_MS = 7 * DAY_MS;
const CHECK_MODES = ["SyncExecuteDBCheck", "AsyncExecuteDBCheck"] as const;
const MIB = 1024 ** 2;

export function createMigrateTask(call: RpcCall, scene: TaskScene): Reply {
  const { state, world } = scene;
  const instance = instanceOf(state, requiredParam(call, "DBInstanceId"));
  const request = parseMigrateRequest(call);
  const nowMs = world.now();
  const decision = decideMigrateTask(request, {
    nowMs,
    instance,
    databases: databasesOf(state, instance.id),
    tasks: state.tasks.filter((task) => task.instanceId === instance.id),
    submissions: state.submissions,
    limits: state.limits,
    objects: world.objects,
    importRoleUsable: importRoleUsable(scene.ram),
  });
  const task =
    decision.kind === "newTask"
      ? newTask(scene, { instance, request, backup: decision.backup, replacesDatabase: decision.replacesDatabase })
      : nextFile(decision.task, decision.backup, nowMs);
  state.submissions.push({ instanceId: instance.id, dbName: request.dbName, atMs: nowMs });
  putTask(state, task);
  recordTaskStatus(world, task, { request: call.request, atMs: nowMs });
  return {
    DBInstanceId: instance.id,
    DBName: request.dbName,
    BackupMode: request.backupMode,
    MigrateTaskId: task.id,
    TaskId: takeId(state),
  };
}

function parseMigrateRequest(call: RpcCall): MigrateRequest {
  return {
    dbName: requiredParam(call, "DBName"),
    backupMode: requiredWordParam(call, "BackupMode", ["FULL", "UPDF"]),
    online: requiredWordParam(call, "IsOnlineDB", ["True", "False"]) === "True",
    checkDb: wordParam(call, "CheckDBMode", CHECK_MODES) === "SyncExecuteDBCheck" ? "sync" : "async",
    ossObjectPositions: optionalParam(call, "OssObjectPositions"),
    ossUrls: optionalParam(call, "OSSUrls"),
    migrateTaskId: optionalParam(call, "MigrateTaskId"),
  };
}

function newFile(backup: LocatedBackup, nowMs: number): MigrateFile {
  const { bucket, key, sizeBytes, crc64 } = backup.object;
  const url = backup.urlExpiresAtMs === undefined ? {} : { urlExpiresAtMs: backup.urlExpiresAtMs };
  return {
    bucket,
    key,
    sizeBytes,
    crc64,
    ...url,
    createdAtMs: nowMs,
    endedAtMs: null,
    status: "NoStart",
    description: "",
  };
}

function newTask(
  { state, world, taskMs }: TaskScene,
  given: { instance: RdsInstance; request: MigrateRequest; backup: LocatedBackup; replacesDatabase: boolean },
): MigrateTask {
  const { instance, request, backup, replacesDatabase } = given;
  const nowMs = world.now();
  const task: MigrateTask = {
    id: takeId(state),
    instanceId: instance.id,
    dbName: request.dbName,
    backupMode: request.backupMode,
    online: request.online,
    checkDb: request.checkDb,
    replacesDatabase,
    createdAtMs: nowMs,
    endedAtMs: null,
    stage: "queued",
    stageEndsAtMs: null,
    taskMs: paceOf(state, request.dbName) ?? taskMs,
    description: "",
    files: [newFile(backup, nowMs)],
    restored: null,
    shape: takeShape(state, request.dbName),
    shown: {},
  };
  return enterStage(task, "queued", nowMs);
}

/** The next file of a chain: the task leaves Waiting at once. */
function nextFile(task: MigrateTask, backup: LocatedBackup, nowMs: number): MigrateTask {
  const continued = { ...task, description: "", files: [...task.files, newFile(backup, nowMs)] };
  return enterStage(continued, "downloading", nowMs);
}

/** The newest rule for this very database, else for all. */
function paceOf(state: RdsState, dbName: string): number | undefined {
  const own = state.paces.findLast((pace) => pace.dbName !== null && sameDatabaseName(pace.dbName, dbName));
  return (own ?? state.paces.findLast((pace) => pace.dbName === null))?.taskMs;
}

/** All wishes for this database, the later ones over the earlier; those with a number of tasks are used up. */
function takeShape(state: RdsState, dbName: string): RestoreShape {
  let shape: RestoreShape = {};
  for (const rule of state.shapes) {
    if (rule.dbName !== null && !sameDatabaseName(rule.dbName, dbName)) continue;
    shape = { ...shape, ...rule.shape };
    if (rule.remaining !== null) rule.remaining -= 1;
  }
  state.shapes = state.shapes.filter((rule) => rule.remaining === null || rule.remaining > 0);
  return shape;
}

/** Tasks of the last week, by creation time, newest first (the order is not documented). */
export function describeMigrateTasks(call: RpcCall, { state, world }: TaskScene): Reply {
  const instance = supportedInstance(call, state);
  const startMs = parseMinute("StartTime", requiredParam(call, "StartTime"));
  const endMs = parseMinute("EndTime", requiredParam(call, "EndTime"));
  if (endMs <= startMs) throw malformed("EndTime", "later than StartTime");
  const pageSize = numberParam(call, "PageSize", { fallback: 30, min: 30, max: 100 });
  const pageNumber = numberParam(call, "PageNumber", { fallback: 1, min: 1, max: Number.MAX_SAFE_INTEGER });
  const oldestMs = Math.max(startMs, world.now() - WEEK_MS);
  const tasks = state.tasks
    .filter((task) => task.instanceId === instance.id)
    .filter((task) => task.createdAtMs >= oldestMs && task.createdAtMs <= endMs)
    .sort((one, other) => other.createdAtMs - one.createdAtMs || Number(other.id) - Number(one.id));
  const page = tasks.slice((pageNumber - 1) * pageSize, pageNumber * pageSize);
  return {
    DBInstanceId: instance.id,
    PageNumber: pageNumber,
    PageRecordCount: page.length,
    TotalRecordCount: tasks.length,
    Items: { MigrateTask: page.map(taskReply) },
  };
}

/** Flat, and the instance is called DBInstanceName here. */
export function describeMigrateTaskById(call: RpcCall, { state }: TaskScene): Reply {
  const instance = supportedInstance(call, state);
  const task = taskOf(state, instance.id, requiredParam(call, "MigrateTaskId"));
  return { DBInstanceName: instance.id, ...taskReply(task) };
}

export function describeOssDownloads(call: RpcCall, { state }: TaskScene): Reply {
  const instance = supportedInstance(call, state);
  const task = taskOf(state, instance.id, requiredParam(call, "MigrateTaskId"));
  return {
    DBInstanceId: instance.id,
    MigrateTaskId: task.id,
    Items: { OssDownload: task.files.map(fileReply) },
  };
}

function supportedInstance(call: RpcCall, state: RdsState): RdsInstance {
  const instance = instanceOf(state, requiredParam(call, "DBInstanceId"));
  if (instance.engine !== "SQLServer") throw rdsFault("EngineNotSupported", `the engine is ${instance.engine}`);
  if (!supportsAction(instance, call.action)) throw rdsFault("EngineVersionNotSupported");
  return instance;
}

function taskReply(task: MigrateTask): Reply {
  return {
    MigrateTaskId: task.id,
    DBName: task.dbName,
    BackupMode: task.backupMode,
    Status: task.shown.status ?? taskStatus(task),
    Description: task.shown.description ?? task.description,
    IsDBReplaced: task.replacesDatabase ? "True" : "False",
    CreateTime: wireTime(task.createdAtMs),
    EndTime: wireTime(task.endedAtMs),
  };
}

function fileReply(file: MigrateFile): Reply {
  const failed = file.status.endsWith("Failed");
  return {
    FileName: fileName(file),
    FileSize: String(Math.ceil(file.sizeBytes / MIB)),
    // What the file really is, once that is known; until then it is taken for what it was sent as.
    BackupMode: file.facts?.kind ?? "Database",
    Status: file.status,
    Description: file.description,
    IsAvailable: failed ? "False" : "True",
    CreateTime: wireTime(file.createdAtMs),
    EndTime: wireTime(file.endedAtMs),
  };
}

/**
 * "Terminates an ongoing migration task." The rest is assumed: the task ends as Failed, a database it had begun is dropped (one
 * that is overwritten stays), and a finished task is refused.
 */
export function terminateMigrateTask(call: RpcCall, { state, world }: TaskScene): Reply {
  const instance = supportedInstance(call, state);
  const task = taskOf(state, instance.id, requiredParam(call, "MigrateTaskId"));
  if (!isAtWork(task) && taskStatus(task) !== "Waiting") {
    throw rdsFault("InvalideStatus", `task ${task.id} is ${taskStatus(task)}`);
  }
  const nowMs = world.now();
  const ended = failTask(task, currentFile(task).status, "The migration task is terminated.", nowMs);
  putTask(state, ended);
  recordTaskStatus(world, ended, { request: call.request, atMs: nowMs });
  const database = findDatabase(state, instance.id, task.dbName);
  if (database?.migrateTaskId === task.id && !task.replacesDatabase) {
    dropDatabase(state, instance.id, task.dbName);
    recordDatabaseStatus(world, {
      instanceId: instance.id,
      dbName: task.dbName,
      status: "dropped",
      taskId: task.id,
      request: call.request,
    });
  } else if (database?.migrateTaskId === task.id) {
    putDatabase(state, { ...database, status: "Running" });
  }
  return {};
}

/** Opens a database that waits for increments. InvalideStatus (the service's spelling) when its task does not wait. */
export function createOnlineDatabaseTask(call: RpcCall, { state, world }: TaskScene): Reply {
  const instance = supportedInstance(call, state);
  const dbName = requiredParam(call, "DBName");
  const task = taskOf(state, instance.id, requiredParam(call, "MigrateTaskId"));
  const checkDb = requiredWordParam(call, "CheckDBMode", CHECK_MODES) === "SyncExecuteDBCheck" ? "sync" : "async";
  if (isLegacy2008R2(instance)) throw rdsFault("EngineVersionNotSupported");
  const nowMs = world.now();
  const status = instanceStatus(instance, nowMs);
  if (status !== "Running") throw rdsFault("IncorrectDBInstanceState", `the instance is ${status}`);
  if (!sameDatabaseName(task.dbName, dbName))
    throw rdsFault("InvalidDBName.NotFound", `the task is for ${task.dbName}`);
  if (taskStatus(task) !== "Waiting") throw rdsFault("InvalideStatus", `task ${task.id} is ${taskStatus(task)}`);
  const opening = enterStage({ ...task, checkDb, description: "" }, "opening", nowMs);
  putTask(state, opening);
  recordTaskStatus(world, opening, { request: call.request, atMs: nowMs });
  return {};
}
