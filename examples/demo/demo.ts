import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import Table from "cli-table3";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import type { Engine, RunResult, Workspace } from "../../engine/engine";
import type { EngineEvent } from "../../engine/events";
import { findEngines } from "../../engine/find-engines";
import { isPropertyMap } from "../../engine/stand-in/property-value";
import { MIGRATION_TYPE, OUTCOME_TYPE } from "../../provider/model/provider-text";
import { formatBytes } from "../../provider/model/quantities";
import { terminalJson, terminalLine, terminalText } from "../../provider/model/terminal-text";
import { readArguments } from "./arguments";
import { makeDemoBackups } from "./demo-backups";
import { print } from "./print";
import { ProgressPrinter } from "./progress-printer";
import { type Finding, RunFindings } from "./run-findings";

/**
 * `npm run demo`: runs the program of this repository (index.ts) against the emulator, with three generated backups or the given
 * ones: preview, up, and a second preview that must show no changes.
 */

/** The folder of Pulumi.yaml, three levels above dist/examples/demo. */
const PROJECT = join(__dirname, "..", "..", "..");
const PASSWORD_BYTES = 18;

interface DatabaseRow {
  database: string;
  /** `notMigrated`: the run ended before anything was recorded. */
  status: string;
  findings: Finding[];
  sizeBytes?: number;
  dataAsOf?: string;
  migrateTaskId?: string;
}

interface DemoResult {
  engine: string;
  /** Every database of the program, and the path of each backup that belongs to none. */
  databases: { name: string; status: string; findings: Finding[] }[];
  /** Errors that are about no single database. */
  findings: Finding[];
  /** Null when the demo stopped earlier. */
  secondPreview: { changes: number } | null;
}

async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  const engine = findEngines().find(({ name }) => options.engine === undefined || name === options.engine);
  if (engine === undefined)
    throw new Error("pulumi is not installed. Build it with `npm run engine`, or omit --engine to use the stand-in.");
  const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-demo-"));
  const emulator = await startEmulator({ stateDir: join(folder, "emulator") });
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  const result: DemoResult = { engine: engine.name, databases: [], findings: [], secondPreview: null };
  try {
    const files = options.files.length > 0 ? options.files : await makeDemoBackups(folder);
    const workspace = { ...workspaceFor(engine, emulator, folder, files), signal: stop.signal };
    const succeeded = await runDemo(engine, workspace, files, result);
    return succeeded ? 0 : 1;
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
    if (options.json) console.log(terminalJson(JSON.stringify(result)));
  }
}

/** The stand-in also creates the bucket and the instance. The command lacks the alicloud plugin, so it uses existing ones. */
function workspaceFor(engine: Engine, emulator: Emulator, folder: string, files: string[]): Workspace {
  const { region, instanceId, bucket } = emulator;
  const place: Record<string, string> =
    engine.name === "pulumi" ? { instance: instanceId, bucket } : { vswitchId: "vsw-demo" };
  // A new instance has no account; without one, nobody can log in to its databases.
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
  const printer = new ProgressPrinter(print);
  const reported = new RunFindings();
  const onEvent = (event: EngineEvent): void => {
    printer.print(event);
    reported.observe(event);
  };
  const observed = { ...workspace, onEvent };
  const conclude = () => report({ engine, workspace, files, reported }, result);
  const engineName = engine.name === "pulumi" ? `pulumi ${engine.version}` : "the stand-in engine of this repository";
  print(
    `Migrating ${files.map((file) => basename(file)).join(", ")} into an emulated ApsaraDB RDS for SQL Server, with ${engineName}.`,
  );

  printer.heading("preview: planned changes and detected problems");
  const preview = await engine.run({ kind: "preview" }, observed);
  if (!succeeded(preview)) return conclude();
  printer.heading("up: upload, start one migration task for each database, wait");
  const up = await engine.run({ kind: "up" }, observed);
  if (!succeeded(up)) return conclude();
  printer.heading("second preview: no changes expected");
  const second = await engine.run({ kind: "preview" }, observed);
  if (succeeded(second)) result.secondPreview = { changes: countChanges(second) };
  const changes = result.secondPreview?.changes;
  print(changes === 0 ? "  no changes" : `  ${changes ?? "?"} changes, expected none`);
  const isComplete = await conclude();
  return isComplete && changes === 0;
}

