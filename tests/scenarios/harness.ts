import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import type { Engine, Operation, Run, RunResult, Workspace } from "../../engine/engine";
import { findEngines } from "../../engine/find-engines";
import { MIGRATION_TYPE } from "../../provider/model/provider-text";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { recordRuns } from "../support/engine-runs";

/** Every available engine: the `pulumi` command where it exists, and the stand-in. */
export const everyEngine = findEngines().map(recordRuns);

/**
 * The engines that most scenarios run on: the command, or the stand-in where there is none. `tests/engine`, the happy path and
 * the demo run on each, which shows that the two agree; with `EVERY_ENGINE=1` all scenarios do, which takes ten minutes more.
 */
export const engines = process.env.EVERY_ENGINE ? everyEngine : everyEngine.slice(0, 1);
if (!everyEngine.some(({ name }) => name === "pulumi")) {
  process.stderr.write(
    "SKIPPED on the real engine: pulumi is neither installed nor built (`npm run engine`), so the scenarios run on the stand-in only.\n",
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
  /** How often the emulator performed an action. */
  count(action: string): number;
  close(): Promise<void>;
}

/** A fresh emulator, folder and stack for one engine. */
export async function openScenario(
  engine: Engine,
  options: EmulatorOptions = {},
  program = "program",
): Promise<Scenario> {
  const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-scenario-"));
  const emulator = await startEmulator({ taskMs: 600, ...options, stateDir: join(folder, "emulator") });
  const config: Record<string, string> = { "alicloud:region": emulator.region };
  const workspace: Workspace = {
    projectDir: join(__dirname, program),
    stack: "dev",
    stateDir: join(folder, "state"),
    config,
    env: emulatedEnvironment(emulator),
  };
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
      const { deployment } = await engine.exportState(workspace);
      const found = deployment.resources?.find(({ type, urn }) => type === MIGRATION_TYPE && urn.endsWith(`::${name}`));
      return found?.outputs;
    },
    count: (action) =>
      emulator.journal.entries.filter((entry) => entry.action === action && entry.status === 200).length,
    async close() {
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The messages of a run that a user reads, without status rows. */
export const messages = (run: RunResult): string =>
  run.diagnostics
    .filter(({ ephemeral }) => !ephemeral)
    .map(({ severity, message }) => `${severity}: ${message}`)
    .join("\n");

/** The steps of a run on migrations, as `name: op`. */
export const steps = (run: RunResult): string[] =>
  run.steps.filter(({ type }) => type === MIGRATION_TYPE).map(({ name, op }) => `${name}: ${op}`);

/** Waits until `holds` is true, which depends on another process. @throws Error after `withinMs` */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not reached within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
