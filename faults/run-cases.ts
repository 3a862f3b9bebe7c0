import { seededRandom } from "../emulator/faults/seeded-random";
import type { ResourceHost } from "../testing/resource-host";
import { allCases } from "./all-cases";
import { type Counts, CountTable } from "./count-table";
import { type DrawnCase, drawCases } from "./draw-cases";
import type { FaultCase } from "./fault-case";
import type { ProviderPool } from "./provider-pool";
import { TestCloud } from "./test-cloud";

/** The result of a number of runs; the last line of `--json`. */
export interface RunSummary {
  runs: number;
  failed: number;
  /** Seeds of the failed runs. */
  seeds: number[];
}

/** The cases of the given families, by default of all. */
export async function listCases(pool: ProviderPool, families?: readonly string[]): Promise<FaultCase[]> {
  const recording = new TestCloud(seededRandom(0), pool);
  const every = await allCases(recording).finally(() => recording.close());
  return every.filter(({ family }) => families?.includes(family) ?? true);
}

export interface CaseResult {
  counts: Counts;
  /** The broken expectation; undefined when every expectation holds. */
  broken?: string;
}

export async function runCase(
  { seed, fault }: DrawnCase,
  pool: ProviderPool,
  host: ResourceHost = "dynamic",
): Promise<CaseResult> {
  const cloud = new TestCloud(seededRandom(seed), pool, host);
  try {
    await fault.run(cloud);
    return { counts: cloud.counts };
  } catch (error) {
    return { counts: cloud.counts, broken: error instanceof Error ? error.message : String(error) };
  } finally {
    await cloud.close();
  }
}

export interface CaseRuns {
  seed: number;
  runs?: number;
  families?: readonly string[];
  jobs?: number;
  /** What serves the resources. @default dynamic */
  host?: ResourceHost;
}

/** Runs the drawn cases, `jobs` at a time: most of them wait for locks. What they counted is logged at the end. */
export async function runCases(
  { seed, runs, families, jobs = 1, host }: CaseRuns,
  pool: ProviderPool,
  log: (line: string) => void,
): Promise<RunSummary> {
  const drawn = drawCases(await listCases(pool, families), seed, runs);
  const queue = [...drawn];
  const seeds: number[] = [];
  const table = new CountTable();
  const takeNext = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const beganMs = Date.now();
      const { broken, counts } = await runCase(next, pool, host);
      const took = `${((Date.now() - beganMs) / 1000).toFixed(1)} s`;
      const { family, name } = next.fault;
      table.add(`${family} ${name}`, { counts, isFailed: broken !== undefined });
      log(`${broken === undefined ? "ok  " : "FAIL"} seed ${next.seed} ${family} ${name} (${took})`);
      if (broken === undefined) continue;
      seeds.push(next.seed);
      log(`     ${broken.replaceAll("\n", "\n     ")}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, takeNext));
  for (const line of table.lines()) log(line);
  return { runs: drawn.length, failed: seeds.length, seeds: seeds.sort((one, other) => one - other) };
}
