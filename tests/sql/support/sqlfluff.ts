import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SQL_FOLDER } from "./scripts";

const REQUIREMENTS = join(__dirname, "..", "requirements.txt");
/** In the folder that git, the linter and jest pass over. */
const ENVIRONMENT = join(__dirname, "..", "..", "..", ".work", "venv-sql");
const PYTHON = join(ENVIRONMENT, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
const STAMP = join(ENVIRONMENT, "requirements.sha256");
/** The first installation, over a slow registry. */
const INSTALL_MS = 300_000;
const PARSE_MS = 300_000;
/** What cannot be parsed is always reported (PRS); one rule has to be named, so that the others are not run. */
const CHEAP_RULE = "layout.end_of_file";

export type Sqlfluff =
  | { parse(paths: readonly string[]): { status: number | null; text: string } }
  | { missing: string };

/** sqlfluff in an environment of its own, made once and again when its pin changes; or why there is none. Synchronous, as jest collects tests so. */
export function prepareSqlfluff(): Sqlfluff {
  const wanted = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex");
  if (!existsSync(STAMP) || readFileSync(STAMP, "utf8") !== wanted) {
    try {
      mkdirSync(ENVIRONMENT, { recursive: true });
      const quietly = { timeout: INSTALL_MS, stdio: ["ignore", "ignore", "pipe"] as ["ignore", "ignore", "pipe"] };
      execFileSync("python3", ["-m", "venv", ENVIRONMENT], quietly);
      execFileSync(PYTHON, ["-m", "pip", "install", "--quiet", "--retries", "1", "-r", REQUIREMENTS], quietly);
      writeFileSync(STAMP, wanted);
    } catch (error) {
      return { missing: error instanceof Error ? error.message : String(error) };
    }
  }
  return { parse };
}

/** Parses files and folders by the tsql dialect. Status 0: all of it is Transact-SQL. */
function parse(paths: readonly string[]): { status: number | null; text: string } {
  const config = ["--config", join(SQL_FOLDER, ".sqlfluff")];
  const { status, stdout, stderr } = spawnSync(
    PYTHON,
    ["-m", "sqlfluff", "lint", "--rules", CHEAP_RULE, "--nocolor", ...config, ...paths],
    { encoding: "utf8", timeout: PARSE_MS },
  );
  return { status, text: `${stdout}${stderr}` };
}
