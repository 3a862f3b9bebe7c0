import { findCredentials } from "../aliyun/credentials/find-credentials";
import type { BucketFacts, CredentialSource, ObjectStore } from "../aliyun/object-store";
import type { CallTimeouts } from "../aliyun/oss/oss-calls";
import { ENDPOINT_OVERRIDE, resolveOssEndpoint } from "../aliyun/oss/oss-endpoint";
import type { RetryTimes } from "../aliyun/oss/retry-policy";
import type { RoleFacts } from "../aliyun/ram-api";
import type { AccountFacts, DatabaseFacts, InstanceFacts, RdsApi } from "../aliyun/rds-api";
import { findRegion, type Settings } from "../aliyun/settings";
import type { ExaminedBackup } from "../backup-files/examine-backup";
import { migrationError } from "../errors/migration-error";
import type { Engine } from "../hosts/engine";
import type { MigrationInputs } from "../model/inputs";
import { DEFAULT_LOCK_TIMES, type LockTimes } from "../model/lock-times";
import type { NewDatabase } from "../model/new-database";
import type { Baseline } from "../source/baseline";
import type { Clock } from "./clock";
import { baselineReader, ossClient, ramClient, rdsClient } from "./lazy-clients";
import { openTaskListCache, type TaskListCache } from "./task-list-cache";

/** Which account and region a migration talks to: the inputs that choose them. */
export type Scope = Pick<MigrationInputs, "region" | "profile" | "assumeRoleArn" | "endpoint">;

/** How old a look may be that is shared: a run lasts for hours, and states, names and free space move meanwhile. */
export const SHARED_FACTS_MAX_AGE_MS = 60_000;

/** The service's times have whole seconds: what ended at one of them may have ended up to so much later; milliseconds. */
export const SERVICE_SECOND_MS = 1_000;

/**
 * What the handlers of one provider process share: one client per account and region, one task board and one look at an
 * instance for all migrations into it. A process serves one `preview`, `up`, `refresh` or `destroy`, so nothing here
 * outlives a run.
 */
export interface Session {
  readonly settings: Settings;
  readonly engine: Engine;
  readonly clock: Clock;
  /** @throws NO_REGION */
  rds(scope: Scope): RdsApi;
  /** @throws NO_REGION */
  store(scope: Scope): ObjectStore;
  /** The keys that the store works with. @throws NO_REGION */
  storeCredentials(scope: Scope): CredentialSource;
  board(scope: Scope, instanceId: string): TaskListCache;
  /** A look at most {@link SHARED_FACTS_MAX_AGE_MS} old, shared by all migrations into the instance. */
  instance(scope: Scope, instanceId: string): Promise<InstanceFacts>;
  /** What is on the disk, bytes: as the look at the instance has it, else asked once per run. Undefined where nothing tells it. */
  usedBytes(scope: Scope, instance: InstanceFacts): Promise<number | undefined>;
  /** What `sql/baseline.sql` wrote, read once per run. Undefined when there is no such file. @throws BASELINE_INVALID */
  baseline(path: string): Promise<Baseline | undefined>;
  /** One look per run; a look that failed is not repeated for each of five hundred migrations either. */
  bucket(scope: Scope, name: string): Promise<BucketFacts>;
  /** One look per run, but for a caller who wants one that began at `notBeforeMs` or later. Undefined when there is no such role. */
  role(scope: Scope, name: string, notBeforeMs?: number): Promise<RoleFacts | undefined>;
  /** One look per run, all pages. */
  accounts(scope: Scope, instanceId: string): Promise<AccountFacts[]>;
  /** A look that began at `notBeforeMs` or later. */
  databases(scope: Scope, instanceId: string, notBeforeMs: number): Promise<DatabaseFacts[]>;
  /** What was said once is not said again for each of five hundred resources. */
  readonly said: Set<string>;
  /** Headers of increments that this run has read, by place, size and time: members of one instance share a folder. */
  readonly headers: Map<string, Promise<ExaminedBackup>>;
  /** Resources that `check` has seen with earlier inputs: a second check without them is a replacement. */
  readonly existing: Set<string>;
  /** Which resource declared a destination database first, by lower-case migration id. */
  readonly declared: Map<string, { urn: string; backup: string }>;
  /** What this run adds to each instance, by resource, in the order of declaration. */
  readonly newDatabases: Map<string, Map<string, NewDatabase>>;
  /** Instances whose migration tasks the service does not list. */
  readonly unlisted: Set<string>;
  /** Tasks of migrations that this run has deleted. */
  readonly retiredTasks: Set<string>;
  /** What check found about deferred migrations, by resource: told by the outcome, not by the migration. */
  readonly findings: Map<string, readonly string[]>;
  /** Under which resource an error was told in full first. */
  readonly firstLoggedUnder: Map<string, string>;
  /** Until when the source's writes are in the backup, by resource: the source server's local time. */
  readonly dataAsOf: Map<string, string>;
  readonly lockTimes: LockTimes;
  /** Buckets in which nothing may be written, so that no claim can be left there. */
  readonly bucketsWithoutLocks: Set<string>;
}

/** How patient the clients are and how long claims hold; milliseconds, with their own defaults. */
export interface SessionTuning {
  /** The longest silence of RDS and RAM. @default 30000 */
  rdsReadTimeoutMs?: number;
  rdsRetryDelayMs?: number;
  ossRetryTimes?: Partial<RetryTimes>;
  ossTimeouts?: Partial<CallTimeouts>;
  lockTimes?: Partial<LockTimes>;
}

