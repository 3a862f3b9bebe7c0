import type { ProviderPool } from "./provider-pool";
import type { RunSummary } from "./run-cases";
import { type SoakResult, soak } from "./soak";
import type { Level } from "./soak-levels";

/** Number of broken guarantees to print for each failed soak; the rest are counted. */
const MAX_SHOWN = 5;

export interface SoakRuns {
  seed: number;
  /** Number of soaks at each level; all levels use the same seeds. @default 1 */
  runs?: number;
  levels: readonly Level[];
  databases: number;
  /** Number of soaks that run in parallel. @default 1 */
  jobs?: number;
}

/** Runs a soak for each seed and level. Soaks are independent and mostly wait, so several can run in parallel. */
export async function runSoaks(
  { seed, runs = 1, levels, databases, jobs = 1 }: SoakRuns,
  pool: ProviderPool,
  log: (line: string) => void,
): Promise<RunSummary> {
  const queue = levels.flatMap((level) => Array.from({ length: runs }, (_, index) => ({ level, seed: seed + index })));
  const failed: number[] = [];
  const takeNext = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const beganMs = Date.now();
      const { broken, requests, faults, kills, concurrentRuns } = await soak({ ...next, databases, pool }).catch(
        failedSoak,
      );
      const took = `${((Date.now() - beganMs) / 1000).toFixed(0)} s`;
      const counts = `${databases} databases, ${requests} requests, ${faults} faults, ${kills} kills, ${concurrentRuns} concurrent runs`;
      log(`${broken.length === 0 ? "ok  " : "FAIL"} seed ${next.seed} soak ${next.level}: ${counts} (${took})`);
      if (broken.length === 0) continue;
      failed.push(next.seed);
      for (const each of broken.slice(0, MAX_SHOWN)) log(`     ${each}`);
      if (broken.length > MAX_SHOWN) log(`     and ${broken.length - MAX_SHOWN} more`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, takeNext));
  const seeds = [...new Set(failed)].sort((one, other) => one - other);
  return { runs: runs * levels.length, failed: failed.length, seeds };
}

/** Reports an exception of a soak as its failure, so that the other soaks continue. */
const failedSoak = (error: unknown): SoakResult => ({
  broken: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
  ...{ requests: 0, faults: 0, kills: 0, concurrentRuns: 0 },
});
