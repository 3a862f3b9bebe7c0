import { parseArgs } from "node:util";
import { FAMILIES } from "./fault-case";
import { LEVELS, type Level } from "./levels";

export const USAGE = `usage: npm run faults -- [--seed N] [--runs N] [--family F1 …] [--list] [--json]
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

/** What is asked for on the command line. */
export type Wanted =
  | { kind: "help" }
  | { kind: "list"; families?: readonly string[] }
  | { kind: "cases"; seed: number; runs?: number; families?: readonly string[]; json: boolean }
  | {
      kind: "soak";
      seed: number;
      runs?: number;
      levels: readonly Level[];
      databases: number;
      jobs: number;
      json: boolean;
    };

/** @throws Error that names the option and what it may be */
export function readOptions(args: string[]): Wanted {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: "string", default: "1" },
      runs: { type: "string" },
      family: { type: "string", multiple: true },
      list: { type: "boolean", default: false },
      soak: { type: "boolean", default: false },
      level: { type: "string", multiple: true },
      databases: { type: "string" },
      jobs: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return { kind: "help" };
  const { level, databases = "200", jobs = "1", family, soak, json } = values;
  const seed = wholeNumber("seed", values.seed, 0);
  const runs = values.runs === undefined ? undefined : wholeNumber("runs", values.runs, 1);
  for (const [name, given] of Object.entries({ level, databases: values.databases, jobs: values.jobs }))
    if (given !== undefined && !soak) throw new Error(`--${name} is for --soak`);
  if (soak) {
    if (family !== undefined || values.list) throw new Error("--family and --list are for the cases, not for --soak");
    const levels = chosen("level", Object.keys(LEVELS) as Level[], level); // the keys of a literal
    return {
      ...{ kind: "soak", seed, runs, levels, json },
      ...{ databases: wholeNumber("databases", databases, 1), jobs: wholeNumber("jobs", jobs, 1) },
    };
  }
  const families = family && chosen("family", FAMILIES, family);
  return values.list ? { kind: "list", families } : { kind: "cases", seed, runs, families, json };
}

/** Those of the known that are wanted; without a wish all. */
function chosen<T extends string>(option: string, known: readonly T[], wanted: readonly string[] | undefined): T[] {
  const unknown = wanted?.find((each) => !known.some((one) => one === each));
  if (unknown !== undefined) throw new Error(`--${option} must be one of ${known.join(", ")}, not "${unknown}"`);
  return known.filter((each) => wanted?.includes(each) ?? true);
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN; // "" and "0x10" are numbers to JavaScript
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`--${option} must be a whole number from ${least} on, not "${text}"`);
  return value;
}
