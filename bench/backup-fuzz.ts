import { parseArgs } from "node:util";
import { seededRandom } from "../provider/forecast/random";
import { mutate, mutationSeeds, readMutated } from "./backup-mutations";

/** `npm run fuzz -- [--count 100000] [--seed n]`: reads mutated backups, which must neither crash the reader nor make it loop. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "100000" },
      seed: { type: "string", default: String(Date.now() % 1e9) },
    },
  });
  const count = Number(values.count);
  const seed = Number(values.seed);
  const random = seededRandom(seed);
  const originals = mutationSeeds();
  const startMs = performance.now();
  let slowestMs = 0;
  for (let index = 0; index < count; index += 1) {
    const original = originals[index % originals.length];
    if (!original) continue;
    const bytes = mutate(original, random);
    const fromMs = performance.now();
    await readMutated(`mutation ${index} of seed ${seed}`, bytes);
    slowestMs = Math.max(slowestMs, performance.now() - fromMs);
  }
  const seconds = (performance.now() - startMs) / 1000;
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `${count} mutations, seed ${seed}: all read in ${seconds.toFixed(1)} s, slowest ${slowestMs.toFixed(0)} ms, peak memory ${peakMb} MB`,
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
