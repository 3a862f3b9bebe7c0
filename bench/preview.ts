import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { type Emulator, startEmulator } from "../emulator/emulator";
import { emulatedEnvironment } from "../engine/emulated-environment";
import type { Engine, Workspace } from "../engine/engine";
import { findEngines } from "../engine/find-engines";
import { writeBackupFile } from "../testing/backup-writer/write-backup-file";
import { hostSettings, type ResourceHost, servesNative } from "../testing/resource-host";

/** The times of one engine. */
export interface PreviewFigures {
  engine: string;
  /** What served the resources. */
  host: ResourceHost;
  migrations: number;
  upSeconds: number;
  /** Median of the runs. */
  previewSeconds: number;
  /** Calls to any service during all previews. */
  calls: number;
  /** Time of the same program without migrations, which is the cost of the engine itself. */
  emptyPreviewSeconds: number;
}

/** The root of the repository, relative to the compiled file. */
const PROGRAM = join(__dirname, "..", "..", "tests", "scenarios", "program");

/** `npm run bench -- preview [--migrations 50] [--runs 5] [--json]`: measures a preview of finished migrations on every installed engine. */
export async function run(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      migrations: { type: "string", default: "50" },
      runs: { type: "string", default: "5" },
      json: { type: "boolean", default: false },
    },
  });
  const [migrations, runs] = [Number(values.migrations), Number(values.runs)];
  const subjects: Subject[] = [];
  const figures: PreviewFigures[] = [];
  try {
    for (const engine of findEngines())
      for (const host of ["dynamic", "native"] as const)
        if (host === "dynamic" || servesNative(engine)) subjects.push(await Subject.open(engine, host, migrations));
    // In turns, so that other load on the machine affects all of them.
    for (let run = 0; run < runs; run++) for (const subject of subjects) await subject.preview();
    figures.push(...subjects.map((subject) => subject.figures()));
  } finally {
    for (const subject of subjects) await subject.close();
  }
  const table = new Table({
    head: ["engine", "host", "migrations", "up", "preview, median", "preview of an empty program", "calls at preview"],
    style: { head: [], border: [] },
  });
  for (const each of figures) {
    const { engine, host, upSeconds, previewSeconds, emptyPreviewSeconds, calls } = each;
    table.push([
      engine,
      host,
      migrations,
      seconds(upSeconds),
      seconds(previewSeconds),
      seconds(emptyPreviewSeconds),
      calls,
    ]);
  }
  console.log(table.toString());
  if (values.json) console.log(JSON.stringify(figures));
}

const seconds = (value: number): string => `${value.toFixed(1)} s`;

/** A program of finished migrations on one engine and host, and the same program without migrations. */
class Subject {
  private readonly previews: number[] = [];
  private readonly empty: number[] = [];
  private calls = 0;

  private constructor(
    private readonly engine: Engine,
    private readonly host: ResourceHost,
    private readonly names: readonly string[],
    private readonly folder: string,
    private readonly emulator: Emulator,
    private readonly upSeconds: number,
  ) {}

  static async open(engine: Engine, host: ResourceHost, migrations: number): Promise<Subject> {
    const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-bench-"));
    const emulator = await startEmulator({ taskMs: 500 });
    const names = Array.from({ length: migrations }, (_, index) => `db${index + 1}`);
    for (const name of names) {
      await writeBackupFile(join(folder, `${name}.bak`), { databaseName: name, type: "full", dataBytes: 65_536 });
    }
    const workspace = (stack: string, chosen: readonly string[]) => workspaceOf(host, folder, emulator, stack, chosen);
    await timed(engine, workspace("empty", []), "up");
    return new Subject(engine, host, names, folder, emulator, await timed(engine, workspace("all", names), "up"));
  }

  async preview(): Promise<void> {
    const { engine, host, folder, emulator, names } = this;
    const before = emulator.journal.entries.length;
    this.previews.push(await timed(engine, workspaceOf(host, folder, emulator, "all", names), "preview"));
    this.calls += emulator.journal.entries.length - before;
    this.empty.push(await timed(engine, workspaceOf(host, folder, emulator, "empty", []), "preview"));
  }

  figures(): PreviewFigures {
    const { engine, host, names, upSeconds, calls } = this;
    const figures = { engine: `${engine.name} ${engine.version}`, host, migrations: names.length, upSeconds, calls };
    return { ...figures, previewSeconds: median(this.previews), emptyPreviewSeconds: median(this.empty) };
  }

  async close(): Promise<void> {
    await this.emulator.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function workspaceOf(
  host: ResourceHost,
  folder: string,
  emulator: Emulator,
  stack: string,
  names: readonly string[],
): Workspace {
  const { instanceId, bucket, region } = emulator;
  const { config, env } = hostSettings(host, region, emulatedEnvironment(emulator));
  const migrations = Object.fromEntries(
    names.map((name) => [name, { instanceId, bucket, backup: join(folder, `${name}.bak`), pollInterval: "500ms" }]),
  );
  return {
    projectDir: PROGRAM,
    stack,
    stateDir: join(folder, "state", stack),
    config: { ...config, migrations: JSON.stringify(migrations) },
    env,
  };
}

async function timed(engine: Engine, workspace: Workspace, kind: "up" | "preview"): Promise<number> {
  const began = performance.now();
  const { exitCode, stdout, stderr } = await engine.run({ kind, expectNoChanges: kind === "preview" }, workspace);
  if (exitCode !== 0) throw new Error(`${kind} failed:\n${stdout}${stderr}`);
  return (performance.now() - began) / 1000;
}

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
