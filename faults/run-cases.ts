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

/** @returns the broken expectation; undefined when all hold */
export async function runCase({ seed, fault }: DrawnCase, pool: ProviderPool): Promise<string | undefined> {
  const cloud = new TestCloud(seededRandom(seed), pool);
  try {
    await fault.run(cloud);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await cloud.close();
  }
}

export async function runCases(
  { seed, runs, families }: { seed: number; runs?: number; families?: readonly string[] },
  pool: ProviderPool,
  log: (line: string) => void,
): Promise<RunSummary> {
  const drawn = drawCases(await listCases(pool, families), seed, runs);
  const seeds: number[] = [];
  for (const each of drawn) {
    const beganMs = Date.now();
    const broken = await runCase(each, pool);
    const took = `${((Date.now() - beganMs) / 1000).toFixed(1)} s`;
    const { family, name } = each.fault;
    log(`${broken === undefined ? "ok  " : "FAIL"} seed ${each.seed} ${family} ${name} (${took})`);
    if (broken === undefined) continue;
    seeds.push(each.seed);
    log(`     ${broken.replaceAll("\n", "\n     ")}`);
  }
  return { runs: drawn.length, failed: seeds.length, seeds };
}
