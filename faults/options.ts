import { parseArgs } from "node:util";
import { RESOURCE_HOSTS, type ResourceHost } from "../testing/resource-host";
import { FAMILIES } from "./fault-case";
import { LEVELS, type Level } from "./soak-levels";

export const USAGE = `usage: npm run faults -- [--seed N] [--runs N] [--family F1 …] [--host H] [--jobs N] [--list] [--json]
       npm run faults -- --soak [--level light|medium|heavy …] [--databases N] [--jobs N] [--seed N] [--runs N] [--json]

  --seed N       seed of the first run; each further run takes the next number (default 1)
  --runs N       number of cases to run (default: all cases, once each), or of soaks at each level (default 1)
  --family F     runs only the cases of this family; repeatable. A seed replays only with the same families
  --host H       dynamic or native: what serves the resources of the cases (default dynamic)
  --list         lists the cases without running them
  --soak         migrates many databases at once under mixed faults (F15)
  --level L      fault rates of the soak; repeatable (default: all three)
  --databases N  number of databases in each soak (default 200)
  --jobs N       number of cases or soaks that run in parallel (default 1)
  --json         prints {"runs","failed","seeds"} as the last line; seeds are those of failed runs
`;

/** The parsed command line. */
export type Options =
  | { kind: "help" }
  | { kind: "list"; families?: readonly string[] }
  | {
      kind: "cases";
      seed: number;
      runs?: number;
      families?: readonly string[];
      host: ResourceHost;
      jobs: number;
      json: boolean;
    }
  | {
      kind: "soak";
      seed: number;
      runs?: number;
      levels: readonly Level[];
      databases: number;
      jobs: number;
      json: boolean;
    };

/** @throws Error with the option and its valid values */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: "string", default: "1" },
      runs: { type: "string" },
      family: { type: "string", multiple: true },
      host: { type: "string" },
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
  for (const [name, given] of Object.entries({ level, databases: values.databases }))
    if (given !== undefined && !soak) throw new Error(`--${name} requires --soak`);
  const jobCount = wholeNumber("jobs", jobs, 1);
  if (soak) {
    if (family !== undefined || values.host !== undefined || values.list)
      throw new Error("--family, --host and --list cannot be combined with --soak");
    const levels = chosen("level", Object.keys(LEVELS) as Level[], level); // the keys of a literal
    return {
      ...{ kind: "soak", seed, runs, levels, json },
      ...{ databases: wholeNumber("databases", databases, 1), jobs: jobCount },
    };
  }
  const families = family && chosen("family", FAMILIES, family);
  if (values.list) return { kind: "list", families };
  const [host = "dynamic"] = chosen("host", RESOURCE_HOSTS, [values.host ?? "dynamic"]);
  return { kind: "cases", seed, runs, families, host, jobs: jobCount, json };
}

/** The selected values in the order of `known`; all of them when none is selected. */
function chosen<T extends string>(option: string, known: readonly T[], selected: readonly string[] | undefined): T[] {
  const unknown = selected?.find((each) => !known.some((one) => one === each));
  if (unknown !== undefined) throw new Error(`--${option} must be one of ${known.join(", ")}, not "${unknown}"`);
  return known.filter((each) => selected?.includes(each) ?? true);
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN; // "" and "0x10" are numbers to JavaScript
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`--${option} must be a whole number of at least ${least}, not "${text}"`);
  return value;
}
