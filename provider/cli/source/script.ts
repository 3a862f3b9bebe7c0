import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ScriptParameters, withParameters } from "../../source/script-parameters";
import type { Console } from "../program/console";
import { EXIT, type ExitStatus } from "../program/exit-status";
import { packageFolder } from "../program/package-folder";

const FILES = {
  backup: "backup-databases.sql",
  baseline: "baseline.sql",
  verify: "verify.sql",
  logins: "logins.sql",
} as const;
export type ScriptName = keyof typeof FILES;

/** Prints a script of this package with its parameters filled in. */
export async function printScript(
  name: ScriptName,
  parameters: ScriptParameters,
  { out }: Console,
): Promise<ExitStatus> {
  const text = await readFile(join(packageFolder(), "sql", FILES[name]), "utf8");
  out(withParameters(text, parameters).trimEnd());
  return EXIT.ok;
}
