#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isMigrationError, migrationError } from "../errors/migration-error";
import type { Baseline } from "../source/baseline";
import { readBaselineFile } from "../source/baseline-file";
import { baselineFindings } from "../source/baseline-findings";
import { compareBaselines } from "../source/compare-baselines";
import { comparisonReport, printable } from "../source/comparison-report";
import { type ScriptParameters, withParameters } from "../source/script-parameters";

const USAGE = `Usage: sqlserver-source compare BEFORE.json AFTER.json [--rename OLD=NEW]… [--strict] [--json]
       sqlserver-source check BASELINE.json [--engine-version VERSION] [--json]
       sqlserver-source script backup|baseline|verify|logins [--database NAME]… [backup's options]

compare   what differs between the source before (sql/baseline.sql) and the destination after (sql/verify.sql)
  --rename OLD=NEW  the database OLD is called NEW on the destination
  --strict          what is left to do counts as a difference
check     what a migration of these databases fails on, or leaves behind
  --engine-version  of the destination, as RDS spells it: 2019_std_ha
script    prints a script with its parameters filled in, to be run on the source (or, verify, on the destination)
  --database NAME   any number of times; without it all databases
  backup also takes --folder FOLDER --type FULL|DIFF|LOG --run --copy-only --verify --no-compression

Exit status: 0, or 1 if something differs (compare) or stands in the way (check) or a file cannot be read, 2 for a mistake
in the arguments.`;

const OPTIONS = {
  rename: { type: "string", multiple: true, default: [] as string[] },
  strict: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
  "engine-version": { type: "string" },
  database: { type: "string", multiple: true, default: [] as string[] },
  folder: { type: "string" },
  type: { type: "string" },
  run: { type: "boolean", default: false },
  "copy-only": { type: "boolean", default: false },
  verify: { type: "boolean", default: false },
  "no-compression": { type: "boolean", default: false },
} as const;

const SCRIPTS: Readonly<Record<string, string>> = {
  backup: "backup-databases.sql",
  baseline: "baseline.sql",
  verify: "verify.sql",
  logins: "logins.sql",
};
/** The scripts' folder in the package, from the compiled command's place in `dist/provider/cli`. */
const SCRIPT_FOLDER = join(__dirname, "..", "..", "..", "sql");

const MISUSE = 2;
const DIFFERENT = 1;

/** What the command has of its surroundings. */
export interface Console {
  /** Prints to stdout; a line end is added. */
  out(text: string): void;
  err(text: string): void;
  /** Where the scripts lie; default: the package's own. */
  scripts?: string;
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>["values"];

/** Runs the command and gives back its exit status. */
export async function main(args: readonly string[], console: Console): Promise<number> {
  const misuse = (why: string): number => {
    console.err(`${why === "" ? "" : `sqlserver-source: ${why}\n\n`}${USAGE}`);
    return MISUSE;
  };
  let command: { values: Values; positionals: string[] };
  try {
    command = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return misuse(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = command;
  if (values.help) {
    console.out(USAGE);
    return 0;
  }
  const [verb, first, second, ...rest] = positionals;
  try {
    if (verb === "compare" && first !== undefined && second !== undefined && rest.length === 0)
      return await compare(first, second, values, console);
    if (verb === "check" && first !== undefined && second === undefined) return await check(first, values, console);
    if (verb === "script" && first !== undefined && SCRIPTS[first] !== undefined && second === undefined)
      return await script(first, SCRIPTS[first], values, console);
  } catch (error) {
    if (error instanceof Misuse) return misuse(error.message);
    console.err(
      `sqlserver-source: ${isMigrationError(error) || error instanceof Error ? error.message : String(error)}`,
    );
    return DIFFERENT;
  }
  return misuse("");
}

/** A mistake in the arguments. */
class Misuse extends Error {}

async function compare(before: string, after: string, values: Values, { out }: Console): Promise<number> {
  const old = await readFrom(before);
  const now = await readFrom(after);
  const differences = compareBaselines(old, now, { renamed: renamedOf(values.rename, old) });
  const names = old.databases.map(({ name }) => name);
  out(values.json ? JSON.stringify(differences, null, 2) : comparisonReport(names, differences));
  const matters = differences.some(({ kind }) => kind === "differs" || (values.strict && kind === "todo"));
  // A comparison of nothing is no proof that nothing was lost.
  return matters || names.length === 0 ? DIFFERENT : 0;
}

function renamedOf(pairs: readonly string[], { databases }: Baseline): Map<string, string> {
  return new Map(
    pairs.map((pair): [string, string] => {
      // A name may hold an equals sign: the longest known name before one is meant.
      const known = databases.map(({ name }) => name).filter((name) => pair.startsWith(`${name}=`));
      const old = known.sort((a, b) => b.length - a.length)[0];
      if (old === undefined) throw new Misuse(`--rename ${pair}: no database of the first file stands before the =`);
      return [old, pair.slice(old.length + 1)];
    }),
  );
}

async function check(file: string, values: Values, { out }: Console): Promise<number> {
  const findings = baselineFindings(await readFrom(file), { engineVersion: values["engine-version"] });
  if (values.json) out(JSON.stringify(findings, null, 2));
  else for (const { severity, message } of findings) out(printable(`${severity}: ${message}`));
  return findings.some(({ severity }) => severity === "error") ? DIFFERENT : 0;
}

async function script(name: string, file: string, values: Values, { out, scripts }: Console): Promise<number> {
  const text = await readFile(join(scripts ?? SCRIPT_FOLDER, file), "utf8");
  out(withParameters(text, parametersOf(name, values)).trimEnd());
  return 0;
}

function parametersOf(name: string, values: Values): ScriptParameters {
  if (name === "logins") return {};
  if (name !== "backup") return { databases_list: values.database };
  const type = (values.type ?? "FULL").toUpperCase();
  if (!["FULL", "DIFF", "LOG"].includes(type)) throw new Misuse("--type is FULL, DIFF or LOG");
  if (values.folder === undefined) throw new Misuse("--folder is missing: a folder as the server sees it");
  return {
    backup_databases_list: values.database,
    backup_type: type,
    backup_folder: values.folder,
    is_run: values.run,
    copy_only: values["copy-only"],
    verify: values.verify,
    compression: !values["no-compression"],
  };
}

async function readFrom(file: string): Promise<Baseline> {
  const baseline = await readBaselineFile(file);
  if (baseline === undefined) throw migrationError("BASELINE_MISSING", { file });
  return baseline;
}

if (require.main === module) {
  main(process.argv.slice(2), {
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
  }).then((status) => {
    process.exitCode = status;
  });
}
