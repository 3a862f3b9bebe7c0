import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import type { Engine } from "../../engine/engine";
import { findEngines } from "../../engine/find-engines";
import { type Cost, costOf, median, ratioOf } from "./cost";
import { Fleet, PREVIEW, plainWorkspace, UP } from "./fleet";
import { writeFleet } from "./write-fleet";

/** One size of the curve. Costs of the program, and of as many dynamic resources that do nothing. */
interface Point {
  databases: number;
  previews: Cost[];
  plainPreviews: Cost[];
  /** An `up` that saves the state once, at its end. */
  up?: Cost;
  plainUp: Cost;
  /** An `up` that saves the state at each step; only where it was asked for. */
  checkpointedUp?: Cost;
  /** An `up` that saves the state once, with as many steps at a time. */
  parallelUps: { parallel: number; up?: Cost }[];
  rdsCallsPreview: number;
  rdsCallsUp: number;
  stateBytesPerDatabase: number;
  upMebibytes?: number;
  previewMebibytes?: number;
}

/** @see https://www.pulumi.com/docs/iac/cli/environment-variables/ and pulumi/pulumi#10668 */
const WITHOUT_CHECKPOINTS = { PULUMI_SKIP_CHECKPOINTS: "true", PULUMI_EXPERIMENTAL: "true" };

/**
 * `npm run bench -- scale [--databases 500,1000,2000] [--rounds 1] [--checkpoints 500] [--parallel 1,64] [--heap 128]`: the curve of
 * a fleet on the real engine. `--checkpoints N` also measures an `up` that saves its state at each step, for sizes up to N;
 * `--parallel LIST` further ones with as many steps at a time; `--heap N` limits the heap of the program and the provider to N MiB.
 */
export async function run(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      databases: { type: "string", default: "500,1000,2000" },
      rounds: { type: "string", default: "1" },
      checkpoints: { type: "string", default: "500" },
      parallel: { type: "string", default: "" },
      heap: { type: "string" },
    },
  });
  const heap = values.heap === undefined ? {} : { NODE_OPTIONS: `--max-old-space-size=${values.heap}` };
  const onceSaved = { ...WITHOUT_CHECKPOINTS, ...heap };
  const engine = findEngines().find(({ name }) => name === "pulumi");
  if (engine === undefined) throw new Error("the pulumi command is not installed: npm run engine builds it");
  for (const databases of values.databases.split(",").map(Number)) {
    const point = await measure(engine, databases, Number(values.rounds), onceSaved);
    if (databases <= Number(values.checkpoints)) point.checkpointedUp = await upOf(engine, databases, { env: heap });
    for (const parallel of values.parallel.split(",").filter(Boolean).map(Number))
      point.parallelUps.push({ parallel, up: await upOf(engine, databases, { env: onceSaved, parallel }) });
    // Printed after each size, so that an interrupted run leaves those that are done.
    print(point);
    console.log(JSON.stringify(point));
  }
}

async function measure(engine: Engine, databases: number, rounds: number, env: NodeJS.ProcessEnv): Promise<Point> {
  return inFolder(async (folder) => {
    const manifest = await writeFleet(folder, databases);
    const plain = plainWorkspace(folder, databases);
    const plainUp = await costOf(engine, { ...plain, env: { ...plain.env, ...env } }, UP);
    const fleet = await Fleet.open(engine, "dynamic", { folder, manifest, databases });
    try {
      await fleet.up({ env });
      const plainPreviews: Cost[] = [];
      for (let round = 0; round < rounds; round++) {
        plainPreviews.push(await costOf(engine, plain, PREVIEW));
        await fleet.preview();
      }
      return {
        databases,
        previews: fleet.previews,
        plainPreviews,
        up: fleet.upCost,
        plainUp,
        parallelUps: [],
        ...(await fleet.figures()),
        ...fleet.peakMebibytes,
      };
    } finally {
      await fleet.close();
    }
  });
}

/** One `up` of a fleet of its own. */
async function upOf(engine: Engine, databases: number, how: Parameters<Fleet["up"]>[0]): Promise<Cost | undefined> {
  return inFolder(async (folder) => {
    const manifest = await writeFleet(folder, databases);
    const fleet = await Fleet.open(engine, "dynamic", { folder, manifest, databases });
    try {
      await fleet.up(how);
      return fleet.upCost;
    } finally {
      await fleet.close();
    }
  });
}

async function inFolder<T>(action: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-fleet-"));
  try {
    return await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(point: Point): void {
  const table = new Table({ head: ["what", "wall, s", "CPU, s"], style: { head: [], border: [] } });
  const { databases, previews, plainPreviews } = point;
  const add = (what: string, costs: readonly (Cost | undefined)[]): void => {
    const known = costs.filter((cost) => cost !== undefined);
    const middle = (member: keyof Cost) => median(known.map((cost) => cost[member])).toFixed(1);
    if (known.length > 0) table.push([what, middle("seconds"), middle("cpuSeconds")]);
  };
  add("preview of the plain program", plainPreviews);
  add("preview", previews);
  table.push([
    "preview over the plain one",
    ...(["seconds", "cpuSeconds"] as const).map((member) => ratioOf(previews, plainPreviews, member)),
  ]);
  add("up of the plain program, state saved once", [point.plainUp]);
  add("up, state saved once", [point.up]);
  add("up, state saved at each step", [point.checkpointedUp]);
  for (const { parallel, up } of point.parallelUps) add(`up, state saved once, --parallel ${parallel}`, [up]);
  const { rdsCallsPreview, rdsCallsUp, stateBytesPerDatabase, upMebibytes, previewMebibytes } = point;
  console.log(`${databases} databases`);
  console.log(table.toString());
  console.log(
    `RDS calls in a preview ${rdsCallsPreview}, in an up ${rdsCallsUp}; state ${stateBytesPerDatabase} bytes a database; ` +
      `provider at most ${upMebibytes} MiB in the up, ${previewMebibytes} MiB in a preview`,
  );
}
