import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import type { Engine, Operation, Workspace } from "../../engine/engine";
import { findEngines } from "../../engine/find-engines";
import { main as bakinfo } from "../../provider/cli/bakinfo";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";

/** The last line of `npm run bench -- fleet --json`. */
export interface FleetFigures {
  /** Name and version of the engine that ran both programs. */
  engine: string;
  databases: number;
  /** Median ratio of a preview of finished migrations to a preview of the same number of empty dynamic resources. */
  previewRatio: number;
  /** RDS requests in one preview of finished migrations, the maximum of all rounds. */
  rdsCallsPreview: number;
  /** RDS requests from the first `pulumi up` (its preview and its update) to the last database online. */
  rdsCallsUp: number;
  /** Size of the deployment as minified JSON, divided by the number of databases. */
  stateBytesPerDatabase: number;
}

/** Absolute times, printed for context. */
interface FleetTimes {
  upSeconds: number;
  previewSeconds: number;
  plainPreviewSeconds: number;
}

/** The root of the repository, relative to the compiled file. */
const PROGRAMS = join(__dirname, "..", "..", "..", "bench", "fleet");
const TASK_MS = 500;
const SMALLEST_DATA_BYTES = 65_536;
/** Storage for the database sizes that the generated backups declare. */
const STORAGE_GB_PER_DATABASE = 1;

/** `npm run bench -- fleet [--databases 500] [--rounds 5] [--engine pulumi|stand-in] [--json]`: measures a whole instance in one program. */
export async function run(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      databases: { type: "string", default: "500" },
      rounds: { type: "string", default: "5" },
      engine: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const engine = findEngines().find(({ name }) => values.engine === undefined || name === values.engine);
  if (engine === undefined) throw new Error(`engine "${values.engine}" is not installed`);
  const { figures, times } = await measure(engine, Number(values.databases), Number(values.rounds));
  const table = new Table({ head: ["what", "measured"], style: { head: [], border: [] } });
  for (const [what, value] of Object.entries({ ...figures, ...times })) table.push([what, value]);
  console.log(table.toString());
  if (values.json) console.log(JSON.stringify(figures));
}

async function measure(engine: Engine, databases: number, rounds: number) {
  const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-fleet-"));
  const emulator = await startEmulator({ taskMs: TASK_MS, stateDir: join(folder, "emulator") });
  try {
    await raiseLimits(emulator, databases);
    const manifest = await writeBackups(folder, databases);
    const env = emulatedEnvironment(emulator);
    const { instanceId, bucket, region } = emulator;
    const ours: Workspace = {
      projectDir: join(PROGRAMS, "migrations"),
      stack: "fleet",
      stateDir: join(folder, "ours"),
      config: { "alicloud:region": region, manifest, instanceId, bucket },
      env,
    };
    const plain: Workspace = {
      projectDir: join(PROGRAMS, "plain"),
      stack: "plain",
      stateDir: join(folder, "plain"),
      config: { resources: String(databases) },
      env,
    };
    const up: Operation = { kind: "up", previewFirst: true };
    const preview: Operation = { kind: "preview", expectNoChanges: true };
    await timed(engine, plain, up);
    const upSeconds = await timed(engine, ours, up);
    const rdsCallsUp = rdsCalls(emulator);
    // Interleaved, so that other load on the machine affects both.
    const plainPreviews: number[] = [];
    const previews: number[] = [];
    let rdsCallsPreview = 0;
    for (let round = 0; round < rounds; round++) {
      plainPreviews.push(await timed(engine, plain, preview));
      const before = rdsCalls(emulator);
      previews.push(await timed(engine, ours, preview));
      rdsCallsPreview = Math.max(rdsCallsPreview, rdsCalls(emulator) - before);
    }
    const { deployment } = await engine.exportState(ours);
    const times: FleetTimes = {
      upSeconds: rounded(upSeconds, 1),
      previewSeconds: rounded(median(previews), 2),
      plainPreviewSeconds: rounded(median(plainPreviews), 2),
    };
    const figures: FleetFigures = {
      engine: `${engine.name} ${engine.version}`,
      databases,
      previewRatio: rounded(median(previews) / median(plainPreviews), 2),
      rdsCallsPreview,
      rdsCallsUp,
      stateBytesPerDatabase: Math.round(Buffer.byteLength(JSON.stringify(deployment)) / databases),
    };
    return { figures, times };
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Raises the limits of the instance to this number of databases on one day. */
async function raiseLimits({ rds, instanceId }: Emulator, databases: number): Promise<void> {
  await rds.setInstance({
    id: instanceId,
    dbMaxQuantity: databases + 1,
    storageGb: 100 + databases * STORAGE_GB_PER_DATABASE,
  });
  await rds.setLimits({ perInstanceAndDay: databases + 1 });
}

/** Writes one full backup for each database and their manifest. @returns the path of the manifest */
async function writeBackups(folder: string, databases: number): Promise<string> {
  const names = Array.from({ length: databases }, (_, index) => `db${String(index + 1).padStart(4, "0")}`);
  const fileOf = (name: string): string => join(folder, `${name}_FULL_20240501020000.bak`);
  for (const name of names) {
    await writeBackupFile(fileOf(name), { databaseName: name, type: "full", dataBytes: SMALLEST_DATA_BYTES });
  }
  const manifest = join(folder, "backups.json");
  const errors: string[] = [];
  const console = { out: () => undefined, err: (text: string) => errors.push(text), env: () => undefined };
  if ((await bakinfo([...names.map(fileOf), "--manifest", manifest], console)) !== 0)
    throw new Error(errors.join("\n"));
  return manifest;
}

/** Number of requests that RDS has received, including refused ones. */
const rdsCalls = ({ journal }: Emulator): number =>
  journal.entries.filter(({ service, status }) => service === "rds" && status !== undefined).length;

async function timed(engine: Engine, workspace: Workspace, operation: Operation): Promise<number> {
  const began = performance.now();
  const { exitCode, stdout, stderr } = await engine.run(operation, workspace);
  if (exitCode !== 0) throw new Error(`${operation.kind} of ${workspace.stack} failed:\n${stdout}${stderr}`);
  return (performance.now() - began) / 1000;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
