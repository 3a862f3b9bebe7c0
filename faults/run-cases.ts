import { seededRandom } from "../emulator/faults/seeded-random";
import { allCases } from "./all-cases";
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

/** What a case counted, or the expectation that it broke. */
export interface CaseResult {
  counted?: string;
  broken?: string;
}

export async function runCase({ seed, fault }: DrawnCase, pool: ProviderPool): Promise<CaseResult> {
  const cloud = new TestCloud(seededRandom(seed), pool);
  try {
    return { counted: (await fault.run(cloud)) ?? undefined };
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error) };
  } finally {
    await cloud.close();
  }
}

/** Runs the drawn cases, `jobs` at a time: most of them wait for locks. */
export async function runCases(
  { seed, runs, families, jobs = 1 }: { seed: number; runs?: number; families?: readonly string[]; jobs?: number },
  pool: ProviderPool,
  log: (line: string) => void,
): Promise<RunSummary> {
  const drawn = drawCases(await listCases(pool, families), seed, runs);
  const queue = [...drawn];
  const seeds: number[] = [];
  const takeNext = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const beganMs = Date.now();
      const { broken, counted } = await runCase(next, pool);
      const took = `${((Date.now() - beganMs) / 1000).toFixed(1)} s`;
      const { family, name } = next.fault;
      const counts = counted === undefined ? "" : `: ${counted}`;
      log(`${broken === undefined ? "ok  " : "FAIL"} seed ${next.seed} ${family} ${name}${counts} (${took})`);
      if (broken === undefined) continue;
      seeds.push(next.seed);
      log(`     ${broken.replaceAll("\n", "\n     ")}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, takeNext));
  return { runs: drawn.length, failed: seeds.length, seeds: seeds.sort((one, other) => one - other) };
}
