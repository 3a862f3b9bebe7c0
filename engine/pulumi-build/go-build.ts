import { spawn } from "node:child_process";
import { existsSync, renameSync, rmSync } from "node:fs";
import { pinnedVersions } from "./go-module";
import { installedGo, isAtLeast } from "./go-toolchain";

/** A program of a Go module. */
export interface GoProgram {
  title: string;
  version: string;
  /** Directory of the Go module that pins the version. */
  module: string;
  package: string;
  /** The Go variable that gets the version. */
  versionVariable: string;
  /** The file to write. */
  executable: string;
}

export interface BuildResult {
  /** `unavailable`: a requirement is missing, so no build was tried. */
  outcome: "built" | "unavailable" | "failed";
  /** One line for the user. */
  message: string;
}

export interface BuildOptions {
  /** Ends the build of a program after this time. @default no limit */
  limitMs?: number;
  /** Gets the output of `go build`. */
  onOutput?: (text: string) => void;
  env?: NodeJS.ProcessEnv;
}

/** Builds a program, unless it is already built. Never throws for a missing or failing Go. */
export async function buildProgram(program: GoProgram, options: BuildOptions = {}): Promise<BuildResult> {
  const { env = process.env } = options;
  const { title, version, executable } = program;
  if (existsSync(executable)) {
    return { outcome: "built", message: `${title} ${version} is already built: ${executable}` };
  }
  const obstacle = obstacleToBuild(env);
  if (obstacle) return { outcome: "unavailable", message: `${title} not built: ${obstacle}.` };
  options.onOutput?.(`Building ${title} ${version}; the first time this takes 1 to 10 minutes …\n`);
  const began = Date.now();
  // An interrupted build leaves no file under the final name.
  const unfinished = `${executable}.${process.pid}`;
  const failure = await goBuild(program, unfinished, { ...options, env });
  if (failure) {
    rmSync(unfinished, { force: true });
    return { outcome: "failed", message: `${title} not built: ${failure}` };
  }
  renameSync(unfinished, executable);
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  return { outcome: "built", message: `${title} ${version} built in ${seconds} s: ${executable}` };
}

function obstacleToBuild(env: NodeJS.ProcessEnv): string | undefined {
  if (process.platform === "win32") return "the build supports Linux and macOS only";
  const minimum = pinnedVersions().go;
  const installed = installedGo(env);
  if (installed === undefined) return `Go is not installed (${minimum} or later is required)`;
  if (!isAtLeast(installed, minimum)) return `Go ${minimum} or later is required, ${installed} is installed`;
  return undefined;
}

/** Returns why the build failed; undefined after a success. */
function goBuild(
  program: GoProgram,
  output: string,
  { env, limitMs, onOutput }: BuildOptions & { env: NodeJS.ProcessEnv },
): Promise<string | undefined> {
  const version = `-X ${program.versionVariable}=${program.version}`;
  return new Promise((resolve) => {
    const child = spawn("go", ["build", "-ldflags", version, "-o", output, program.package], {
      cwd: program.module,
      env,
      stdio: ["ignore", "ignore", "pipe"],
      timeout: limitMs,
      killSignal: "SIGKILL",
    });
    let lastLine = "";
    child.stderr.on("data", (bytes: Buffer) => {
      const text = bytes.toString("utf8");
      lastLine = text.trim().split("\n").at(-1) ?? lastLine;
      onOutput?.(text);
    });
    child.once("error", (error) => resolve(`go build failed: ${error.message}`));
    // Compilers that outlive a killed `go` keep its pipe open, so "close" may come much later.
    child.once("exit", (_code, signal) => {
      if (signal !== null) resolve(`go build did not finish within ${Math.round((limitMs ?? 0) / 60_000)} minutes`);
    });
    child.once("close", (code) => resolve(code === 0 ? undefined : `go build exited with ${code}: ${lastLine}`));
  });
}
