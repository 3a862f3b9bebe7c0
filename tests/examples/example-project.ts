import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import type { Engine, Operation, RunResult, Workspace } from "../../engine/engine";
import type { BackupSpec } from "../../testing/backup-writer/backup-spec";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { pluginConfig } from "../support/alicloud-plugin";

const ROOT = join(__dirname, "..", "..");
const PACKAGE = "pulumi-alicloud-sqlserver-migration";

/** A user's project with its own emulator: a copy of a folder of this repository with its packages installed. */
export class ExampleProject {
  /** Configuration of the stack; set it before the first run. */
  readonly config: Record<string, string>;
  readonly secrets: Record<string, string> = {};
  /** Added to the environment of the runs. */
  readonly env: Record<string, string> = {};
  #projectDir: string;

  private constructor(
    private readonly engine: Engine,
    readonly emulator: Emulator,
    private readonly folder: string,
  ) {
    this.config = {
      "alicloud:region": emulator.region,
      ...(engine.name === "pulumi" ? pluginConfig(emulator) : {}),
    };
    this.#projectDir = join(folder, "first");
  }

  /** `from` is a folder of the repository, `.` for the program itself; or any folder by its full path. */
  static async open(engine: Engine, from: string): Promise<ExampleProject> {
    const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-example-"));
    // The task ends before the first poll, because examples use the default poll interval of half a minute.
    const emulator = await startEmulator({ taskMs: 1, stateDir: join(folder, "emulator") });
    const project = new ExampleProject(engine, emulator, folder);
    installProject(resolve(ROOT, from), project.#projectDir);
    return project;
  }

  get projectDir(): string {
    return this.#projectDir;
  }

  /** A folder for the state of a run that does not use {@link run}. */
  get stateDir(): string {
    return join(this.folder, "state");
  }

  /** Continues in another copy of the same folder, like a second machine, together with the files in `carried`. */
  moveToAnotherMachine(carried: readonly string[]): void {
    const next = join(this.folder, "second");
    installProject(this.#projectDir, next, carried);
    this.#projectDir = next;
  }

  /** Writes a valid full backup of a database into the project. */
  async backup(path: string, spec: Partial<BackupSpec> & { databaseName: string }): Promise<string> {
    const file = join(this.#projectDir, path);
    mkdirSync(join(file, ".."), { recursive: true });
    await writeBackupFile(file, { type: "full", ...spec });
    return file;
  }

  run(operation: Operation): Promise<RunResult> {
    return this.engine.run(operation, this.#workspace());
  }

  exportState() {
    return this.engine.exportState(this.#workspace());
  }

  /** How often the emulator performed an action. */
  count(action: string): number {
    return this.emulator.journal.entries.filter((entry) => entry.action === action && (entry.status ?? 0) < 300).length;
  }

  /** The databases on the emulated instance, as `name: status`. */
  async databases(): Promise<string[]> {
    const { databases } = (await this.emulator.rds.readState({})) as { databases: { name: string; status: string }[] };
    return databases.map(({ name, status }) => `${name}: ${status}`).sort();
  }

  async close(): Promise<void> {
    await this.emulator.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #workspace(): Workspace {
    const { emulator, config, secrets, env } = this;
    return {
      projectDir: this.#projectDir,
      stack: "dev",
      stateDir: this.stateDir,
      config,
      secrets,
      env: { ...emulatedEnvironment(emulator), ...env },
    };
  }
}

/** Copies a program and the files in `carried`, and installs the packages like npm. */
function installProject(from: string, to: string, carried: readonly string[] = []): void {
  mkdirSync(join(to, "node_modules", "@pulumi"), { recursive: true });
  // A program that drives Pulumi by the Automation API has no Pulumi.yaml.
  for (const name of ["index.ts", "__main__.py", "Pulumi.yaml", ...carried].filter((each) =>
    existsSync(join(from, each)),
  ))
    cpSync(join(from, name), join(to, name), { recursive: true });
  writeFileSync(join(to, "package.json"), JSON.stringify({ name: "somebodys-migration", private: true }));
  symlinkSync(ROOT, join(to, "node_modules", PACKAGE));
  for (const name of ["pulumi", "alicloud"])
    symlinkSync(join(ROOT, "node_modules", "@pulumi", name), join(to, "node_modules", "@pulumi", name));
}

/** The errors and warnings of a run. */
export const complaints = (run: RunResult): string[] =>
  run.diagnostics
    .filter(({ severity, ephemeral }) => !ephemeral && (severity === "error" || severity === "warning"))
    .map(({ severity, message }) => `${severity}: ${message.trim()}`);
