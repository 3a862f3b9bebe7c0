import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import type { Engine, RunResult } from "../../engine/engine";
import { findEngines } from "../../engine/find-engines";
import { main } from "../../provider/cli/sqlserver-migration";
import { rounded } from "../fleet/cost";
import { writeFleet } from "../fleet/write-fleet";
import { type ShardSettings, Shards } from "./shards";

/** What one case shows. */
interface CaseFigures {
  case: string;
  seconds: number;
  rdsCalls: number;
  ossCalls: number;
  tasks: number;
}

/** The runner that is killed. */
const DEAD = 2;
const DATA_BYTES = 1024 * 1024;

/**
 * `npm run bench -- runners [--databases 24] [--runners 4] [--rate 150] [--json]`: migrates one fleet with one and with several
 * processes, each with a limited network (KB/s), kills one of them, and fails when a backup has not exactly one task.
 */
export async function run(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      databases: { type: "string", default: "24" },
      runners: { type: "string", default: "4" },
      rate: { type: "string", default: "150" },
      json: { type: "boolean", default: false },
    },
  });
  const engine = findEngines().find(({ name }) => name === "pulumi");
  if (engine === undefined) throw new Error("pulumi is neither installed nor built (npm run engine)");
  const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-runners-"));
  try {
    const manifest = await writeFleet(folder, Number(values.databases), DATA_BYTES);
    const rate = Number(values.rate) * 1000;
    const inCase = async (runners: string, name: string, act: (shards: Shards) => Promise<void>) => {
      const plan = await writePlan(folder, manifest, runners);
      return measure(engine, name, { folder: join(folder, name.replaceAll(/\W+/g, "-")), manifest, plan, rate }, act);
    };
    const figures = [
      await inCase("1", "1 runner", upAll),
      await inCase(values.runners, `${values.runners} runners`, upAll),
      await inCase(values.runners, "killed; the same stack continues", continueSameStack),
      await inCase(values.runners, "killed; another stack takes its share, while the same stack continues", takeOver),
      await inCase(values.runners, "the quota ends early", meetQuota),
    ];
    const table = new Table({
      head: ["case", "time", "RDS calls", "OSS calls", "tasks"],
      style: { head: [], border: [] },
    });
    for (const each of figures) table.push([each.case, `${each.seconds} s`, each.rdsCalls, each.ossCalls, each.tasks]);
    console.log(table.toString());
    if (values.json) console.log(JSON.stringify({ bench: "runners", ...values, figures }));
    const [alone, several] = figures;
    if ((several?.seconds ?? 0) >= (alone?.seconds ?? 0)) throw new Error("several runners were no faster than one");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writePlan(folder: string, manifest: string, runners: string): Promise<string> {
  const out: string[] = [];
  const console = {
    out: (text: string) => out.push(text),
    err: (text: string) => out.push(text),
    env: () => undefined,
  };
  if ((await main(["plan", manifest, "--runners", runners, "--json"], console)) !== 0) throw new Error(out.join("\n"));
  const plan = join(folder, `plan-${runners}.json`);
  writeFileSync(plan, out.join("\n"));
  return plan;
}

/** Runs one case on a service of its own. @throws Error unless every database is online by exactly one task */
async function measure(
  engine: Engine,
  name: string,
  settings: ShardSettings,
  act: (shards: Shards) => Promise<void>,
): Promise<CaseFigures> {
  mkdirSync(settings.folder);
  const shards = await Shards.open(engine, settings);
  try {
    const begun = performance.now();
    await act(shards);
    const seconds = rounded((performance.now() - begun) / 1000, 1);
    const tasks = shards.tasks();
    const wanted = shards.items.map(({ database }) => database);
    if (tasks.sort().join() !== wanted.sort().join()) throw new Error(`${name}: the tasks are of ${tasks.join(", ")}`);
    const { rds, oss } = shards.calls();
    const figures = { case: name, seconds, rdsCalls: rds, ossCalls: oss, tasks: tasks.length };
    console.error(JSON.stringify(figures));
    return figures;
  } finally {
    await shards.close();
  }
}

const upAll = async (shards: Shards): Promise<void> => void succeeded(await shards.upAll());

/** Kills a runner when half of its share is submitted, then ups its stack again, as another machine with the same backend does. */
async function continueSameStack(shards: Shards): Promise<void> {
  const { others } = await killOne(shards);
  await shards.cancel(DEAD);
  succeeded([await (await shards.start(DEAD)).result, ...(await others)]);
}

/** Gives the share of a killed runner to another stack, and ups the stack of the killed one at the same time. */
async function takeOver(shards: Shards): Promise<void> {
  const { others } = await killOne(shards);
  const [heir = 1] = shards.runners;
  succeeded(await others);
  await shards.cancel(DEAD);
  const runs = [await shards.start(heir, [heir, DEAD]), await shards.start(DEAD)];
  const results = succeeded(await Promise.all(runs.map(({ result }) => result)));
  const share = shards.items.filter(({ runner }) => runner === heir || runner === DEAD).length;
  const { online } = countsOf(results[0]);
  if (online !== share) throw new Error(`the heir has ${online} of ${share} databases online`);
}

/** The instance accepts four tasks fewer than the fleet has databases; the next run of each stack submits the others. */
async function meetQuota(shards: Shards): Promise<void> {
  const { rds } = shards.emulator;
  await rds.setLimits({ perInstanceAndDay: shards.items.length - shards.runners.length });
  const planned = succeeded(await shards.upAll()).reduce((sum, result) => sum + (countsOf(result).planned ?? 0), 0);
  if (planned !== shards.runners.length) throw new Error(`${planned} databases wait for the quota`);
  await rds.setLimits({ perInstanceAndDay: shards.items.length });
  succeeded(await shards.upAll());
}

/** Starts all runners and kills one. @returns the results of the others, when they end */
async function killOne(shards: Shards): Promise<{ others: Promise<RunResult[]> }> {
  const others: Promise<RunResult>[] = [];
  const half = shards.items.filter(({ runner }) => runner === DEAD).length / 2;
  const dead = await shards.start(DEAD);
  for (const runner of shards.runners.filter((each) => each !== DEAD)) others.push((await shards.start(runner)).result);
  while (shards.submittedOf(DEAD) < half) await new Promise((resolve) => setTimeout(resolve, 25));
  dead.process.kill("SIGKILL");
  await dead.result;
  return { others: Promise.all(others) };
}

/** @throws Error with the output of a run that failed */
function succeeded(results: readonly RunResult[]): readonly RunResult[] {
  for (const { exitCode, stdout, stderr } of results)
    if (exitCode !== 0) throw new Error(`a runner failed:\n${stdout}${stderr}`);
  return results;
}

const countsOf = (result: RunResult | undefined) =>
  (result?.outputs?.counts ?? {}) as { online?: number; planned?: number };
