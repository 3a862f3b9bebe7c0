import { parseArgs } from "node:util";
import { seededRandom } from "../emulator/faults/seeded-random";
import { allCases } from "./all-cases";
import { Arena } from "./arena";
import { type DrawnCase, drawCases } from "./draw-cases";
import { ProviderPool } from "./provider-pool";

const USAGE = `usage: npm run faults -- [--seed N] [--runs N] [--family F1 …] [--list] [--json]

  --seed N     the seed of the first run; each further run has the next one (default 1)
  --runs N     how many (default: as many as there are cases, which are then all met)
  --family F   only the cases of a family; may be given several times. Seeds replay with the same families
  --list       names the cases and runs none
  --json       ends with one line {"runs","failed","seeds"}; seeds are those of failed runs
`;

/** Runs one case by its seed. @returns what did not hold; undefined when all did */
async function runCase({ seed, fault }: DrawnCase, pool: ProviderPool): Promise<string | undefined> {
  const arena = new Arena(seededRandom(seed), pool);
  try {
    await fault.run(arena);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await arena.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      runs: { type: "string" },
      family: { type: "string", multiple: true },
      list: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const pool = new ProviderPool();
  try {
    const recording = new Arena(seededRandom(0), pool);
    const every = await allCases(recording).finally(() => recording.close());
    const cases = every.filter(({ family }) => values.family?.includes(family) ?? true);
    if (values.list) {
      for (const { family, name } of cases) console.log(`${family} ${name}`);
      return;
    }
    const runs = values.runs === undefined ? undefined : wholeNumber("runs", values.runs);
    const drawn = drawCases(cases, wholeNumber("seed", values.seed), runs);
    const failed: number[] = [];
    for (const each of drawn) {
      const beganMs = Date.now();
      const fault = await runCase(each, pool);
      const took = `${((Date.now() - beganMs) / 1000).toFixed(1)} s`;
      console.log(
        `${fault === undefined ? "ok  " : "FAIL"} seed ${each.seed} ${each.fault.family} ${each.fault.name} (${took})`,
      );
      if (fault === undefined) continue;
      failed.push(each.seed);
      console.log(`     ${fault.replaceAll("\n", "\n     ")}`);
    }
    console.log(
      `${drawn.length - failed.length} of ${drawn.length} runs passed; seeds ${drawn[0]?.seed} to ${drawn.at(-1)?.seed}`,
    );
    if (values.json) console.log(JSON.stringify({ runs: drawn.length, failed: failed.length, seeds: failed }));
    process.exitCode = failed.length === 0 ? 0 : 1;
  } finally {
    await pool.close();
  }
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${option} must be a whole number, not "${text}"`);
  return value;
}

main().catch((error: unknown) => {
  process.stderr.write(`faults: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exit(2);
});
