import { importRoleUsable } from "../ram/ram-state";
import type { RpcCall } from "../world";
import { recordTaskStatus } from "./advance-due-tasks";
import { enterStage } from "./advance-task";
import { sameDatabaseName } from "./database";
import { decideMigrateTask, type MigrateRequest } from "./decide-migrate-task";
import type { RdsInstance } from "./instance";
import type { LocatedBackup } from "./locate-backup";
import { CHECK_DB_MODES, checkDbOf, type MigrateFile, type MigrateTask, type RestoreShape } from "./migrate-task";
import { namedInstance, type RdsContext, type RdsReply } from "./rds-action";
import { DAY_MS } from "./rds-limits";
import { allocateId, databasesOf, putTask, type RdsState } from "./rds-state";
import { optionalParam, requiredParam, requiredWordParam, wordParam } from "./rpc-params";

/**
 * CreateMigrateTask has no client token: a repeated call is refused or creates a second task, as on the real service.
 */
export function createMigrateTask(call: RpcCall, context: RdsContext): RdsReply {
  const { state, world } = context;
  const instance = namedInstance(call, context);
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
    importRoleUsable: importRoleUsable(context.ram),
    secondTasks: state.secondTasks,
  });
  const task =
    decision.kind === "newTask"
      ? newTask(context, { instance, request, backup: decision.backup, replacesDatabase: decision.replacesDatabase })
      : nextFile(decision.task, decision.backup, nowMs);
  const recent = state.submissions.filter(({ atMs }) => atMs > nowMs - DAY_MS);
  state.submissions = [...recent, { instanceId: instance.id, dbName: request.dbName, atMs: nowMs }];
  putTask(state, task);
  recordTaskStatus(world, task, { request: call.request, atMs: nowMs });
  return {
    DBInstanceId: instance.id,
    DBName: request.dbName,
    BackupMode: request.backupMode,
    MigrateTaskId: task.id,
    TaskId: allocateId(state),
  };
}

function parseMigrateRequest(call: RpcCall): MigrateRequest {
  return {
    dbName: requiredParam(call, "DBName"),
    backupMode: requiredWordParam(call, "BackupMode", ["FULL", "UPDF"]),
    online: requiredWordParam(call, "IsOnlineDB", ["True", "False"]) === "True",
    checkDb: checkDbOf(wordParam(call, "CheckDBMode", CHECK_DB_MODES)),
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
  { state, world, taskMs }: RdsContext,
  accepted: { instance: RdsInstance; request: MigrateRequest; backup: LocatedBackup; replacesDatabase: boolean },
): MigrateTask {
  const { instance, request, backup, replacesDatabase } = accepted;
  const nowMs = world.now();
  const task: MigrateTask = {
    id: allocateId(state),
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
    shape: consumeShape(state, request.dbName),
    shown: {},
  };
  return enterStage(task, "queued", nowMs);
}

/** Adds the next file of a chain; the task leaves Waiting at once. */
function nextFile(task: MigrateTask, backup: LocatedBackup, nowMs: number): MigrateTask {
  const continued = { ...task, description: "", files: [...task.files, newFile(backup, nowMs)] };
  return enterStage(continued, "downloading", nowMs);
}

/** The duration set for this database, else the duration set for all databases. */
function paceOf(state: RdsState, dbName: string): number | undefined {
  const databasePace = state.paces.findLast((pace) => pace.dbName !== null && sameDatabaseName(pace.dbName, dbName));
  return (databasePace ?? state.paces.findLast((pace) => pace.dbName === null))?.taskMs;
}

/**
 * Merges all shape rules for this database; later rules override earlier ones. Counts down rules that have a number of
 * tasks.
 */
function consumeShape(state: RdsState, dbName: string): RestoreShape {
  let shape: RestoreShape = {};
  for (const rule of state.shapes) {
    if (rule.dbName !== null && !sameDatabaseName(rule.dbName, dbName)) continue;
    shape = { ...shape, ...rule.shape };
    if (rule.remaining !== null) rule.remaining -= 1;
  }
  state.shapes = state.shapes.filter((rule) => rule.remaining === null || rule.remaining > 0);
  return shape;
}
