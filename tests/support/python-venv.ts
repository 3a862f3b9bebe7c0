import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** In the folder that git, the linter and jest pass over. */
const WORK = join(__dirname, "..", "..", ".work");
/** The first installation, over a slow registry. */
const INSTALL_MS = 300_000;

/** A Python with what a requirements file names, or why there is none here. */
export type PythonVenv = { python: string } | { missing: string };

/** The venv of that name, made once and again when its requirements change. Synchronous, as jest collects tests so. */
export function prepareVenv(name: string, requirements: string): PythonVenv {
  const folder = join(WORK, `venv-${name}`);
  const python = join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const stamp = join(folder, "requirements.sha256");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return { python };
  try {
    mkdirSync(folder, { recursive: true });
    const quietly = { timeout: INSTALL_MS, stdio: ["ignore", "ignore", "pipe"] as ["ignore", "ignore", "pipe"] };
    execFileSync("python3", ["-m", "venv", folder], quietly);
    execFileSync(python, ["-m", "pip", "install", "--quiet", "--retries", "1", "-r", requirements], quietly);
    writeFileSync(stamp, wanted);
    return { python };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}
