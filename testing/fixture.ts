import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/emulator";
import type { MigrateTask } from "../emulator/rds/migrate-task";
import type { JournalEntry } from "../emulator/world";
import { rdsSdk } from "../provider/aliyun/lazy-sdk";
import { remove } from "../provider/handlers/delete";
import { read } from "../provider/handlers/read";
import type { Severity } from "../provider/model/log";
import type { PlainObject } from "../provider/model/plain";
import type { SessionTuning } from "../provider/session/session";
import type { BackupSpec } from "./backup-writer/write-backup";
import { writeBackupFile } from "./backup-writer/write-backup-file";
import {
  applyStep,
  callOf,
  type LogRow,
  openProcess,
  PROVIDER_MARK,
  type Previewed,
  type ProcessWorld,
  type ProviderProcess,
  previewStep,
  type Recorded,
  upStep,
} from "./engine-steps";
import type { ResourceHost } from "./resource-host";

export {
  callOf,
  type LogRow,
  PROVIDER_MARK,
  type Previewed,
  type ProviderProcess,
  type Recorded,
} from "./engine-steps";

export interface FixtureOptions extends EmulatorOptions {
  /** Environment variables in addition to the endpoints and keys; an empty string unsets a variable. */
  env?: Record<string, string>;
  config?: Record<string, string>;
  tuning?: SessionTuning;
  /** What serves the resource. @default dynamic */
  host?: ResourceHost;
}

export const URN = "urn:pulumi:test::demo::pulumi-nodejs:dynamic/sqlserver:DatabaseMigration::erp";
export const TASK_MS = 250;

// Loading the SDK takes one to two seconds; do it here so that it does not count against a test's timeout.
rdsSdk();

/**
 * An emulated cloud, a folder for backups, and the steps of Pulumi's engine for one resource. Each step opens a new session,
 * because each run of `pulumi` starts a new provider process.
 */
export class Fixture {
  private constructor(
    readonly emulator: Emulator,
    readonly folder: string,
    private readonly options: FixtureOptions,
  ) {}

  static async open(options: FixtureOptions = {}): Promise<Fixture> {
    const emulator = await startEmulator({ taskMs: TASK_MS, ...options });
    return new Fixture(emulator, mkdtempSync(join(tmpdir(), "migration-test-")), options);
  }