export function openSession(settings: Settings, engine: Engine, clock: Clock, tuning: SessionTuning = {}): Session {
  const clients = new Map<string, RdsApi>();
  const stores = new Map<string, ObjectStore>();
  const storeKeys = new Map<string, CredentialSource>();
  const boards = new Map<string, TaskListCache>();
  const instances = new Map<string, { beganMs: number; facts: Promise<InstanceFacts> }>();
  const diskUses = new Map<string, Promise<number | undefined>>();
  const baselines = new Map<string, Promise<Baseline | undefined>>();
  const buckets = new Map<string, Promise<BucketFacts>>();
  const accountLists = new Map<string, Promise<AccountFacts[]>>();
  const roles = new Map<string, Look<RoleFacts | undefined>>();
  const databaseLists = new Map<string, Look<DatabaseFacts[]>>();
  /** What a look that began at `notBeforeMs` or later sees: the held one, else a new one. */
  const fetchSince = <T>(held: Map<string, Look<T>>, key: string, notBeforeMs: number, look: () => Promise<T>) => {
    const last = held.get(key);
    if (last !== undefined && last.beganMs >= notBeforeMs) return last.seen;
    const seen = look();
    held.set(key, { beganMs: clock.now(), seen });
    return seen;
  };

  const regionOf = (scope: Scope): string => {
    const region = findRegion(settings, scope.region);
    if (region === undefined) throw migrationError("NO_REGION", {});
    return region;
  };
  const account = (scope: Scope): string => JSON.stringify([regionOf(scope), scope.profile, scope.assumeRoleArn]);
  const rds = (scope: Scope): RdsApi =>
    remember(clients, account(scope), () =>
      rdsClient().connectRds({
        credentials: findCredentials(settings, scope, false),
        region: regionOf(scope),
        settings,
        readTimeoutMs: tuning.rdsReadTimeoutMs,
        retryDelayMs: tuning.rdsRetryDelayMs,
      }),
    );

  const storeCredentials = (scope: Scope): CredentialSource =>
    remember(storeKeys, account(scope), () => findCredentials(settings, scope, true));

  const store = (scope: Scope): ObjectStore =>
    remember(stores, `${account(scope)} ${scope.endpoint ?? ""}`, () =>
      ossClient().connectObjectStore({
        endpoint: resolveOssEndpoint({
          region: regionOf(scope),
          endpoint: scope.endpoint,
          environment: { [ENDPOINT_OVERRIDE]: settings.env(ENDPOINT_OVERRIDE) },
        }),
        credentials: storeCredentials(scope),
        retryTimes: tuning.ossRetryTimes,
        timeouts: tuning.ossTimeouts,
      }),
    );

  return {
    settings,
    engine,
    clock,
    rds,
    store,
    storeCredentials,
    usedBytes: async (scope, { instanceId, usedBytes }) =>
      usedBytes ?? remember(diskUses, `${account(scope)} ${instanceId}`, () => rds(scope).diskUsed(instanceId)),
    baseline: (path) => remember(baselines, path, () => baselineReader().readBaselineFile(path)),
    bucket: (scope, name) => remember(buckets, `${account(scope)} ${name}`, () => store(scope).bucketFacts(name)),
    accounts: (scope, instanceId) =>
      remember(accountLists, `${account(scope)} ${instanceId}`, () => rds(scope).listAccounts(instanceId)),
    role: (scope, name, notBeforeMs = -Infinity) =>
      fetchSince(roles, `${account(scope)} ${name}`, notBeforeMs, () =>
        ramClient()
          .connectRam({
            credentials: findCredentials(settings, scope, false),
            settings,
            readTimeoutMs: tuning.rdsReadTimeoutMs,
          })
          .findRole(name),
      ),
    board: (scope, instanceId) =>
      remember(boards, `${account(scope)} ${instanceId}`, () => openTaskListCache(rds(scope), instanceId, clock)),
    instance(scope, instanceId) {
      const key = `${account(scope)} ${instanceId}`;
      const held = instances.get(key);
      if (held !== undefined && held.beganMs > clock.now() - SHARED_FACTS_MAX_AGE_MS) return held.facts;
      const facts = rds(scope).describeInstance(instanceId);
      instances.set(key, { beganMs: clock.now(), facts });
      return facts;
    },
    databases: (scope, instanceId, notBeforeMs) =>
      fetchSince(databaseLists, `${account(scope)} ${instanceId}`, notBeforeMs, () =>
        rds(scope).listDatabases(instanceId),
      ),
    said: new Set(),
    headers: new Map(),
    existing: new Set(),
    declared: new Map(),
    newDatabases: new Map(),
    unlisted: new Set(),
    retiredTasks: new Set(),
    findings: new Map(),
    firstLoggedUnder: new Map(),
    dataAsOf: new Map(),
    lockTimes: { ...DEFAULT_LOCK_TIMES, ...tuning.lockTimes },
    bucketsWithoutLocks: new Set(),
  };
}

interface Look<T> {
  beganMs: number;
  seen: Promise<T>;
}

function remember<T>(held: Map<string, T>, key: string, make: () => T): T {
  const found = held.get(key);
  if (found !== undefined) return found;
  const made = make();
  held.set(key, made);
  return made;
}
