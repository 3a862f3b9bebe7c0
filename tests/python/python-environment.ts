import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = path.join(__dirname, "..", "..");
const FOLDER = path.join(ROOT, ".venv");
const REQUIREMENTS = path.join(__dirname, "requirements.txt");
const OPTIONAL_REQUIREMENTS = path.join(__dirname, "requirements-optional.txt");
/** First installation over a slow registry. */
export const INSTALL_MS = 300_000;

export interface PythonEnvironment {
  python: string;
  /** Whether the optional packages could be installed too. */
  optional: boolean;
}

/**
 * The checkout's own Python environment with the pinned SDKs, made once and again when the pins change.
 *
 * @returns why not, where Python or the registry is missing
 */
export async function preparePython(): Promise<PythonEnvironment | { missing: string }> {
  const python = path.join(FOLDER, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const stamp = path.join(FOLDER, "requirements.sha256");
  const wanted = [REQUIREMENTS, OPTIONAL_REQUIREMENTS].reduce(
    (hash, file) => hash.update(readFileSync(file)),
    createHash("sha256"),
  );
  const hash = wanted.digest("hex");
  const [known, optional] = existsSync(stamp) ? readFileSync(stamp, "utf8").split(" ") : [];
  if (known === hash) return { python, optional: optional === "optional" };
  const install = (file: string) =>
    run(python, ["-m", "pip", "install", "--quiet", "-r", file], { timeout: INSTALL_MS });
  try {
    await run("python3", ["-m", "venv", FOLDER], { timeout: INSTALL_MS });
    await install(REQUIREMENTS);
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
  const all = await install(OPTIONAL_REQUIREMENTS).then(
    () => true,
    () => false,
  );
  writeFileSync(stamp, `${hash} ${all ? "optional" : "-"}`);
  return { python, optional: all };
}
