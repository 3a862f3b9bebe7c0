import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import Table from "cli-table3";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import type { Engine, RunResult, Workspace } from "../../engine/engine";
import { findEngines } from "../../engine/find-engines";
import { isPropertyMap } from "../../engine/stand-in/property-value";
import { MIGRATION_TYPE, OUTCOME_TYPE } from "../../provider/model/provider-text";
import { formatBytes } from "../../provider/model/quantities";
import { readArguments } from "./arguments";
import { makeDemoBackups } from "./demo-backups";
import { Narrator } from "./narrator";

/**
 * `npm run demo`: the program of this repository (index.ts) against the emulator – preview, up, and a second preview that
 * has nothing to do – with three backups of its own or with those given.
 */

/** Two levels above dist/examples/demo: the folder of Pulumi.yaml. */
const PROJECT = join(__dirname, "..", "..", "..");
const PASSWORD_BYTES = 18;

interface DatabaseRow {
  database: string;
  status: string;
  sizeBytes?: number;
  dataAsOf?: string;
  migrateTaskId?: string;
}

interface DemoResult {
  engine: string;
  databases: { name: string; status: string }[];
  /** Null when the demo did not get that far. */
  secondPreview: { changes: number } | null;
}

async function main(): Promise<number> {
  const wanted = readArguments(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  const engine = findEngines().find(({ name }) => wanted.engine === undefined || name === wanted.engine);
  if (engine === undefined)
    throw new Error("The pulumi command is not installed here; leave --engine out to take the stand-in.");
  const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-demo-"));
  const emulator = await startEmulator({ stateDir: join(folder, "emulator") });
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  const result: DemoResult = { engine: engine.name, databases: [], secondPreview: null };
  try {
    const files = wanted.files.length > 0 ? wanted.files : await makeDemoBackups(folder);
    const workspace = { ...workspaceFor(engine, emulator, folder, files), signal: stop.signal };
    const succeeded = await runDemo(engine, workspace, files, result);
    return succeeded ? 0 : 1;
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
    if (wanted.json) console.log(JSON.stringify(result));
  }
}

/** The stand-in creates bucket and instance too; the command, without the alicloud plugin, takes those the emulator has. */
function workspaceFor(engine: Engine, emulator: Emulator, folder: string, files: string[]): Workspace {
  const { region, instanceId, bucket } = emulator;
  const place: Record<string, string> = engine.name === "pulumi" ? { instanceId, bucket } : { vswitchId: "vsw-demo" };
  // A new instance has no account, and nobody could log in to its databases.
  const secrets: Record<string, string> =
    engine.name === "pulumi" ? {} : { accountPassword: randomBytes(PASSWORD_BYTES).toString("base64url") };
  return {
    projectDir: PROJECT,
    stack: "demo",
    stateDir: join(folder, "state"),
    config: {
      "alicloud:region": region,
      backupFiles: JSON.stringify(files),
      pollInterval: "500ms",
      protect: "false",
      ...place,
    },
    secrets,
    env: emulatedEnvironment(emulator),
  };
}

async function runDemo(engine: Engine, workspace: Workspace, files: string[], result: DemoResult): Promise<boolean> {
  const narrator = new Narrator((line) => console.log(line));
  const told = { ...workspace, onEvent: (event: Parameters<Narrator["tell"]>[0]) => narrator.tell(event) };
  const what = engine.name === "pulumi" ? `pulumi ${engine.version}` : "the stand-in engine of this repository";
  console.log(
    `Migrating ${files.map((file) => basename(file)).join(", ")} into an emulated ApsaraDB RDS for SQL Server, with ${what}.`,
  );

  narrator.heading("preview: what will happen, and what cannot work");
  const preview = await engine.run({ kind: "preview" }, told);
  if (!succeeded(preview)) return report(engine, workspace, files, result);
  narrator.heading("up: upload, one migration task for each database, wait");
  const up = await engine.run({ kind: "up" }, told);
  if (!succeeded(up)) return report(engine, workspace, files, result);
  narrator.heading("preview again: nothing left to do");
  const second = await engine.run({ kind: "preview" }, told);
  if (succeeded(second)) result.secondPreview = { changes: countChanges(second) };
  const changes = result.secondPreview?.changes;
  console.log(changes === 0 ? "  no changes" : `  ${changes ?? "?"} changes, where none were expected`);
  const reported = await report(engine, workspace, files, result);
  return reported && changes === 0;
}

function succeeded(run: RunResult): boolean {
  if (run.exitCode === 0) return true;
  const told = run.diagnostics.some(({ severity }) => severity === "error");
  console.log(
    `\nThe engine ended with exit code ${run.exitCode}${told ? "; its errors stand above." : `:\n${run.stdout}${run.stderr}`}`,
  );
  return false;
}

const countChanges = ({ changes }: RunResult): number =>
  Object.entries(changes).reduce((sum, [op, count]) => (op === "same" ? sum : sum + count), 0);

/** The table at the end; true when every database that was asked for is online. */
async function report(engine: Engine, workspace: Workspace, files: string[], result: DemoResult): Promise<boolean> {
  const rows = await recordedDatabases(engine, workspace);
  const missing = Math.max(0, files.length - rows.length);
  result.databases = rows.map(({ database, status }) => ({ name: database, status }));
  const table = new Table({
    head: ["database", "status", "backup", "data as of", "task"],
    style: { head: [], border: [] },
  });
  for (const { database, status, sizeBytes, dataAsOf, migrateTaskId } of rows) {
    table.push([
      database,
      status,
      sizeBytes === undefined ? "" : formatBytes(sizeBytes),
      dataAsOf ?? "",
      migrateTaskId ?? "",
    ]);
  }
  console.log(rows.length === 0 ? "" : `\n${table}`);
  if (missing > 0) console.log(`Not migrated: ${missing} of ${files.length}.`);
  console.log(`Run by: ${engine.name} ${engine.version}. Everything it made has been removed.`);
  return missing === 0 && rows.every(({ status }) => status === "online");
}

/** What the outcome says of all; where the run did not get there, what each migration says. */
async function recordedDatabases(engine: Engine, workspace: Workspace): Promise<DatabaseRow[]> {
  const { deployment } = await engine.exportState(workspace);
  const outputsOf = (wanted: string) =>
    (deployment.resources ?? []).filter(({ type }) => type === wanted).map(({ outputs = {} }) => outputs);
  const [outcome] = outputsOf(OUTCOME_TYPE);
  const told = Array.isArray(outcome?.summary) ? outcome.summary.filter(isPropertyMap) : outputsOf(MIGRATION_TYPE);
  return told.map(rowOf).sort((one, other) => one.database.localeCompare(other.database));
}

function rowOf(told: Record<string, unknown>): DatabaseRow {
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  return {
    database: text(told.database) ?? String(told.databaseName),
    status: String(told.status),
    sizeBytes: typeof told.sizeBytes === "number" ? told.sizeBytes : undefined,
    dataAsOf: text(told.dataAsOf),
    migrateTaskId: text(told.migrateTaskId),
  };
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
