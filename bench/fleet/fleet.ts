import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment, TRANSPILE_ONLY } from "../../engine/emulated-environment";
import type { Engine, Operation, Workspace } from "../../engine/engine";
import { REPOSITORY } from "../../engine/repository";
import { hostSettings, type ResourceHost } from "../../testing/resource-host";
import { type Cost, costOf, median, rounded } from "./cost";
import { PeakMemory } from "./peak-memory";

/** The folder of the programs. */
const PROGRAMS = join(REPOSITORY, "bench", "fleet");
export const UP: Operation = { kind: "up", previewFirst: true };
export const PREVIEW: Operation = { kind: "preview", expectNoChanges: true };

const TASK_MS = 500;
/** Storage for the database sizes that the generated backups declare. */
const STORAGE_GB_PER_DATABASE = 1;

/** The command line of each host's provider process. */
const PROVIDER_PROGRAMS: Record<ResourceHost, string> = {
  dynamic: "cmd/dynamic-provider",
  native: "plugin/main.js",
};

/** As many dynamic resources that do nothing. */
export const plainWorkspace = (folder: string, resources: number): Workspace => ({
  projectDir: join(PROGRAMS, "plain"),
  stack: "plain",
  stateDir: join(folder, "plain"),
  config: { resources: String(resources) },
  // Like the other program: otherwise only this one would be type-checked.
  env: { ...process.env, ...TRANSPILE_ONLY },
});

/** A whole instance in one program, with the resources of one host and a service of its own. */
export class Fleet {
  readonly previews: Cost[] = [];
  upCost: Cost | undefined;
  private rdsCallsUp = 0;
  private rdsCallsPreview = 0;
  private readonly upMemory: PeakMemory;
  private readonly previewMemory: PeakMemory;

  private constructor(
    private readonly engine: Engine,
    private readonly host: ResourceHost,
    private readonly emulator: Emulator,
    private readonly workspace: Workspace,
    private readonly databases: number,
  ) {
    this.upMemory = new PeakMemory(PROVIDER_PROGRAMS[host]);
    this.previewMemory = new PeakMemory(PROVIDER_PROGRAMS[host]);
  }

  static async open(
    engine: Engine,
    host: ResourceHost,
    { folder, manifest, databases }: { folder: string; manifest: string; databases: number },
  ): Promise<Fleet> {
    const home = join(folder, host);
    mkdirSync(home);
    const emulator = await startEmulator({ taskMs: TASK_MS, stateDir: join(home, "emulator") });
    await raiseLimits(emulator, databases);
    const { instanceId, bucket, region } = emulator;
    const { config, env } = hostSettings(host, region, emulatedEnvironment(emulator));
    const workspace: Workspace = {
      projectDir: join(PROGRAMS, "migrations"),
      stack: "fleet",
      stateDir: join(home, "state"),
      config: { ...config, manifest, instance: instanceId, bucket },
      env,
    };
    return new Fleet(engine, host, emulator, workspace, databases);
  }

  /**
   * Migrates all databases.
   * @param how further variables for the engine, and the number of steps at a time; by default the engine's own
   */
  async up({ env = {}, parallel }: { env?: NodeJS.ProcessEnv; parallel?: number } = {}): Promise<void> {
    const workspace = { ...this.workspace, env: { ...this.workspace.env, ...env } };
    this.upCost = await this.upMemory.during(() => costOf(this.engine, workspace, { ...UP, parallel }));
    this.rdsCallsUp = rdsCalls(this.emulator);
  }

  /** Previews the finished migrations once more. */
  async preview(): Promise<void> {
    const before = rdsCalls(this.emulator);
    this.previews.push(await this.previewMemory.during(() => costOf(this.engine, this.workspace, PREVIEW)));
    this.rdsCallsPreview = Math.max(this.rdsCallsPreview, rdsCalls(this.emulator) - before);
  }

  async figures(): Promise<{ rdsCallsPreview: number; rdsCallsUp: number; stateBytesPerDatabase: number }> {
    const { rdsCallsPreview, rdsCallsUp, databases } = this;
    const { deployment } = await this.engine.exportState(this.workspace);
    const stateBytesPerDatabase = Math.round(Buffer.byteLength(JSON.stringify(deployment)) / databases);
    return { rdsCallsPreview, rdsCallsUp, stateBytesPerDatabase };
  }

  /** The largest memory of the provider's process. */
  get peakMebibytes(): { upMebibytes?: number; previewMebibytes?: number } {
    return { upMebibytes: this.upMemory.mebibytes, previewMebibytes: this.previewMemory.mebibytes };
  }

  /** Absolute figures of this machine. */
  context(): Record<string, number | undefined> {
    return {
      [`${this.host} upSeconds`]: rounded(this.upCost?.seconds ?? Number.NaN, 1),
      [`${this.host} previewSeconds`]: rounded(median(this.previews.map(({ seconds }) => seconds)), 2),
      [`${this.host} provider peak MiB`]: this.upMemory.mebibytes,
      [`${this.host} provider peak MiB in a preview`]: this.previewMemory.mebibytes,
    };
  }

  close(): Promise<void> {
    return this.emulator.close();
  }
}

/** Raises the limits of the instance to this number of databases on one day. */
export async function raiseLimits({ rds, instanceId }: Emulator, databases: number): Promise<void> {
  await rds.setInstance({
    id: instanceId,
    dbMaxQuantity: databases + 1,
    storageGb: 100 + databases * STORAGE_GB_PER_DATABASE,
  });
  await rds.setLimits({ perInstanceAndDay: databases + 1 });
}

/** Number of requests that RDS has received, including refused ones. */
export const rdsCalls = ({ journal }: Emulator): number =>
  journal.entries.filter(({ service, status }) => service === "rds" && status !== undefined).length;
