import type { RpcCall } from "../world";
import { type RdsInstance, supportsAction } from "./instance";
import { fileName, type MigrateFile, type MigrateTask, taskStatus } from "./migrate-task";
import { namedInstance, type RdsContext, type RdsReply } from "./rds-action";
import { rdsFault } from "./rds-faults";
import { DAY_MS } from "./rds-limits";
import { taskOf } from "./rds-state";
import { malformed, numberParam, requiredParam } from "./rpc-params";
import { parseMinute, wireTime } from "./wire-time";

const WEEK_MS = 7 * DAY_MS;
const MIB = 1024 ** 2;

/**
 * Returns the instance of a call, if it supports the action.
 * @throws RpcFault EngineNotSupported, EngineVersionNotSupported
 */
export function supportedInstance(call: RpcCall, context: RdsContext): RdsInstance {
  const instance = namedInstance(call, context);
  if (instance.engine !== "SQLServer") throw rdsFault("EngineNotSupported", `the engine is ${instance.engine}`);
  if (!supportsAction(instance, call.action)) throw rdsFault("EngineVersionNotSupported");
  return instance;
}

/**
 * Lists the tasks of the last week, newest first (the order is not documented). The documents say "only migration tasks
 * created to migrate full backup files". Whether this includes tasks that accept increments (UPDF) is not documented.
 * By default the emulator does not list them, which is harder for clients.
 */
export function describeMigrateTasks(call: RpcCall, context: RdsContext): RdsReply {
  const { state, world } = context;
  const instance = supportedInstance(call, context);
  const startMs = parseMinute("StartTime", requiredParam(call, "StartTime"));
  const endMs = parseMinute("EndTime", requiredParam(call, "EndTime"));
  if (endMs <= startMs) throw malformed("EndTime", "later than StartTime");
  const pageSize = numberParam(call, "PageSize", { fallback: 30, min: 30, max: 100 });
  const pageNumber = numberParam(call, "PageNumber", { fallback: 1, min: 1, max: Number.MAX_SAFE_INTEGER });
  const oldestMs = Math.max(startMs, world.now() - WEEK_MS);
  const tasks = state.tasks
    .filter((task) => task.instanceId === instance.id)
    .filter((task) => task.backupMode === "FULL" || state.listsOpenTasks)
    .filter((task) => task.createdAtMs >= oldestMs && task.createdAtMs <= endMs)
    .filter((task) => !(task.createdAtMs > world.now() - state.listDelayMs))
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

/** Describes one task. Unlike the list, the reply is flat and names the instance DBInstanceName. */
export function describeMigrateTaskById(call: RpcCall, context: RdsContext): RdsReply {
  const { state } = context;
  const instance = supportedInstance(call, context);
  const task = taskOf(state, instance.id, requiredParam(call, "MigrateTaskId"));
  return { DBInstanceName: instance.id, ...taskReply(task) };
}

export function describeOssDownloads(call: RpcCall, context: RdsContext): RdsReply {
  const { state } = context;
  const instance = supportedInstance(call, context);
  const task = taskOf(state, instance.id, requiredParam(call, "MigrateTaskId"));
  return {
    DBInstanceId: instance.id,
    MigrateTaskId: task.id,
    Items: { OssDownload: task.files.map(fileReply) },
  };
}

function taskReply(task: MigrateTask): RdsReply {
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

function fileReply(file: MigrateFile): RdsReply {
  const failed = file.status.endsWith("Failed");
  return {
    FileName: fileName(file),
    FileSize: String(Math.ceil(file.sizeBytes / MIB)),
    // The type is known after the check of the header; until then it is reported as Database.
    BackupMode: file.facts?.kind ?? "Database",
    Status: file.status,
    Description: file.description,
    IsAvailable: failed ? "False" : "True",
    CreateTime: wireTime(file.createdAtMs),
    EndTime: wireTime(file.endedAtMs),
  };
}
