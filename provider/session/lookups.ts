import type { BucketFacts } from "../aliyun/object-store";
import type { RoleFacts } from "../aliyun/ram-api";
import type { AccountFacts, DatabaseFacts, InstanceFacts } from "../aliyun/rds-api";
import type { Scope } from "../model/scope";
import type { Baseline } from "../source/baseline";
import type { Clients } from "./clients";
import type { Clock } from "./clock";
import { baselineReader } from "./lazy-clients";
import { remember } from "./remember";
import { openTaskListCache, type TaskListCache } from "./task-list-cache";

/** The longest that a shared answer about states, names and free space is used; milliseconds. A run lasts for hours. */
export const SHARED_FACTS_MAX_AGE_MS = 60_000;

/** The service's times have whole seconds: an event may be up to this much later than its time; milliseconds. */
export const SERVICE_SECOND_MS = 1_000;

/**
 * What the service answered, asked once for all migrations that need the same. An answer that failed is shared too: five
 * hundred migrations do not repeat a refused call.
 */
export interface Lookups {
  taskList(scope: Scope, instanceId: string): TaskListCache;
  /** At most {@link SHARED_FACTS_MAX_AGE_MS} old. */
  instance(scope: Scope, instanceId: string): Promise<InstanceFacts>;
  /** Bytes on the instance's disk: as the instance's facts have it, else asked once a run. Undefined where the service does not return it. */
  usedBytes(scope: Scope, instance: InstanceFacts): Promise<number | undefined>;
  /** What `sql/baseline.sql` wrote, read once a run. Undefined when the file does not exist. @throws BASELINE_INVALID */
  baseline(path: string): Promise<Baseline | undefined>;
  /** Once a run. */
  bucket(scope: Scope, name: string): Promise<BucketFacts>;
  /** Once a run, or again when the held answer is older than `notBeforeMs`. Undefined when the account has no such role. */
  role(scope: Scope, name: string, notBeforeMs?: number): Promise<RoleFacts | undefined>;
  /** All pages, once a run. */
  accounts(scope: Scope, instanceId: string): Promise<AccountFacts[]>;
  /** All pages, asked at `notBeforeMs` or later. */
  databases(scope: Scope, instanceId: string, notBeforeMs: number): Promise<DatabaseFacts[]>;
}

export function openLookups({ rds, store, ram, accountKey }: Clients, clock: Clock): Lookups {
  const answers = new Map<string, { askedMs: number; answer: Promise<unknown> }>();
  const taskLists = new Map<string, TaskListCache>();
  /** The held answer if it was asked for at `notBeforeMs` or later, else a new one. */
  const ask = <T>(key: readonly string[], notBeforeMs: number, load: () => Promise<T>): Promise<T> => {
    const name = JSON.stringify(key);
    const held = answers.get(name);
    if (held !== undefined && held.askedMs >= notBeforeMs) return held.answer as Promise<T>;
    const answer = load();
    answers.set(name, { askedMs: clock.now(), answer });
    return answer;
  };
  const ONCE = Number.NEGATIVE_INFINITY;
  return {
    taskList: (scope, instanceId) =>
      remember(taskLists, `${accountKey(scope)} ${instanceId}`, () => openTaskListCache(rds(scope), instanceId, clock)),
    instance: (scope, instanceId) =>
      ask(["instance", accountKey(scope), instanceId], clock.now() - SHARED_FACTS_MAX_AGE_MS + 1, () =>
        rds(scope).describeInstance(instanceId),
      ),
    usedBytes: async (scope, { instanceId, usedBytes }) =>
      usedBytes ?? ask(["disk", accountKey(scope), instanceId], ONCE, () => rds(scope).diskUsed(instanceId)),
    baseline: (path) => ask(["baseline", path], ONCE, () => baselineReader().readBaselineFile(path)),
    bucket: (scope, name) => ask(["bucket", accountKey(scope), name], ONCE, () => store(scope).bucketFacts(name)),
    role: (scope, name, notBeforeMs = ONCE) =>
      ask(["role", accountKey(scope), name], notBeforeMs, () => ram(scope).findRole(name)),
    accounts: (scope, instanceId) =>
      ask(["accounts", accountKey(scope), instanceId], ONCE, () => rds(scope).listAccounts(instanceId)),
    databases: (scope, instanceId, notBeforeMs) =>
      ask(["databases", accountKey(scope), instanceId], notBeforeMs, () => rds(scope).listDatabases(instanceId)),
  };
}
