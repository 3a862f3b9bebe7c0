import { importRoleUsable, ramDocument } from "../ram/ram-state";
import type { World } from "../world";
import { advanceTask, type StageContext } from "./advance-task";
import { type BackupFacts, factsOf, type ReadBackup, unreadableFacts } from "./backup-facts";
import { hasPrivilegedAccount, restorableVersions } from "./instance";
import { currentFile, type MigrateFile, type MigrateTask, taskStatus } from "./migrate-task";
import { databasesOf, dropDatabase, findDatabase, freeBytes, putDatabase, putTask, type RdsState } from "./rds-state";

/**
 * Advances all tasks to the present, in the order in which their stages end.
 *
 * There are no timers: tasks advance when the next call arrives. An object that was deleted before that call therefore
 * counts as missing at the end of the download.
 *
 * @returns whether anything changed
 */
export async function advanceDueTasks(state: RdsState, world: World, readBackup: ReadBackup): Promise<boolean> {
  let changed = false;
  for (let due = nextDue(state, world.now()); due !== undefined; due = nextDue(state, world.now())) {
    const context = await readStageContext(state, due, world, readBackup);
    const advance = context === undefined ? { task: stopTask(due.task) } : advanceTask(due.task, context);
    applyAdvance(state, world, due, advance);
    changed = true;
  }
  return changed;
}

interface DueTask {
  task: MigrateTask;
  atMs: number;
}

function nextDue(state: RdsState, nowMs: number): DueTask | undefined {
  let next: DueTask | undefined;
  for (const task of state.tasks) {
    const atMs = task.stageEndsAtMs;
    if (atMs !== null && atMs <= nowMs && (next === undefined || atMs < next.atMs)) next = { task, atMs };
  }
  return next;
}

/** Collects the context in which a stage ends; undefined when the instance was released. */
async function readStageContext(
  state: RdsState,
  { task, atMs }: DueTask,
  world: World,
  readBackup: ReadBackup,
): Promise<StageContext | undefined> {
  const instance = state.instances.find(({ id }) => id === task.instanceId);
  if (instance === undefined) return undefined;
  return {
    atMs,
    object: objectState(currentFile(task), world, atMs),
    ...(task.stage === "checking" ? { facts: await readFacts(currentFile(task), world, readBackup) } : {}),
    instance: {
      freeBytes: freeBytes(state, instance),
      databaseCount: databasesOf(state, instance.id).length,
      dbMaxQuantity: instance.dbMaxQuantity,
      versions: restorableVersions(instance.engineVersion),
      collation: instance.collation,
      hasPrivilegedAccount: hasPrivilegedAccount(instance),
    },
    database: findDatabase(state, task.instanceId, task.dbName),
    afterBadIncrement: state.afterBadIncrement,
  };
}

/** The task of a released instance stays in its stage. */
const stopTask = (task: MigrateTask): MigrateTask => ({ ...task, stageEndsAtMs: null });

function objectState(file: MigrateFile, world: World, atMs: number): StageContext["object"] {
  if (file.urlExpiresAtMs !== undefined && atMs > file.urlExpiresAtMs) return "urlExpired";
  // A signed URL needs no role.
  if (file.urlExpiresAtMs === undefined && !importRoleUsable(ramDocument(world).value)) return "forbidden";
  const object = world.objects.head(file.bucket, file.key);
  if (object === undefined) return "missing";
  return object.crc64 === file.crc64 ? "unchanged" : "changed";
}

async function readFacts(file: MigrateFile, world: World, readBackup: ReadBackup): Promise<BackupFacts> {
  const source = {
    name: `oss://${file.bucket}/${file.key}`,
    sizeBytes: file.sizeBytes,
    read: (start: number, end: number) => world.objects.read(file.bucket, file.key, start, end),
  };
  try {
    return factsOf(await readBackup(source));
  } catch (error) {
    // For example, the object was deleted during the read. The service reports an unusable file, whatever the reason.
    return unreadableFacts(error instanceof Error ? error.message : String(error));
  }
}

function applyAdvance(
  state: RdsState,
  world: World,
  { task: before, atMs }: DueTask,
  advance: ReturnType<typeof advanceTask>,
): void {
  const { task, database } = advance;
  putTask(state, task);
  if (database !== undefined && "put" in database) putDatabase(state, database.put);
  if (database !== undefined && "drop" in database) dropDatabase(state, task.instanceId, task.dbName);
  if (taskStatus(before) !== taskStatus(task)) recordTaskStatus(world, task, { request: 0, atMs });
  if (database !== undefined) {
    const status = "put" in database ? database.put.status : "dropped";
    recordDatabaseStatus(world, { instanceId: task.instanceId, dbName: task.dbName, status, taskId: task.id });
  }
}

/**
 * Records a task's new status in the journal. `atMs` is when the change happened, which may be long before this call.
 */
export function recordTaskStatus(world: World, task: MigrateTask, at: { request: number; atMs: number }): void {
  const { bucket, key } = currentFile(task);
  world.journal.record({
    request: at.request,
    service: "rds",
    action: "taskStatus",
    detail: {
      instanceId: task.instanceId,
      taskId: task.id,
      dbName: task.dbName,
      status: taskStatus(task),
      object: `${bucket}/${key}`,
      happenedAtMs: at.atMs,
      ...(task.description === "" ? {} : { description: task.description }),
    },
  });
}

/** Records in the journal that a database was created, changed its status or was dropped (`status: "dropped"`). */
export function recordDatabaseStatus(
  world: World,
  detail: { instanceId: string; dbName: string; status: string; taskId?: string; request?: number },
): void {
  const { request = 0, ...rest } = detail;
  world.journal.record({ request, service: "rds", action: "databaseStatus", detail: rest });
}
