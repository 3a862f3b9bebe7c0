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

export {
  callOf,
  type LogRow,
  PROVIDER_MARK,
  type Previewed,
  type ProviderProcess,
  type Recorded,
} from "./engine-steps";

export interface FixtureOptions extends EmulatorOptions {
  /** Environment variables beside the endpoints and the keys; an empty text unsets one. */
  env?: Record<string, string>;
  config?: Record<string, string>;
  tuning?: SessionTuning;
}

export const URN = "urn:pulumi:test::demo::pulumi-nodejs:dynamic/sqlserver:DatabaseMigration::erp";
export const TASK_MS = 250;

// Takes a second or two, which no time-out of a test should meet.
rdsSdk();

/**
 * The emulated cloud, a folder for backups, and the steps that Pulumi's engine takes with one resource. Each step has a
 * session of its own, as each run of `pulumi` has a provider process of its own.
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

  /** What a provider process knows of the world. */
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
    };
  }

  /** A provider process: its session and what it logs. */
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

  /** The arguments of a program, as the engine hands them to check. */
  args(args: PlainObject): PlainObject {
    return {
      instanceId: this.emulator.instanceId,
      bucket: this.emulator.bucket,
      pollInterval: "50ms",
      timeout: "20s",
      resourceUrn: URN,
      __provider: PROVIDER_MARK,
      ...args,
    };
  }

  preview(args: PlainObject, prior?: Recorded, process = this.process()): Promise<Previewed> {
    return previewStep(process, this.args(args), prior);
  }

  /** Check, diff, then create or update: what `pulumi up` does with one resource. Nothing but init errors is caught. */
  up(
    args: PlainObject,
    prior?: Recorded,
    run: { process?: ProviderProcess; ending?: AbortController } = {},
  ): Promise<Recorded> {
    return upStep(run.process ?? this.process(), this.args(args), prior, run.ending?.signal);
  }

  /** A replacement, in the engine's order: check with and without the old inputs, delete, create; one process does it all. */
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

  /** An `up` that is stopped as soon as something is so, and what it then returned. */
  async upUntil(isSo: () => boolean | Promise<boolean>, args: PlainObject, prior?: Recorded): Promise<Recorded> {
    const ending = new AbortController();
    const running = this.up(args, prior, { ending });
    const stopped = until(isSo).finally(() => ending.abort(new Error("stopped by the test")));
    return (await Promise.all([running, stopped]))[0];
  }

  /** A first `up` that is stopped while the service restores, and goes on restoring until the shapes are cleared. */
  async upToRestoring(args: PlainObject): Promise<Recorded> {
    await this.emulator.rds.shapeRestore({ holdAt: "restoring" });
    return this.upUntil(() => this.isTaskAt("restoring"), args);
  }

  /** A first `up` of a backup of a megabyte that is stopped in the middle of its upload. */
  async upToUploading(args: PlainObject): Promise<Recorded> {
    const upload = { partSize: 102_400, parallel: 1, rateLimit: 400_000 };
    const isHalfDone = () => this.emulator.oss.uploads().some(({ parts }) => parts.length >= 3);
    return this.upUntil(isHalfDone, { ...args, upload });
  }

  /** Whether the newest task is in a stage of the emulator's. */
  async isTaskAt(...stages: string[]): Promise<boolean> {
    return stages.includes((await this.tasks()).at(-1)?.stage ?? "");
  }

  /** `pulumi refresh`. A blank id means that the resource leaves the state. */
  async refresh(known: Recorded, process = this.process()): Promise<Recorded> {
    const { context, members, restore } = callOf(process, known.outputs);
    const { id, props } = await read(context, known.id, members);
    return { id, inputs: known.inputs, outputs: id === "" ? props : restore(props), log: process.log };
  }

  async destroy(known: Recorded, process = this.process()): Promise<LogRow[]> {
    const { context, members } = callOf(process, known.outputs);
    await remove(context, members);
    return process.log;
  }

  /** The tasks that the service has, oldest first. */
  async tasks(): Promise<MigrateTask[]> {
    const state = (await this.emulator.rds.readState({})) as { tasks: MigrateTask[] };
    return [...state.tasks].sort((one, other) => one.createdAtMs - other.createdAtMs);
  }

  async databases(): Promise<{ name: string; status: string }[]> {
    const state = (await this.emulator.rds.readState({})) as { databases: { name: string; status: string }[] };
    return state.databases;
  }

  /** Requests of an action that arrived, refused ones and those that met a fault included. */
  requests(action: string): JournalEntry[] {
    return this.emulator.journal.entries.filter((entry) => entry.action === action && entry.request > 0);
  }

  /** Number of the journal's entries now; {@link since} shows what came later. */
  get mark(): number {
    return this.emulator.journal.entries.length;
  }

  /** The actions that were asked for after a mark. */
  since(mark: number): string[] {
    return this.emulator.journal.entries
      .slice(mark)
      .filter(({ request }) => request > 0)
      .map(({ service, action }) => `${service}:${action}`);
  }
}

const STEP_MS = 15;
const LIMIT_MS = 15_000;

/** Resolves as soon as something is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not so after ${LIMIT_MS} ms: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}

/** The messages of some kinds, for assertions. */
export const messages = (log: readonly LogRow[], ...kinds: Severity[]): string[] =>
  log.filter(({ kind }) => kinds.includes(kind)).map(({ message }) => message);