  async close(): Promise<void> {
    await this.emulator.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get env(): Record<string, string> {
    const { endpoint, accessKeyId, accessKeySecret } = this.emulator;
    return {
      ALIBABA_CLOUD_ENDPOINT_RDS: endpoint,
      ALIBABA_CLOUD_ENDPOINT_OSS: endpoint,
      ALIBABA_CLOUD_ENDPOINT_RAM: endpoint,
      ALIBABA_CLOUD_ENDPOINT_STS: endpoint,
      ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
      ...this.options.env,
    };
  }

  /** The environment of a provider process in this fixture. */
  world(env: Record<string, string> = {}): ProcessWorld {
    return {
      config: { "alicloud:region": this.emulator.region, ...this.options.config },
      env: { ...this.env, ...env },
      tuning: {
        rdsReadTimeoutMs: 1_000,
        rdsRetryDelayMs: 20,
        lockTimes: { sendWithinMs: 900, expireAfterMs: 1_000 },
        ...this.options.tuning,
      },
      host: this.options.host,
    };
  }

  /** Opens a provider process. */
  process(env: Record<string, string> = {}): ProviderProcess {
    return openProcess(this.world(env));
  }

  /** Writes a generated backup and returns its path. */
  async backup(name: string, spec: Partial<BackupSpec> = {}, sparse = false): Promise<string> {
    const path = join(this.folder, name);
    const whole: BackupSpec = { databaseName: "erp", type: "full", dataBytes: 65_536, logBytes: 4_096, ...spec };
    await writeBackupFile(path, whole, { sparse });
    return path;
  }

  /** Completes the arguments of a program, as the engine passes them to check. */
  args(args: PlainObject): PlainObject {
    return withoutUndefined({
      instanceId: this.emulator.instanceId,
      bucket: this.emulator.bucket,
      pollInterval: "50ms",
      timeout: "20s",
      resourceUrn: URN,
      __provider: PROVIDER_MARK,
      ...args,
    });
  }

  preview(args: PlainObject, prior?: Recorded, process = this.process()): Promise<Previewed> {
    return previewStep(process, this.args(args), prior);
  }

  /** Runs `pulumi up` for one resource: check, diff, then create or update. It catches only init errors. */
  up(
    args: PlainObject,
    prior?: Recorded,
    run: { process?: ProviderProcess; ending?: AbortController } = {},
  ): Promise<Recorded> {
    return upStep(run.process ?? this.process(), this.args(args), prior, run.ending?.signal);
  }

  /** Replaces the resource in one process, in the engine's order: check with and without the old inputs, delete, create. */
  async replace(
    args: PlainObject,
    known: Recorded,
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<Recorded> {
    const process = this.process();
    await this.preview(args, known, process);
    const { failures, inputs } = await this.preview(args, undefined, process);
    if (failures.length > 0) throw new Error(`check failed: ${failures.join("\n")}`);
    await this.destroy(known, process);
    await meanwhile();
    return applyStep(process, inputs);
  }

  /** Runs an `up`, cancels it as soon as `holds` holds, and returns its result. */
  async upUntil(holds: () => boolean | Promise<boolean>, args: PlainObject, prior?: Recorded): Promise<Recorded> {
    const ending = new AbortController();
    const running = this.up(args, prior, { ending });
    const stopped = until(holds).finally(() => ending.abort(new Error("stopped by the test")));
    return (await Promise.all([running, stopped]))[0];
  }

  /** Runs a first `up` and cancels it during the restore. The restore stays held until the shapes are cleared. */
  async upToRestoring(args: PlainObject): Promise<Recorded> {
    await this.emulator.rds.shapeRestore({ holdAt: "restoring" });
    return this.upUntil(() => this.isTaskAt("restoring"), args);
  }

  /** Runs a first `up` of a backup of 1 MB and cancels it in the middle of the upload. */
  async upToUploading(args: PlainObject): Promise<Recorded> {
    const upload = { partSize: 102_400, parallel: 1, rateLimit: 400_000 };
    const isHalfDone = () => this.emulator.oss.uploads().some(({ parts }) => parts.length >= 3);
    return this.upUntil(isHalfDone, { ...args, upload });
  }

  /** Whether the newest task is in one of these stages of the emulator. */
  async isTaskAt(...stages: string[]): Promise<boolean> {
    return stages.includes((await this.tasks()).at(-1)?.stage ?? "");
  }

  /** Runs `pulumi refresh`. An empty id in the result removes the resource from the state. */
  async refresh(known: Recorded, process = this.process()): Promise<Recorded> {
    if (process.plugin) return { ...(await process.plugin.read(known)), log: process.log };
    const { context, members, restore } = callOf(process, known.outputs);
    const { id, props } = await read(context, known.id, members);
    return { id, inputs: known.inputs, outputs: id === "" ? props : restore(props), log: process.log };
  }

  async destroy(known: Recorded, process = this.process()): Promise<LogRow[]> {
    const { context, members } = callOf(process, known.outputs);
    await (process.plugin ? process.plugin.delete(known) : remove(context, members));
    return process.log;
  }

  /** All tasks of the service, oldest first. */
  async tasks(): Promise<MigrateTask[]> {
    const state = (await this.emulator.rds.readState({})) as { tasks: MigrateTask[] };
    return [...state.tasks].sort((one, other) => one.createdAtMs - other.createdAtMs);
  }

  async databases(): Promise<{ name: string; status: string }[]> {
    const state = (await this.emulator.rds.readState({})) as { databases: { name: string; status: string }[] };
    return state.databases;
  }

  /** Received requests of an action, including refused and faulty ones. */
  requests(action: string): JournalEntry[] {
    return this.emulator.journal.entries.filter((entry) => entry.action === action && entry.request > 0);
  }

  /** The current number of journal entries; pass it to {@link since} later. */
  get mark(): number {
    return this.emulator.journal.entries.length;
  }

  /** The actions requested after a mark. */
  since(mark: number): string[] {
    return this.emulator.journal.entries
      .slice(mark)
      .filter(({ request }) => request > 0)
      .map(({ service, action }) => `${service}:${action}`);
  }
}

/** The engine sends no member that is undefined. */
const withoutUndefined = (members: PlainObject): PlainObject =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

const STEP_MS = 15;
const LIMIT_MS = 15_000;

/** Resolves as soon as `holds` holds. @throws Error after 15 seconds */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`condition not met within ${LIMIT_MS} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}

/** The messages of the given kinds. */
export const messages = (log: readonly LogRow[], ...kinds: Severity[]): string[] =>
  log.filter(({ kind }) => kinds.includes(kind)).map(({ message }) => message);
