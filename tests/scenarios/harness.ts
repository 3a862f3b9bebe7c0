import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import type { Engine, Operation, Run, RunResult, Workspace } from "../../engine/engine";
import { findEngines } from "../../engine/find-engines";
import type { ResourceState } from "../../engine/stand-in/resource-state";
import { kindOfType, type ResourceKind } from "../../provider/model/resource-type";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { hostSettings, type ResourceHost, servesNative } from "../../testing/resource-host";
import { recordRuns } from "../support/engine-runs";
import { isFullRun } from "../support/full-run";

/** An engine, and the host that serves this package's resources in it. */
export interface ScenarioEngine extends Engine {
  host: ResourceHost;
  /** Engine, version and host, for the names of tests. */
  title: string;
}

const withHost = (engine: Engine, host: ResourceHost): ScenarioEngine => {
  const title = `${engine.name} ${engine.version}${host === "native" ? " and the native plugin" : ""}`;
  return { ...recordRuns(engine, host), host, title };
};

/** Every available engine with dynamic resources: the `pulumi` command where it exists, and the stand-in. */
export const everyEngine = findEngines().map((engine) => withHost(engine, "dynamic"));

/** The command with native resources; the stand-in serves only dynamic ones. */
const native = findEngines()
  .filter(servesNative)
  .map((engine) => withHost(engine, "native"));

/**
 * The engines that most scenarios run on: the command, or the stand-in where there is none. `tests/engine`, the happy path and
 * the demo run on each, which shows that the two agree; with `EVERY_ENGINE=1` all scenarios do, which takes ten minutes more.
 */
export const engines = isFullRun ? everyEngine : everyEngine.slice(0, 1);

/** The engines and hosts of a scenario that needs one host: {@link engines}, and with `EVERY_ENGINE=1` the native plugin too. */
export const hosts = isFullRun ? [...engines, ...native] : engines;
/** The engines and hosts of a scenario that runs on both hosts. */
export const bothHosts = [...engines, ...native];
/** Every engine with every host. */
export const everyHost = [...everyEngine, ...native];

if (!everyEngine.some(({ name }) => name === "pulumi")) {
  process.stderr.write(
    "SKIPPED on the real engine: pulumi is neither installed nor built (`npm run engine`), so the scenarios run on the stand-in only.\n",
  );
} else if (native.length === 0) {
  process.stderr.write(
    "SKIPPED with the native plugin: pulumi-resource-sqlserver-migration is not in the command's directory (`npm run engine`).\n",
  );
}

export interface Scenario {
  emulator: Emulator;
  workspace: Workspace;
  /** Sets a value of the stack's configuration, `demo:key` or `key`. */
  configure(key: string, value: string): void;
  /** Declares the program's migrations, by resource name. */
  declare(migrations: Record<string, Record<string, unknown>>): void;
  /** Writes a valid full backup and returns its path. */
  backup(databaseName: string, dataBytes?: number): Promise<string>;
  run(operation: Operation): Promise<RunResult>;
  start(operation: Operation): Promise<Run>;
  /** Outputs of a migration in the state; undefined when it is not recorded. */
  recorded(name: string): Promise<Record<string, unknown> | undefined>;
  /** The first resource of a kind in the state. */
  recordedKind(kind: ResourceKind): Promise<ResourceState | undefined>;
  /** How often the emulator performed an action. */
  count(action: string): number;
  close(): Promise<void>;
}

/** A fresh emulator, folder and stack for one engine. */
export async function openScenario(
  engine: ScenarioEngine,
  options: EmulatorOptions = {},
  program = "program",
): Promise<Scenario> {
  const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-scenario-"));
  const emulator = await startEmulator({ taskMs: 600, ...options, stateDir: join(folder, "emulator") });
  const { env, config } = hostSettings(engine.host, emulator.region, emulatedEnvironment(emulator));
  const workspace: Workspace = {
    projectDir: join(__dirname, program),
    stack: "dev",
    stateDir: join(folder, "state"),
    config,
    env,
  };
  const resources = async () => (await engine.exportState(workspace)).deployment.resources ?? [];
  const { instanceId, bucket } = emulator;
  return {
    emulator,
    workspace,
    configure(key, value) {
      config[key] = value;
    },
    declare(migrations) {
      const defaults = { instanceId, bucket, pollInterval: "200ms" };
      config.migrations = JSON.stringify(
        Object.fromEntries(Object.entries(migrations).map(([name, args]) => [name, { ...defaults, ...args }])),
      );
    },
    async backup(databaseName, dataBytes = 256 * 1024) {
      const path = join(folder, `${databaseName}.bak`);
      await writeBackupFile(path, { databaseName, type: "full", dataBytes });
      return path;
    },
    run: (operation) => engine.run(operation, workspace),
    start: (operation) => engine.start(operation, workspace),
    async recorded(name) {
      const isNamed = ({ type, urn }: ResourceState) => isKind(type, "DatabaseMigration") && urn.endsWith(`::${name}`);
      return (await resources()).find(isNamed)?.outputs;
    },
    recordedKind: async (kind) => (await resources()).find(({ type }) => isKind(type, kind)),
    count: (action) =>
      emulator.journal.entries.filter((entry) => entry.action === action && entry.status === 200).length,
    async close() {
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether a type is that of a kind of resource, on either host. */
export const isKind = (type: string, kind: ResourceKind): boolean => kindOfType(type) === kind;

/** The command's notice about a plugin that is not installed but built here. */
const PLUGIN_NOTICE = "using pulumi-resource-";

/** The messages of a run that a user reads, without status rows. */
export const messages = (run: RunResult): string =>
  run.diagnostics
    .filter(({ ephemeral, message }) => !ephemeral && !message.startsWith(PLUGIN_NOTICE))
    .map(({ severity, message }) => `${severity}: ${message}`)
    .join("\n");

/** The steps of a run on migrations, as `name: op`. */
export const steps = (run: RunResult): string[] =>
  run.steps.filter(({ type }) => isKind(type, "DatabaseMigration")).map(({ name, op }) => `${name}: ${op}`);

/** Waits until `holds` is true, which depends on another process. @throws Error after `withinMs` */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not reached within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
