import type { RpcCall } from "../world";
import { recordDatabaseStatus, recordTaskStatus } from "./advance-due-tasks";
import { enterStage, failTask } from "./advance-task";
import { sameDatabaseName } from "./database";
import { supportedInstance } from "./describe-tasks";
import { instanceStatus, isLegacy2008R2 } from "./instance";
import { CHECK_DB_MODES, checkDbOf, currentFile, isActive, taskStatus } from "./migrate-task";
import type { RdsContext, RdsReply } from "./rds-action";
import { rdsFault } from "./rds-faults";
import { dropDatabase, findDatabase, putDatabase, putTask, taskOf } from "./rds-state";
import { requiredParam, requiredWordParam } from "./rpc-params";

/**
 * "Terminates an ongoing migration task." The rest is assumed: the task ends as Failed, its partly restored database is
 * dropped (an overwritten database is kept), and a finished task is refused.
 */
export function terminateMigrateTask(call: RpcCall, context: RdsContext): RdsReply {
  const { state, world } = context;
  const instance = supportedInstance(call, context);
  const task = taskOf(state, instance.id, requiredParam(call, "MigrateTaskId"));
  if (!isActive(task) && taskStatus(task) !== "Waiting") {
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

/**
 * Opens a database that waits for increments.
 * @throws RpcFault InvalideStatus (the service's spelling) when its task is not Waiting
 */
export function createOnlineDatabaseTask(call: RpcCall, context: RdsContext): RdsReply {
  const { state, world } = context;
  const instance = supportedInstance(call, context);
  const dbName = requiredParam(call, "DBName");
  const task = taskOf(state, instance.id, requiredParam(call, "MigrateTaskId"));
  const checkDb = checkDbOf(requiredWordParam(call, "CheckDBMode", CHECK_DB_MODES));
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