function succeeded(run: RunResult): boolean {
  if (run.exitCode === 0) return true;
  const hasErrorRows = run.diagnostics.some(({ severity }) => severity === "error");
  print(
    `\nThe engine ended with exit code ${run.exitCode}${hasErrorRows ? "; see the errors above." : `:\n${run.stdout}${run.stderr}`}`,
  );
  return false;
}

const countChanges = ({ changes }: RunResult): number =>
  Object.entries(changes).reduce((sum, [op, count]) => (op === "same" ? sum : sum + count), 0);

/** What the demo has run, and what the engine reported. */
interface Outcome {
  engine: Engine;
  workspace: Workspace;
  files: string[];
  reported: RunFindings;
}

/** Prints the final table. @returns whether every requested database is online */
async function report({ engine, workspace, files, reported }: Outcome, result: DemoResult): Promise<boolean> {
  const recorded = await recordedDatabases(engine, workspace);
  const declared = reported.ofDatabases(files);
  const rows: DatabaseRow[] = [
    ...recorded,
    ...declared
      .filter(({ name }) => recorded.every(({ database }) => database !== name))
      .map(({ name, findings }) => ({ database: name, status: "notMigrated", findings })),
  ];
  const missing = rows.length - recorded.length;
  result.databases = rows.map(({ database, status, findings }) => ({ name: database, status, findings }));
  result.findings = reported.ofRun();
  const table = new Table({
    head: ["database", "status", "backup", "data as of", "task", "finding"],
    style: { head: [], border: [] },
  });
  for (const { database, status, sizeBytes, dataAsOf, migrateTaskId, findings } of rows) {
    table.push([
      terminalLine(isAbsolute(database) ? basename(database) : database),
      status,
      sizeBytes === undefined ? "" : formatBytes(sizeBytes),
      dataAsOf ?? "",
      migrateTaskId ?? "",
      findings.map(({ code }) => code).join(", "),
    ]);
  }
  print(rows.length === 0 ? "" : `\n${table}`);
  if (missing > 0) print(`Not migrated: ${missing} of ${rows.length}.`);
  print(`Run by: ${engine.name} ${engine.version}. Everything it created has been removed.`);
  return missing === 0 && rows.every(({ status }) => status === "online");
}

/** The rows of the outcome resource, or the outputs of each migration if the run did not reach the outcome. */
async function recordedDatabases(engine: Engine, workspace: Workspace): Promise<DatabaseRow[]> {
  const { deployment } = await engine.exportState(workspace);
  const outputsOf = (wantedType: string) =>
    (deployment.resources ?? []).filter(({ type }) => type === wantedType).map(({ outputs = {} }) => outputs);
  const [outcome] = outputsOf(OUTCOME_TYPE);
  const records = Array.isArray(outcome?.summary) ? outcome.summary.filter(isPropertyMap) : outputsOf(MIGRATION_TYPE);
  return records.map(rowOf).sort((one, other) => one.database.localeCompare(other.database));
}

function rowOf(record: Record<string, unknown>): DatabaseRow {
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  return {
    database: text(record.database) ?? String(record.databaseName),
    status: String(record.status),
    findings: isFailure(record.failure) ? [{ code: record.failure.code, message: record.failure.cause }] : [],
    sizeBytes: typeof record.sizeBytes === "number" ? record.sizeBytes : undefined,
    dataAsOf: text(record.dataAsOf),
    migrateTaskId: text(record.migrateTaskId),
  };
}

const isFailure = (value: unknown): value is { code: string; cause: string } =>
  typeof value === "object" && value !== null && "code" in value && "cause" in value;

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    console.error(terminalText(error instanceof Error ? error.message : String(error)));
    process.exitCode = 1;
  },
);
