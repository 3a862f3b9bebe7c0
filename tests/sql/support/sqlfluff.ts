import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepareVenv } from "../../support/python-venv";
import { SQL_FOLDER } from "./scripts";

const PARSE_MS = 300_000;
/** What cannot be parsed is always reported (PRS); one rule has to be named, so that the others are not run. */
const CHEAP_RULE = "layout.end_of_file";

export type Sqlfluff =
  | { parse(paths: readonly string[]): { status: number | null; text: string } }
  | { missing: string };

/** sqlfluff in an environment of its own; or why there is none. */
export function prepareSqlfluff(): Sqlfluff {
  const venv = prepareVenv("sql", join(__dirname, "..", "requirements.txt"));
  if ("missing" in venv) return venv;
  return { parse: (paths) => parse(venv.python, paths) };
}

/** Parses files and folders by the tsql dialect. Status 0: all of it is Transact-SQL. */
function parse(python: string, paths: readonly string[]): { status: number | null; text: string } {
  const config = ["--config", join(SQL_FOLDER, ".sqlfluff")];
  const { status, stdout, stderr } = spawnSync(
    python,
    ["-m", "sqlfluff", "lint", "--rules", CHEAP_RULE, "--nocolor", ...config, ...paths],
    { encoding: "utf8", timeout: PARSE_MS },
  );
  return { status, text: `${stdout}${stderr}` };
}
