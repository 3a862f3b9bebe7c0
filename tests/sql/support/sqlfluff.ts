import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepareVenv } from "../../support/python-venv";
import { SQL_FOLDER } from "./scripts";

const PARSE_MS = 300_000;
/** Parse errors (PRS) are always reported. Naming one rule disables the others. */
const CHEAP_RULE = "layout.end_of_file";

export type Sqlfluff =
  | { parse(paths: readonly string[]): { status: number | null; text: string } }
  | { missing: string };

/** Prepares sqlfluff in its own environment, or returns the reason why it is unavailable. */
export function prepareSqlfluff(): Sqlfluff {
  const venv = prepareVenv("sql", join(__dirname, "..", "requirements.txt"));
  if ("missing" in venv) return venv;
  return { parse: (paths) => parse(venv.python, paths) };
}

/** Parses files and folders with the tsql dialect. Status 0 means that all are valid Transact-SQL. */
function parse(python: string, paths: readonly string[]): { status: number | null; text: string } {
  const config = ["--config", join(SQL_FOLDER, ".sqlfluff")];
  const { status, stdout, stderr } = spawnSync(
    python,
    ["-m", "sqlfluff", "lint", "--rules", CHEAP_RULE, "--nocolor", ...config, ...paths],
    { encoding: "utf8", timeout: PARSE_MS },
  );
  return { status, text: `${stdout}${stderr}` };
}
