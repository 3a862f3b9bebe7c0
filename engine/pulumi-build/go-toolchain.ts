import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";

/**
 * The version of the installed Go, such as `1.26.8`; undefined when `go` is missing. Runs outside the module: inside, an older Go
 * fails or downloads a newer toolchain.
 */
export function installedGo(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { status, stdout } = spawnSync("go", ["env", "GOVERSION"], { cwd: tmpdir(), env, encoding: "utf8" });
  return status === 0 ? parseGoVersion(stdout) : undefined;
}

/** `go1.26.8` or `go1.26.8 X:experiment` → `1.26.8`; undefined for a development build (`devel …`). */
export const parseGoVersion = (text: string): string | undefined => /^go(\d+(?:\.\d+)*)/.exec(text.trim())?.[1];

/** Compares release versions number by number; a missing number counts as 0. */
export function isAtLeast(version: string, minimum: string): boolean {
  const left = version.split(".").map(Number);
  const right = minimum.split(".").map(Number);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
