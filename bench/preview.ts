import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { startEmulator } from "../emulator/emulator";
import { emulatedEnvironment } from "../engine/emulated-environment";
import type { Engine, Workspace } from "../engine/engine";
import { findEngines } from "../engine/find-engines";
import { writeBackupFile } from "../testing/backup-writer/write-backup-file";

/** The times of one engine. */
export interface PreviewFigures {
  engine: string;
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
  const figures: PreviewFigures[] = [];
  for (const engine of findEngines())
    figures.push(await measure(engine, Number(values.migrations), Number(values.runs)));
  const table = new Table({
    head: ["engine", "migrations", "up", "preview, median", "preview of an empty program", "calls at preview"],
    style: { head: [], border: [] },
  });
  for (const each of figures) {
    const { engine, migrations, upSeconds, previewSeconds, emptyPreviewSeconds, calls } = each;
    table.push([engine, migrations, seconds(upSeconds), seconds(previewSeconds), seconds(emptyPreviewSeconds), calls]);
  }
  console.log(table.toString());
  if (values.json) console.log(JSON.stringify(figures));
}

const seconds = (value: number): string => `${value.toFixed(1)} s`;

async function measure(engine: Engine, migrations: number, runs: number): Promise<PreviewFigures> {
  const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-bench-"));
  const emulator = await startEmulator({ taskMs: 500 });
  try {
    const names = Array.from({ length: migrations }, (_, index) => `db${index + 1}`);
    for (const name of names) {
      await writeBackupFile(join(folder, `${name}.bak`), { databaseName: name, type: "full", dataBytes: 65_536 });
    }
    const { instanceId, bucket, region } = emulator;
    const workspace = (stack: string, chosen: string[]): Workspace => ({
      projectDir: PROGRAM,
      stack,
      stateDir: join(folder, "state", stack),
      config: {
        "alicloud:region": region,
        migrations: JSON.stringify(
          Object.fromEntries(
            chosen.map((name) => [
              name,
              { instanceId, bucket, backup: join(folder, `${name}.bak`), pollInterval: "500ms" },
            ]),
          ),
        ),
      },
      env: emulatedEnvironment(emulator),
    });
    const all = workspace("all", names);
    const upSeconds = await timed(engine, all, "up");
    const before = emulator.journal.entries.length;
    const previews: number[] = [];
    for (let run = 0; run < runs; run++) previews.push(await timed(engine, all, "preview"));
    const calls = emulator.journal.entries.length - before;
    const none = workspace("empty", []);
    await timed(engine, none, "up");
    const empty: number[] = [];
    for (let run = 0; run < runs; run++) empty.push(await timed(engine, none, "preview"));
    const figures = { engine: `${engine.name} ${engine.version}`, migrations, upSeconds, calls };
    return { ...figures, previewSeconds: median(previews), emptyPreviewSeconds: median(empty) };
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(engine: Engine, workspace: Workspace, kind: "up" | "preview"): Promise<number> {
  const began = performance.now();
  const { exitCode, stdout, stderr } = await engine.run({ kind, expectNoChanges: kind === "preview" }, workspace);
  if (exitCode !== 0) throw new Error(`${kind} failed:\n${stdout}${stderr}`);
  return (performance.now() - began) / 1000;
}

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
