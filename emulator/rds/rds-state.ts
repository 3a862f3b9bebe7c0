import { type RdsDatabase, sameDatabaseName } from "./database";
import type { RdsInstance } from "./instance";
import { diskUsedBytes, storageBytes } from "./instance";
import { currentFile, isActive, type MigrateTask, type RestoreShape } from "./migrate-task";
import { rdsFault } from "./rds-faults";
import { DEFAULT_LIMITS, type RdsLimits, type Submission } from "./rds-limits";
import type { ForbiddenAction } from "./rpc-refusals";

/** An override for the next tasks of a database. */
export interface ShapeRule {
  /** Null for all databases. */
  dbName: string | null;
  /** The number of tasks left to override; null for all. */
  remaining: number | null;
  shape: RestoreShape;
}

/** The duration of the tasks of a database (null: of all other databases), milliseconds. */
export interface PaceRule {
  dbName: string | null;
  taskMs: number;
}

/** The whole state of the RDS service. It is stored as JSON. */
export interface RdsState {
  instances: RdsInstance[];
  databases: RdsDatabase[];
  tasks: MigrateTask[];
  submissions: Submission[];
  /** Replies by `<action>/<ClientToken>`, with the parameters of their calls. */
  tokens: Record<string, { parameters: string; reply: Record<string, unknown> }>;
  /** The next MigrateTaskId. */
  nextId: number;
  shapes: ShapeRule[];
  paces: PaceRule[];
  limits: RdsLimits;
  forbidden: ForbiddenAction[];
  afterBadIncrement: "failed" | "waiting";
  /** Whether DescribeMigrateTasks lists UPDF tasks. */
  listsOpenTasks: boolean;
  /** With `accepted`, tests can check that the client itself prevents second tasks. */
  secondTasks: "refused" | "accepted";
  listDelayMs: number;
}

/** As in the vendor's sample reply, `"MigrateTaskId":"106121"`. */
const FIRST_ID = 106121;

export function initialState(instances: RdsInstance[]): RdsState {
  return {
    instances,
    databases: [],
    tasks: [],
    submissions: [],
    tokens: {},
    nextId: FIRST_ID,
    shapes: [],
    paces: [],
    limits: DEFAULT_LIMITS,
    forbidden: [],
    afterBadIncrement: "failed",
    listsOpenTasks: false,
    secondTasks: "refused",
    listDelayMs: 0,
  };
}

export function instanceOf(state: RdsState, id: string): RdsInstance {
  const instance = state.instances.find((one) => one.id === id);
  if (instance === undefined) throw rdsFault("InvalidDBInstanceId.NotFound", `no instance ${id}`);
  return instance;
}

export function taskOf(state: RdsState, instanceId: string, taskId: string): MigrateTask {
  const task = state.tasks.find((one) => one.instanceId === instanceId && one.id === taskId);
  if (task === undefined)
    throw rdsFault("InvalidMigrateTaskId.NotFound", `no migration task ${taskId} on ${instanceId}`);
  return task;
}

export const databasesOf = (state: RdsState, instanceId: string): RdsDatabase[] =>
  state.databases.filter((database) => database.instanceId === instanceId);

export const findDatabase = (state: RdsState, instanceId: string, name: string): RdsDatabase | undefined =>
  databasesOf(state, instanceId).find((database) => sameDatabaseName(database.name, name));

export function putTask(state: RdsState, task: MigrateTask): void {
  const others = state.tasks.filter((one) => one.id !== task.id);
  state.tasks = [...others, task].sort((one, other) => Number(one.id) - Number(other.id));
}

export function putDatabase(state: RdsState, database: RdsDatabase): void {
  const same = (one: RdsDatabase) =>
    one.instanceId === database.instanceId && sameDatabaseName(one.name, database.name);
  state.databases = state.databases.some(same)
    ? state.databases.map((one) => (same(one) ? database : one))
    : [...state.databases, database];
}

/** @returns whether the database existed */
export function dropDatabase(state: RdsState, instanceId: string, name: string): boolean {
  const kept = state.databases.filter((one) => one.instanceId !== instanceId || !sameDatabaseName(one.name, name));
  const dropped = kept.length < state.databases.length;
  state.databases = kept;
  return dropped;
}

/** Removes an instance with its databases and tasks. */
export function dropInstance(state: RdsState, instanceId: string): void {
  state.instances = state.instances.filter((instance) => instance.id !== instanceId);
  state.databases = state.databases.filter((database) => database.instanceId !== instanceId);
  state.tasks = state.tasks.filter((task) => task.instanceId !== instanceId);
}

/** Free disk space, bytes: storage minus the databases and the downloaded backup files of active tasks. */
export function freeBytes(state: RdsState, instance: RdsInstance): number {
  const downloaded = state.tasks
    .filter((task) => task.instanceId === instance.id && isActive(task))
    .filter((task) => task.stage !== "queued" && task.stage !== "opening")
    .reduce((sum, task) => sum + currentFile(task).sizeBytes, 0);
  return Math.max(0, storageBytes(instance) - diskUsedBytes(instance, state.databases) - downloaded);
}

/** Allocates the id of the next task or order. */
export function allocateId(state: RdsState): string {
  const id = state.nextId;
  state.nextId += 1;
  return String(id);
}
