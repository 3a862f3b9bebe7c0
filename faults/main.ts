import { parseArgs } from "node:util";
import { ProviderPool } from "./provider-pool";
import { listCases, runCases } from "./run-cases";
import { runSoaks } from "./run-soaks";
import { LEVELS } from "./soak";

const USAGE = `usage: npm run faults -- [--seed N] [--runs N] [--family F1 …] [--list] [--json]
       npm run faults -- --soak [--level light|medium|heavy …] [--databases N] [--jobs N] [--seed N] [--runs N] [--json]

  --seed N       the seed of the first run; each further run has the next one (default 1)
  --runs N       how many: of the cases (default: as many as there are, which are then all met), or of the soak at each
                 level (default 1)
  --family F     only the cases of a family; may be given several times. A seed replays with the same families
  --list         names the cases and runs none
  --soak         many databases at once, with faults of all kinds mixed (F15)
  --level L      how much goes wrong; may be given several times (default: all three)
  --databases N  how many (default 200)
  --jobs N       soaks at the same time (default 1)
  --json         ends with one line {"runs","failed","seeds"}; seeds are those of failed runs
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      runs: { type: "string" },
      family: { type: "string", multiple: true },
      list: { type: "boolean", default: false },
      soak: { type: "boolean", default: false },
      level: { type: "string", multiple: true },
      databases: { type: "string", default: "200" },
      jobs: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const pool = new ProviderPool();
  const seed = wholeNumber("seed", values.seed);
  const runs = values.runs === undefined ? undefined : wholeNumber("runs", values.runs);
  const say = (line: string) => console.log(line);
  try {
    if (values.list) {
      for (const { family, name } of await listCases(pool, values.family)) say(`${family} ${name}`);
      return;
    }
    const summary = values.soak
      ? await runSoaks(
          {
            ...{ seed, runs, levels: levelsOf(values.level) },
            databases: wholeNumber("databases", values.databases, 1),
            jobs: wholeNumber("jobs", values.jobs, 1),
          },
          pool,
          say,
        )
      : await runCases({ seed, runs, families: values.family }, pool, say);
    say(`${summary.runs - summary.failed} of ${summary.runs} runs passed`);
    if (values.json) say(JSON.stringify(summary));
    process.exitCode = summary.failed === 0 ? 0 : 1;
  } finally {
    await pool.close();
  }
}

function levelsOf(wanted: readonly string[] | undefined) {
  const known = Object.keys(LEVELS) as (keyof typeof LEVELS)[]; // the keys of a literal
  for (const level of wanted ?? []) {
    if (!known.some((each) => each === level))
      throw new Error(`--level must be one of ${known.join(", ")}, not "${level}"`);
  }
  return known.filter((level) => wanted?.includes(level) ?? true);
}

function wholeNumber(option: string, text: string, least = 0): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN; // "" and "0x10" are numbers to JavaScript
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`--${option} must be a whole number from ${least} on, not "${text}"`);
  return value;
}

main().catch((error: unknown) => {
  process.stderr.write(`faults: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exit(2);
});
