import type { MigrateTask, TaskFile } from "../model/migrate-task";

/** The RDS calls of this project, with its own names; rds-client.ts converts the cloud's spelling. */
export interface RdsApi {
  /** @throws INSTANCE_NOT_FOUND */
  describeInstance(instanceId: string): Promise<InstanceFacts>;
  /** Bytes on the instance's disk; undefined where the service does not return it. */
  diskUsed(instanceId: string): Promise<number | undefined>;
  /** All databases, all pages. */
  listDatabases(instanceId: string): Promise<DatabaseFacts[]>;
  /** All accounts, all pages. */
  listAccounts(instanceId: string): Promise<AccountFacts[]>;
  /**
   * Migration tasks of full backups created in the window, all pages; the service keeps a week. Undefined where the edition
   * does not support the call (SQL Server 2017 on Cluster Edition).
   */
  listMigrateTasks(instanceId: string, window: { fromMs: number; toMs: number }): Promise<MigrateTask[] | undefined>;
  /** Undefined when the service knows no such task. */
  describeMigrateTask(instanceId: string, taskId: string): Promise<MigrateTask | undefined>;
  /** Undefined where the edition does not support the call (2017 EE, 2019 EE). */
  listTaskFiles(instanceId: string, taskId: string): Promise<TaskFile[] | undefined>;
  /**
   * Sent once, never again by itself: it takes no client token.
   * @param beforeSend called on the open connection before the first byte is sent; an error of the catalogue that it throws
   *   withholds the call
   * @throws CREATE_UNSETTLED-like faults (see mayHaveBeenAccepted)
   */
  createMigrateTask(
    request: CreateTaskRequest,
    beforeSend?: () => void,
  ): Promise<{ taskId: string; requestId?: string }>;
  /** Opens a database that waits for increments. With the same token it takes effect at most once. Sent once. */
  openDatabase(request: OpenDatabaseRequest): Promise<{ requestId?: string }>;
  terminateMigrateTask(instanceId: string, taskId: string): Promise<void>;
}

export interface InstanceFacts {
  instanceId: string;
  engine: string;
  /** For example `2022_std_ha`; `2008r2` is the one with its own rules. */
  engineVersion: string;
  status: string;
  lockMode: string;
  lockReason?: string;
  /** Primary, Readonly, Guard, Temp. */
  type: string;
  region: string;
  /** Undefined where the service does not return it. */
  storageBytes?: number;
  usedBytes?: number;
  maxDatabases?: number;
  /** The daily maintenance window, UTC: `18:00Z-22:00Z`. */
  maintainTime?: string;
  /** Of the server, and with it of tempdb: `Chinese_PRC_CI_AS`. Undefined where the service does not return it. */
  collation?: string;
}

export interface AccountFacts {
  name: string;
  /** Normal, Super, Sysadmin. */
  type: string;
  /** Available, Unavailable. */
  status: string;
}

export interface DatabaseFacts {
  name: string;
  status: string;
}

export interface CreateTaskRequest {
  instanceId: string;
  databaseName: string;
  checkDb: "async" | "sync";
  /** Exactly one: `endpoint:bucket:key`, or for 2008 R2 a signed URL (a secret). */
  object: { position: string } | { signedUrl: string };
  /** The database stays closed after this file and takes more. Always so for a differential or log. @default false */
  waitsForIncrements?: boolean;
  /** The task of the full backup, for a differential or log. */
  taskId?: string;
}

export interface OpenDatabaseRequest {
  instanceId: string;
  databaseName: string;
  taskId: string;
  checkDb: "async" | "sync";
  /** At most 64 ASCII characters. */
  clientToken: string;
}
