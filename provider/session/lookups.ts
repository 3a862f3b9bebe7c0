import type { BucketFacts } from "../aliyun/object-store";
import type { RoleFacts } from "../aliyun/ram-api";
import type { AccountFacts, DatabaseFacts, InstanceFacts } from "../aliyun/rds-api";
import type { MigrateTask } from "../model/migrate-task";
import type { Scope } from "../model/scope";
import type { Baseline } from "../source/baseline";
import type { Clients } from "./clients";
import { type Clock, isRecent } from "./clock";
import { baselineReader } from "./lazy-clients";
import { remember } from "./remember";
import { openTaskListCache, type TaskListCache } from "./task-list-cache";

/** Maximum age of cached facts about statuses, names and free space; milliseconds. Needed because a run lasts for hours. */
export const SHARED_FACTS_MAX_AGE_MS = 60_000;

/** The service's times have whole seconds: an event may be up to this much later than its reported time; milliseconds. */
export const SERVICE_SECOND_MS = 1_000;

/**
 * Cached replies of the service: each request is sent once for all migrations that need it. Failures are cached too, so that
 * five hundred migrations do not repeat a refused call.
 */
export interface Lookups {
  taskList(scope: Scope, instanceId: string): TaskListCache;
  /** At most {@link SHARED_FACTS_MAX_AGE_MS} old. */
  instance(scope: Scope, instanceId: string): Promise<InstanceFacts>;
  /** Used bytes of the instance's disk: from the instance's facts, else fetched once a run. Undefined where the service does not return them. */
  usedBytes(scope: Scope, instance: InstanceFacts): Promise<number | undefined>;
  /** The output of `sql/baseline.sql`, read once a run. Undefined when the file does not exist. @throws BASELINE_INVALID */
  baseline(path: string): Promise<Baseline | undefined>;
  /** Fetched once a run. */
  bucket(scope: Scope, name: string): Promise<BucketFacts>;
  /** Fetched once a run, and again when the cached reply is older than `notBeforeMs`. Undefined when the account has no such role. */
  role(scope: Scope, name: string, notBeforeMs?: number): Promise<RoleFacts | undefined>;
  /** All pages, fetched once a run. */
  accounts(scope: Scope, instanceId: string): Promise<AccountFacts[]>;
  /** All pages, fetched at `notBeforeMs` or later. */
  databases(scope: Scope, instanceId: string, notBeforeMs: number): Promise<DatabaseFacts[]>;
}

export function openLookups(
  { rds, store, ram, accountKey }: Clients,
  clock: Clock,
  onTasks: (instanceId: string, tasks: readonly MigrateTask[]) => void,
): Lookups {
  const replies = new Map<string, { requestedMs: number; reply: Promise<unknown> }>();
  const taskLists = new Map<string, TaskListCache>();
  /** Returns the cached reply if it was requested at `notBeforeMs` or later, else a new one. */
  const fetchCached = <T>(key: readonly string[], notBeforeMs: number, load: () => Promise<T>): Promise<T> => {
    const name = JSON.stringify(key);
    const cached = replies.get(name);
    if (cached !== undefined && isRecent(cached.requestedMs, notBeforeMs, clock.now()))
      return cached.reply as Promise<T>;
    const reply = load();
    replies.set(name, { requestedMs: clock.now(), reply });
    return reply;
  };
  const ONCE = Number.NEGATIVE_INFINITY;
  return {
    taskList: (scope, instanceId) =>
      remember(taskLists, `${accountKey(scope)} ${instanceId}`, () =>
        openTaskListCache(rds(scope), instanceId, clock, (tasks) => onTasks(instanceId, tasks)),
      ),
    instance: (scope, instanceId) =>
      fetchCached(["instance", accountKey(scope), instanceId], clock.now() - SHARED_FACTS_MAX_AGE_MS + 1, () =>
        rds(scope).describeInstance(instanceId),
      ),
    usedBytes: async (scope, { instanceId, usedBytes }) =>
      usedBytes ?? fetchCached(["disk", accountKey(scope), instanceId], ONCE, () => rds(scope).diskUsed(instanceId)),
    baseline: (path) => fetchCached(["baseline", path], ONCE, () => baselineReader().readBaselineFile(path)),
    bucket: (scope, name) =>
      fetchCached(["bucket", accountKey(scope), name], ONCE, () => store(scope).bucketFacts(name)),
    role: (scope, name, notBeforeMs = ONCE) =>
      fetchCached(["role", accountKey(scope), name], notBeforeMs, () => ram(scope).findRole(name)),
    accounts: (scope, instanceId) =>
      fetchCached(["accounts", accountKey(scope), instanceId], ONCE, () => rds(scope).listAccounts(instanceId)),
    databases: (scope, instanceId, notBeforeMs) =>
      fetchCached(["databases", accountKey(scope), instanceId], notBeforeMs, () =>
        rds(scope).listDatabases(instanceId),
      ),
  };
}

/**
 * The oldest list of databases that shows whether a migration's database exists, by when its fetch began: a list from before
 * the end of the migration cannot contain it, and the cache of this process may hold one. Milliseconds since the epoch.
 */
export const oldestDatabaseListMs = (endedMs: number, nowMs: number): number =>
  Math.max(endedMs + SERVICE_SECOND_MS, nowMs - SHARED_FACTS_MAX_AGE_MS);
