import { spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { compiledFile, REPOSITORY } from "../repository";
import { builtCli } from "./build-directory";
import { writeCompanions } from "./companions";
import { GO_MODULE, pinnedVersions } from "./go-module";
import { installedGo, isAtLeast } from "./go-toolchain";

const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

export interface BuildResult {
  /** `unavailable`: a requirement is missing, so no build was tried. */
  outcome: "built" | "unavailable" | "failed";
  /** One line for the user. */
  message: string;
}

export interface BuildOptions {
  /** Ends the build after this time. @default no limit */
  limitMs?: number;
  /** Gets the output of `go build`. */
  onOutput?: (text: string) => void;
  env?: NodeJS.ProcessEnv;
  /** Root of the repository whose `.work` gets the build. */
  repository?: string;
}

/** Builds the Pulumi CLI from its Go module, unless it is already built. Never throws for a missing or failing Go. */
export async function buildCli(options: BuildOptions = {}): Promise<BuildResult> {
  const { env = process.env, repository = REPOSITORY } = options;
  const { version, directory, executable } = builtCli(repository);
  mkdirSync(directory, { recursive: true });
  writeCompanions(directory, compiledFile("engine/language-host/main.js"));
  if (existsSync(executable)) {
    return { outcome: "built", message: `Pulumi CLI ${version} is already built: ${executable}` };
  }
  const obstacle = obstacleToBuild(env);
  if (obstacle) return { outcome: "unavailable", message: `Pulumi CLI not built: ${obstacle}.` };
  options.onOutput?.(`Building Pulumi CLI ${version}; the first time this takes 2 to 10 minutes …\n`);
  const began = Date.now();
  // An interrupted build leaves no file under the final name.
  const unfinished = `${executable}.${process.pid}`;
  const failure = await goBuild(["-ldflags", `-X ${VERSION_VARIABLE}=${version}`, "-o", unfinished, PACKAGE], {
    ...options,
    env,
  });
  if (failure) {
    rmSync(unfinished, { force: true });
    return { outcome: "failed", message: `Pulumi CLI not built: ${failure}` };
  }
  renameSync(unfinished, executable);
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  return { outcome: "built", message: `Pulumi CLI ${version} built in ${seconds} s: ${executable}` };
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
  args: readonly string[],
  { env, limitMs, onOutput }: BuildOptions & { env: NodeJS.ProcessEnv },
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn("go", ["build", ...args], {
      cwd: GO_MODULE,
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
