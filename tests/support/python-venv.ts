import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A folder that git, the linter and jest ignore. */
const WORK = join(__dirname, "..", "..", ".work");
/** Timeout of the first installation from a slow registry. */
const INSTALL_MS = 300_000;
const LOCK_POLL_MS = 200;

/** A Python with the packages of a requirements file, or the reason why it is unavailable. */
export type PythonVenv = { python: string } | { missing: string };

/**
 * Creates the venv of this name once, and again when its requirements change. Synchronous, because jest collects tests synchronously.
 * @param options further options of `pip install`
 */
export function prepareVenv(name: string, requirements: string, options: readonly string[] = []): PythonVenv {
  const folder = join(WORK, `venv-${name}`);
  const python = join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const stamp = join(folder, "requirements.sha256");
  const requirementsHash = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  const isPrepared = (): boolean => existsSync(stamp) && readFileSync(stamp, "utf8") === requirementsHash;
  if (isPrepared()) return { python };
  const unlock = lock(`${folder}.lock`);
  try {
    if (isPrepared()) return { python };
    mkdirSync(folder, { recursive: true });
    const quietly = { timeout: INSTALL_MS, stdio: ["ignore", "ignore", "pipe"] as ["ignore", "ignore", "pipe"] };
    execFileSync("python3", ["-m", "venv", folder], quietly);
    execFileSync(
      python,
      ["-m", "pip", "install", "--quiet", "--retries", "1", ...options, "-r", requirements],
      quietly,
    );
    writeFileSync(stamp, requirementsHash);
    return { python };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // Of pip's reply the line with the reason.
    return { missing: /^ERROR: (.+)$/m.exec(text)?.[1] ?? text };
  } finally {
    unlock();
  }
}

/** Waits while another process prepares the same venv. A folder that a killed process left is taken over after the timeout. */
function lock(path: string): () => void {
  const deadline = Date.now() + INSTALL_MS;
  mkdirSync(WORK, { recursive: true });
  while (!isCreated(path) && Date.now() < deadline) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS);
  }
  return () => rmSync(path, { recursive: true, force: true });
}

function isCreated(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch {
    return false;
  }
}
