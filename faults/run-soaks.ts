import type { ProviderPool } from "./provider-pool";
import type { RunSummary } from "./run-cases";
import { type Level, soak } from "./soak";

/** A failure names so many broken promises; the rest are counted. */
const MOST_SHOWN = 5;

/** `runs` soaks at each level, each level with the same seeds. */
export async function runSoaks(
  { seed, runs = 1, levels, databases }: { seed: number; runs?: number; levels: readonly Level[]; databases: number },
  pool: ProviderPool,
  say: (line: string) => void,
): Promise<RunSummary> {
  const failed = new Set<number>();
  let failures = 0;
  for (const level of levels) {
    for (let own = seed; own < seed + runs; own += 1) {
      const beganMs = Date.now();
      const { broken, requests, faults, kills, rivals } = await soak({ seed: own, level, databases, pool });
      const took = `${((Date.now() - beganMs) / 1000).toFixed(0)} s`;
      const met = `${databases} databases, ${requests} requests, ${faults} faults, ${kills} kills, ${rivals} rivals`;
      say(`${broken.length === 0 ? "ok  " : "FAIL"} seed ${own} soak ${level}: ${met} (${took})`);
      if (broken.length === 0) continue;
      failures += 1;
      failed.add(own);
      for (const each of broken.slice(0, MOST_SHOWN)) say(`     ${each}`);
      if (broken.length > MOST_SHOWN) say(`     and ${broken.length - MOST_SHOWN} more`);
    }
  }
  return { runs: runs * levels.length, failed: failures, seeds: [...failed] };
}
