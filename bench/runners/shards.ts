import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import type { Engine, Run, RunResult, Workspace } from "../../engine/engine";
import { REPOSITORY } from "../../engine/repository";
import type { PlanItem } from "../../provider/model/plan-item";
import { hostSettings } from "../../testing/resource-host";
import { raiseLimits, rdsCalls } from "../fleet/fleet";

const TASK_MS = 500;

export interface ShardSettings {
  folder: string;
  manifest: string;
  plan: string;
  /** Bytes per second that the network of each runner carries. */
  rate: number;
}

/** The stacks of one program, one for each runner of a plan, in one backend and against one service. */
export class Shards {
  readonly items: readonly PlanItem[];
  readonly runners: readonly number[];

  private constructor(
    private readonly engine: Engine,
    readonly emulator: Emulator,
    private readonly settings: ShardSettings,
  ) {
    this.items = JSON.parse(readFileSync(settings.plan, "utf8"));
    this.runners = [...new Set(this.items.map(({ runner }) => runner))].sort();
  }

  static async open(engine: Engine, settings: ShardSettings): Promise<Shards> {
    const emulator = await startEmulator({ taskMs: TASK_MS, stateDir: join(settings.folder, "emulator") });
    const shards = new Shards(engine, emulator, settings);
    await raiseLimits(emulator, shards.items.length);
    return shards;
  }

  /** Starts `pulumi up` of a runner's stack; `shares` also takes those of other runners. */
  start(runner: number, shares: readonly number[] = [runner]): Promise<Run> {
    // One upload at a time, so that the limit of an upload is the limit of the machine.
    return this.engine.start({ kind: "up", parallel: 1 }, this.workspace(runner, shares));
  }

  /** Runs all runners at once. */
  async upAll(): Promise<RunResult[]> {
    const runs: Run[] = [];
    for (const runner of this.runners) runs.push(await this.start(runner));
    return Promise.all(runs.map(({ result }) => result));
  }

  /** Removes the lock of a killed run from its stack. */
  cancel = (runner: number): Promise<void> => this.engine.cancel(this.workspace(runner, [runner]));

  /** Databases of the tasks that the service accepted. */
  tasks(): string[] {
    return this.emulator.journal.entries
      .filter(({ action, status }) => action === "CreateMigrateTask" && status === 200)
      .map(({ detail }) => String(detail.DBName));
  }

  /** Databases of a runner whose task exists. */
  submittedOf(runner: number): number {
    const share = new Set(this.items.filter((item) => item.runner === runner).map(({ database }) => database));
    return this.tasks().filter((database) => share.has(database)).length;
  }

  /** Requests so far. */
  calls(): { rds: number; oss: number } {
    const oss = this.emulator.journal.entries.filter(
      ({ service, status }) => service === "oss" && status !== undefined,
    );
    return { rds: rdsCalls(this.emulator), oss: oss.length };
  }

  close = (): Promise<void> => this.emulator.close();

  private workspace(runner: number, shares: readonly number[]): Workspace {
    const { manifest, plan, rate, folder } = this.settings;
    const { instanceId: instance, bucket, region } = this.emulator;
    const { config, env } = hostSettings("dynamic", region, emulatedEnvironment(this.emulator));
    const whole = {
      ...{ instance, bucket, backups: manifest, pollInterval: "500ms", upload: { rateLimit: rate } },
      waves: { plan, runner: shares },
    };
    return {
      projectDir: join(REPOSITORY, "bench", "runners", "migrations"),
      stack: `runner-${runner}`,
      stateDir: join(folder, "state"),
      config: { ...config, instance: JSON.stringify(whole) },
      env,
    };
  }
}
