import type { RdsApi } from "../../aliyun/rds-api";
import type { Sample } from "../../forecast/stage-model";
import type { MigrateTask } from "../../model/migrate-task";
import type { Scope } from "../../model/scope";
import type { Session } from "../../session/session";

/** What the planner needs of an instance. */
export interface InstanceRoom {
  freeBytes?: number;
  /** Databases that it takes beside those that it has. */
  databasesAllowed?: number;
  /** Names of the databases that it has. */
  databases: string[];
  /** Tasks of the last week; undefined where the edition does not list them. */
  tasks?: MigrateTask[];
  /** Restores of the last week by the size of their backup files. */
  restores: Sample[];
}

/** The service keeps a week; less a margin for its clock. */
const WEEK_MS = 7 * 24 * 3_600_000 - 30 * 60_000;
/** Each one is a call. */
const SIZED_TASKS = 20;

/** Fetches what the planner needs: the instance, its disk, its databases, its tasks, and the file sizes of some of them. */
export async function fetchInstanceRoom(session: Session, scope: Scope, instanceId: string): Promise<InstanceRoom> {
  const nowMs = session.clock.now();
  const rds = session.clients.rds(scope);
  const facts = await session.lookups.instance(scope, instanceId);
  const [usedBytes, databases, tasks] = await Promise.all([
    session.lookups.usedBytes(scope, facts),
    session.lookups.databases(scope, instanceId, nowMs),
    session.lookups.taskList(scope, instanceId).list({ sinceMs: nowMs - WEEK_MS, notBeforeMs: nowMs }),
  ]);
  const { storageBytes, maxDatabases } = facts;
  return {
    freeBytes:
      storageBytes === undefined || usedBytes === undefined ? undefined : Math.max(0, storageBytes - usedBytes),
    databasesAllowed: maxDatabases === undefined ? undefined : Math.max(0, maxDatabases - databases.length),
    databases: databases.map(({ name }) => name),
    tasks,
    restores: await fetchRestores(rds, instanceId, tasks ?? []),
  };
}

/** A task's time contains its wait, because the list does not show when the work began. */
async function fetchRestores(rds: RdsApi, instanceId: string, tasks: readonly MigrateTask[]): Promise<Sample[]> {
  const finished = tasks.filter(({ status, finishedAtMs }) => status === "Success" && finishedAtMs !== undefined);
  const newest = [...finished].sort((one, other) => other.createdAtMs - one.createdAtMs).slice(0, SIZED_TASKS);
  const samples: Sample[] = [];
  for (const { taskId, createdAtMs, finishedAtMs = createdAtMs } of newest) {
    const files = await rds.listTaskFiles(instanceId, taskId);
    if (files === undefined) break;
    const bytes = files.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
    samples.push({ bytes, seconds: (finishedAtMs - createdAtMs) / 1000 });
  }
  return samples;
}
