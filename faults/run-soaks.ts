import type { Level } from "./levels";
import type { ProviderPool } from "./provider-pool";
import type { RunSummary } from "./run-cases";
import { type SoakResult, soak } from "./soak";

/** A failure names so many broken promises; the rest are counted. */
const MOST_SHOWN = 5;

export interface SoakRuns {
  seed: number;
  /** At each level, each level with the same seeds. @default 1 */
  runs?: number;
  levels: readonly Level[];
  databases: number;
  /** How many at the same time. @default 1 */
  jobs?: number;
}

/** Soaks of some seeds at some levels. Each has a cloud and processes of its own, and most of its time is waiting. */
export async function runSoaks(
  { seed, runs = 1, levels, databases, jobs = 1 }: SoakRuns,
  pool: ProviderPool,
  say: (line: string) => void,
): Promise<RunSummary> {
  const queue = levels.flatMap((level) => Array.from({ length: runs }, (_, index) => ({ level, seed: seed + index })));
  const failed: number[] = [];
  const takeNext = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const beganMs = Date.now();
      const { broken, requests, faults, kills, rivals } = await soak({ ...next, databases, pool }).catch(cannotRun);
      const took = `${((Date.now() - beganMs) / 1000).toFixed(0)} s`;
      const met = `${databases} databases, ${requests} requests, ${faults} faults, ${kills} kills, ${rivals} rivals`;
      say(`${broken.length === 0 ? "ok  " : "FAIL"} seed ${next.seed} soak ${next.level}: ${met} (${took})`);
      if (broken.length === 0) continue;
      failed.push(next.seed);
      for (const each of broken.slice(0, MOST_SHOWN)) say(`     ${each}`);
      if (broken.length > MOST_SHOWN) say(`     and ${broken.length - MOST_SHOWN} more`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, takeNext));
  const seeds = [...new Set(failed)].sort((one, other) => one - other);
  return { runs: runs * levels.length, failed: failed.length, seeds };
}

/** What a soak itself fails with is told as its failure: the others go on. */
const cannotRun = (error: unknown): SoakResult => ({
  broken: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
  ...{ requests: 0, faults: 0, kills: 0, rivals: 0 },
});
