import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { installedGo, isAtLeast } from "../pulumi-build/go-toolchain";
import { REPOSITORY } from "../repository";

/** Directory of the Go module that generates the SDKs. */
export const GENERATOR_MODULE = join(REPOSITORY, "plugin", "sdk-generator");

/** The generator's executable, or the reason why it cannot be built here. */
export type Generator = { executable: string } | { missing: string };

const MODULE_FILES = ["go.mod", "go.sum", "main.go"];

/** Builds the generator once for each state of its module. @throws Error when it does not compile */
export function buildGenerator(): Generator {
  const hash = createHash("sha256");
  for (const name of MODULE_FILES) hash.update(readFileSync(join(GENERATOR_MODULE, name)));
  const folder = join(REPOSITORY, ".work", "sdk-generator");
  const executable = join(folder, hash.digest("hex").slice(0, 16));
  if (existsSync(executable)) return { executable };
  const minimum = /^go (\S+)/m.exec(readFileSync(join(GENERATOR_MODULE, "go.mod"), "utf8"))?.[1] ?? "";
  const installed = installedGo();
  if (installed === undefined || !isAtLeast(installed, minimum))
    return { missing: `Go ${minimum} or later is required` };
  mkdirSync(folder, { recursive: true });
  // An interrupted build leaves no file under the final name.
  const unfinished = `${executable}.${process.pid}`;
  const { status, stderr } = spawnSync("go", ["build", "-o", unfinished, "."], {
    cwd: GENERATOR_MODULE,
    encoding: "utf8",
  });
  if (/\b(reading|Get) "?https?:/.test(stderr))
    return { missing: "the Go modules of the generators cannot be downloaded" };
  if (status !== 0) throw new Error(stderr);
  renameSync(unfinished, executable);
  return { executable };
}
