import type { ObjectReader } from "../world";
import { isAllowedDatabaseName, type RdsDatabase, sameDatabaseName } from "./database";
import { instanceStatus, isLegacy2008R2, type RdsInstance, storageBytes } from "./instance";
import { type LocatedBackup, locatePosition, locateSignedUrl } from "./locate-backup";
import { isActive, type MigrateTask, taskStatus } from "./migrate-task";
import { rdsFault } from "./rds-faults";
import { checkDailyLimits, type RdsLimits, type Submission } from "./rds-limits";

/** A CreateMigrateTask call with validated parameters. */
export interface MigrateRequest {
  dbName: string;
  backupMode: "FULL" | "UPDF";
  online: boolean;
  checkDb: "sync" | "async";
  ossObjectPositions?: string;
  ossUrls?: string;
  migrateTaskId?: string;
}

/** Input of the decision. `databases` and `tasks` are those of the instance. */
export interface MigrateDecisionInput {
  nowMs: number;
  instance: RdsInstance;
  databases: readonly RdsDatabase[];
  tasks: readonly MigrateTask[];
  submissions: readonly Submission[];
  limits: RdsLimits;
  objects: ObjectReader;
  /** Whether the account's import role exists, trusts RDS and has a policy. */
  importRoleUsable: boolean;
  /** Whether a second task is accepted for a database that has an active task or already exists. */
  secondTasks: "refused" | "accepted";
}

export type MigrateDecision =
  | { kind: "newTask"; backup: LocatedBackup; replacesDatabase: boolean }
  | { kind: "nextFile"; backup: LocatedBackup; task: MigrateTask };

/**
 * Accepts or refuses a CreateMigrateTask.
 *
 * The order of the checks is not documented. The emulator checks the instance, the database, the file and then the
 * quotas, so that refused calls do not count towards a quota.
 *
 * @throws RpcFault one of the documented codes
 */
export function decideMigrateTask(request: MigrateRequest, input: MigrateDecisionInput): MigrateDecision {
  const { instance, tasks } = input;
  checkInstance(instance, input.nowMs);
  checkModes(request, instance);
  if (!isAllowedDatabaseName(request.dbName)) throw rdsFault("InvalidDBName");
  const refusesSecond = input.secondTasks !== "accepted";
  if (refusesSecond && tasks.some((task) => sameDatabaseName(task.dbName, request.dbName) && isActive(task))) {
    throw rdsFault("IncorrectDBState", "a migration task of this database is at work");
  }
  const continued = request.migrateTaskId === undefined ? undefined : continuedTask(request, tasks);
  if (continued === undefined && (refusesSecond || isLegacy2008R2(instance))) checkDatabase(request, input);
  const backup = locateBackup(request, input);
  checkSize(backup.object.sizeBytes, input);
  const submission = { instanceId: instance.id, dbName: request.dbName, atMs: input.nowMs };
  checkDailyLimits(submission, input.submissions, input.limits);
  return continued === undefined
    ? { kind: "newTask", backup, replacesDatabase: isLegacy2008R2(instance) }
    : { kind: "nextFile", backup, task: continued };
}

/** @throws RpcFault IncorrectDBInstanceType, IncorrectDBInstanceState, IncorrectDBInstanceLockMode */
export function checkInstance(instance: RdsInstance, nowMs: number): void {
  if (instance.engine !== "SQLServer") throw rdsFault("IncorrectDBInstanceType", `the engine is ${instance.engine}`);
  if (instance.instanceType !== "Primary") {
    throw rdsFault("IncorrectDBInstanceType", `a ${instance.instanceType} instance`);
  }
  const status = instanceStatus(instance, nowMs);
  if (status !== "Running") throw rdsFault("IncorrectDBInstanceState", `the instance is ${status}`);
  if (instance.lockMode !== "Unlock") throw rdsFault("IncorrectDBInstanceLockMode", `lock mode ${instance.lockMode}`);
}

/** FULL requires IsOnlineDB=True and no task id; UPDF requires IsOnlineDB=False, which 2008 R2 does not support. */
function checkModes(request: MigrateRequest, instance: RdsInstance): void {
  const { backupMode, online, migrateTaskId } = request;
  if (online !== (backupMode === "FULL")) {
    throw rdsFault("InvalidParameterCombination", `IsOnlineDB ${online} does not go with BackupMode ${backupMode}`);
  }
  if (backupMode === "FULL" && migrateTaskId !== undefined) {
    throw rdsFault("InvalidParameterCombination", "MigrateTaskId must be empty for BackupMode FULL");
  }
  if (isLegacy2008R2(instance) && !online) {
    throw rdsFault("InvalidParameterCombination", "IsOnlineDB must be True on SQL Server 2008 R2");
  }
}

function continuedTask(request: MigrateRequest, tasks: readonly MigrateTask[]): MigrateTask {
  const task = tasks.find(({ id }) => id === request.migrateTaskId);
  if (task === undefined) throw rdsFault("InvalidMigrateTaskId.NotFound");
  if (!sameDatabaseName(task.dbName, request.dbName)) {
    throw rdsFault("InvalidDBName.NotFound", `task ${task.id} is for ${task.dbName}`);
  }
  if (taskStatus(task) !== "Waiting") {
    throw rdsFault("IncorrectDBState", `task ${task.id} is ${taskStatus(task)}, not Waiting`);
  }
  return task;
}

/** On 2012 and later, the database must not exist. On 2008 R2 it must exist and is overwritten. */
function checkDatabase(request: MigrateRequest, { instance, databases }: MigrateDecisionInput): void {
  const database = databases.find(({ name }) => sameDatabaseName(name, request.dbName));
  if (!isLegacy2008R2(instance)) {
    if (database !== undefined) throw rdsFault("InvalidDBName.NotFound", `${database.name} is already there`);
    return;
  }
  if (database === undefined) throw rdsFault("InvalidDBName.NotFound", `${request.dbName} is not there`);
  if (!database.migratable) throw rdsFault("IncorrectDBType");
  if (database.status !== "Running") throw rdsFault("IncorrectDBState", `${database.name} is ${database.status}`);
}

function locateBackup(request: MigrateRequest, input: MigrateDecisionInput): LocatedBackup {
  const { instance, nowMs, objects } = input;
  const wanted = isLegacy2008R2(instance) ? "OSSUrls" : "OssObjectPositions";
  const given = isLegacy2008R2(instance) ? request.ossUrls : request.ossObjectPositions;
  if (given === undefined) throw rdsFault("InvalidOssUrl", `${wanted} is required on ${instance.engineVersion}`);
  // RDS's error for an unusable role is not documented. InvalidOssUrl fits best: "the OSS download URL is unavailable".
  if (wanted === "OssObjectPositions" && !input.importRoleUsable) {
    throw rdsFault("InvalidOssUrl", "the role AliyunRDSImportRole is missing or does not let RDS read objects");
  }
  return wanted === "OSSUrls"
    ? locateSignedUrl(given, { regionId: instance.regionId, nowMs }, objects)
    : locatePosition(given, instance.regionId, objects);
}

function checkSize(sizeBytes: number, { limits, instance }: MigrateDecisionInput): void {
  if (sizeBytes > limits.bakFileBytes) throw rdsFault("BakFileSizeExceeded");
  if (sizeBytes > storageBytes(instance)) throw rdsFault("FileSizeExceeded");
}
