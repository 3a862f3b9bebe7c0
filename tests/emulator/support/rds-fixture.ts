import type { InstanceSeed, RdsOptions } from "../../../emulator/rds/rds-options";
import { createRdsService, type RdsService } from "../../../emulator/rds/rds-service";
import { RpcFault } from "../../../emulator/world";
import { type BackupFixture, fixtureBytes, readFixture } from "./backup-fixture";
import { MemoryWorld } from "./memory-world";

export const INSTANCE_ID = "rm-emulator0001";
export const BUCKET = "backups";

/** The duration of a task in these tests, milliseconds of the world's clock. */
export const TASK_MS = 1000;

type Params = Record<string, string>;

/** An RDS service in a memory world, with the calls that tests use. */
export class RdsFixture {
  readonly rds: RdsService;

  constructor(
    options: RdsOptions = {},
    readonly world = new MemoryWorld(),
  ) {
    this.rds = createRdsService(world, { taskMs: TASK_MS, readBackup: readFixture, ...options });
  }

  static withInstance(seed: InstanceSeed): RdsFixture {
    return new RdsFixture({ instances: [seed] });
  }

  /** Returns a service restarted from the saved state. */
  restarted(): RdsFixture {
    return new RdsFixture({}, this.world.restarted());
  }

  /** Calls an action; DBInstanceId defaults to INSTANCE_ID. */
  send(action: string, params: Params = {}): Promise<Record<string, unknown>> {
    return this.world.send(this.rds.call, "Rds", action, { DBInstanceId: INSTANCE_ID, ...params });
  }

  /** Stores a backup and returns its OssObjectPositions. */
  upload(key: string, fixture: BackupFixture = {}): string {
    this.world.putObject({ bucket: BUCKET, key, bytes: fixtureBytes(fixture) });
    return positionOf(key);
  }

  /** Submits a full migration and returns its MigrateTaskId. */
  async submitFull(dbName: string, fixture: BackupFixture = {}, params: Params = {}): Promise<string> {
    const position = this.upload(`${dbName}_FULL.bak`, fixture);
    return this.submit({ DBName: dbName, OssObjectPositions: position, ...params });
  }

  async submit(params: Params): Promise<string> {
    const reply = await this.send("CreateMigrateTask", { BackupMode: "FULL", IsOnlineDB: "True", ...params });
    return String(reply.MigrateTaskId);
  }

  /** Submits a file of a chain (UPDF) and returns its MigrateTaskId. */
  async submitOpen(dbName: string, file: string, fixture: BackupFixture, taskId = ""): Promise<string> {
    const position = this.upload(file, fixture);
    const params = { DBName: dbName, BackupMode: "UPDF", IsOnlineDB: "False", MigrateTaskId: taskId };
    return this.submit({ ...params, OssObjectPositions: position });
  }

  /** Advances the clock long enough to finish a task and its DBCC. */
  advancePastTask(): void {
    this.world.advance(2 * TASK_MS);
  }

  async task(taskId: string): Promise<Record<string, string>> {
    return strings(await this.send("DescribeMigrateTaskById", { MigrateTaskId: taskId }));
  }

  async files(taskId: string): Promise<Record<string, string>[]> {
    const { Items } = await this.send("DescribeOssDownloads", { MigrateTaskId: taskId });
    return listOf(Items, "OssDownload");
  }

  async databases(): Promise<Record<string, string>[]> {
    const { Databases } = await this.send("DescribeDatabases");
    return listOf(Databases, "Database");
  }

  /** Returns the statuses that the journal contains for a task, in order. */
  journaledStatuses(taskId: string): unknown[] {
    return this.world.entries
      .filter((entry) => entry.action === "taskStatus" && entry.detail.taskId === taskId)
      .map((entry) => entry.detail.status);
  }
}

export const positionOf = (key: string, bucket = BUCKET): string => `oss-cn-hangzhou.aliyuncs.com:${bucket}:${key}`;

/** Returns the RpcFault of a call that must be refused. */
export async function refusalOf(call: Promise<unknown>): Promise<RpcFault> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RpcFault) return error;
    throw error;
  }
  throw new Error("the call was accepted");
}

function strings(values: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
}

/** Returns the list in a reply's wrapper, for example `Items.OssDownload`. */
export function listOf(wrapper: unknown, name: string): Record<string, string>[] {
  const list = typeof wrapper === "object" && wrapper !== null ? new Map(Object.entries(wrapper)).get(name) : undefined;
  if (!Array.isArray(list)) throw new Error(`no list ${name} in the reply`);
  return list.map((item: object) => strings(item));
}
