import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";

const FOLDER = path.join(__dirname, "..", "..", ".venv");
const PYTHON = path.join(FOLDER, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
const STAMP = path.join(FOLDER, "requirements.sha256");
const REQUIREMENTS = path.join(__dirname, "requirements.txt");
const OPTIONAL_REQUIREMENTS = path.join(__dirname, "requirements-optional.txt");
/** Timeout of the first installation from a slow registry. */
const INSTALL_MS = 300_000;

export type PythonEnvironment = { python: string; hasOptional: boolean } | { missing: string };

/**
 * Prepares the Python environment of the checkout with the pinned SDKs. It is created once, and again when the pins change. The
 * function is synchronous, because jest decides about skips while it collects the tests.
 *
 * @returns the reason when Python or the registry is missing
 */
export function preparePython(): PythonEnvironment {
  const hash = [REQUIREMENTS, OPTIONAL_REQUIREMENTS]
    .reduce((sum, file) => sum.update(readFileSync(file)), createHash("sha256"))
    .digest("hex");
  const [known, optional] = existsSync(STAMP) ? readFileSync(STAMP, "utf8").split(" ") : [];
  if (known === hash) return { python: PYTHON, hasOptional: optional === "optional" };
  try {
    run("python3", ["-m", "venv", FOLDER]);
    install(REQUIREMENTS);
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
  let hasOptional = true;
  try {
    install(OPTIONAL_REQUIREMENTS);
  } catch {
    hasOptional = false; // oss2 is built from source, which needs a C compiler
  }
  writeFileSync(STAMP, `${hash} ${hasOptional ? "optional" : "-"}`);
  return { python: PYTHON, hasOptional };
}

function install(requirements: string): void {
  run(PYTHON, ["-m", "pip", "install", "--quiet", "--retries", "1", "-r", requirements]);
}

function run(command: string, args: string[]): void {
  execFileSync(command, args, { timeout: INSTALL_MS, stdio: ["ignore", "ignore", "pipe"] });
}
