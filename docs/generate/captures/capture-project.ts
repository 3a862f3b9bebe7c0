import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { stringify } from "yaml";
import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { emulatedEnvironment } from "../../../engine/emulated-environment";
import { runCommand } from "../../../engine/engine-process";
import { writeBackupFile } from "../../../testing/backup-writer/write-backup-file";
import { Terminal } from "./terminal";

const ROOT = join(__dirname, "..", "..", "..");
const MB = 2 ** 20;
/** The project's folder in the captures. */
const SHOWN_DIR = "/srv/migrations";

/** The databases of the captures, with the size of each one's data. */
export const DATABASES = { crm: 2 * MB, dwh: 12 * MB, erp: 6 * MB, hr: MB, shop: 4 * MB, web: MB };

/** A user's project with six backups, an emulated cloud and a terminal. */
export class CaptureProject {
  private constructor(
    readonly emulator: Emulator,
    readonly terminal: Terminal,
    private readonly folder: string,
    private readonly projectDir: string,
  ) {}

  /** @param config further configuration of the program */
  static async open(executable: string, config: Record<string, unknown> = {}): Promise<CaptureProject> {
    // A short path: messages shorten long ones, and rows with the shown path keep their columns.
    const folder = mkdtempSync(join(tmpdir(), "c-"));
    const projectDir = join(folder, "p");
    const emulator = await startEmulator({ stateDir: join(folder, "emulator"), bucket: { name: "sql01-backups" } });
    const env = {
      ...emulatedEnvironment(emulator),
      PATH: `${dirname(executable)}:${process.env.PATH}`,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    installProgram(projectDir);
    mkdirSync(join(folder, "state"));
    await runCommand(executable, ["stack", "init", "prod", "--non-interactive"], { cwd: projectDir, env });
    const settings = { instance: emulator.instanceId, bucket: emulator.bucket, ...config };
    const own = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`migration:${key}`, value]));
    writeFileSync(
      join(projectDir, "Pulumi.prod.yaml"),
      stringify({ config: { "alicloud:region": emulator.region, ...own } }),
    );
    const project = new CaptureProject(emulator, new Terminal(folder, projectDir, env), folder, projectDir);
    // Also after ^C, which ends this process before `close` is called.
    process.once("exit", () => project.#remove());
    for (const name of Object.keys(DATABASES) as (keyof typeof DATABASES)[]) await project.backup(name);
    return project;
  }

  /** Writes the full backup of a database and returns its path. */
  async backup(databaseName: keyof typeof DATABASES): Promise<string> {
    const path = join(this.projectDir, "backups", `${databaseName}.bak`);
    const startDate = "2026-11-21T23:00:00";
    await writeBackupFile(path, { databaseName, type: "full", dataBytes: DATABASES[databaseName], startDate });
    return path;
  }

  /** The screen without paths and the host name of this machine. @throws Error if a path is left, for example a shortened one */
  screen(): string {
    const screen = this.terminal.screen().replaceAll(this.projectDir, SHOWN_DIR).replaceAll(hostname(), "runner");
    const left = [basename(this.folder), tmpdir(), ROOT].find((path) => screen.includes(path));
    if (left !== undefined) throw new Error(`the screen shows ${left}:\n${screen}`);
    return screen;
  }

  async close(): Promise<void> {
    this.#remove();
    await this.emulator.close();
  }

  #remove(): void {
    this.terminal.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Copies the program, and installs the packages like npm. */
function installProgram(projectDir: string): void {
  cpSync(join(__dirname, "program"), projectDir, { recursive: true });
  writeFileSync(join(projectDir, "package.json"), JSON.stringify({ name: "migration", private: true }));
  mkdirSync(join(projectDir, "backups"));
  mkdirSync(join(projectDir, "node_modules", "@pulumi"), { recursive: true });
  symlinkSync(ROOT, join(projectDir, "node_modules", "pulumi-alicloud-sqlserver-migration"));
  for (const name of ["pulumi", "alicloud"])
    symlinkSync(join(ROOT, "node_modules", "@pulumi", name), join(projectDir, "node_modules", "@pulumi", name));
}
