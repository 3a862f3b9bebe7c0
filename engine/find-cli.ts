import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { builtCli } from "./pulumi-build/build-directory";
import { REPOSITORY } from "./repository";

export interface FoundCli {
  executable: string;
  /** Such as `v3.248.0`. */
  version: string;
  origin: "installed" | "npm package" | "built here";
}

/**
 * The `pulumi` command: from the PATH, else the npm package `pulumi` in `node_modules`, else the newest in `~/.pulumi/versions`
 * (`PULUMI_HOME` replaces `~/.pulumi`), else the build of `npm run engine`.
 */
export function findCli(env: NodeJS.ProcessEnv = process.env, repository: string = REPOSITORY): FoundCli | undefined {
  const fromPath = (env.PATH ?? "").split(delimiter).filter(Boolean);
  for (const directory of [...fromPath, join(repository, "node_modules", ".bin"), ...versionDirectories(env)]) {
    const found = tryCli(join(directory, "pulumi"), env);
    if (found) return found;
  }
  const built = builtCli(repository);
  return existsSync(built.executable)
    ? { executable: built.executable, version: built.version, origin: "built here" }
    : undefined;
}

/** Undefined when the executable is missing or does not run. */
function tryCli(executable: string, env: NodeJS.ProcessEnv): FoundCli | undefined {
  if (!existsSync(executable)) return undefined;
  // `bin` in the package.json of the npm package.
  const isLauncher = basename(realpathSync(executable)) === "run.js";
  const { status, stdout } = spawnSync(executable, ["version"], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "1" },
    encoding: "utf8",
    // The launcher downloads the command at its first use and reports that on stderr.
    stdio: ["ignore", "pipe", isLauncher ? "inherit" : "ignore"],
    timeout: DOWNLOAD_LIMIT_MS,
  });
  if (status !== 0) return undefined;
  // The installation script prints to stdout too.
  const version = stdout.trim().split("\n").at(-1) ?? "";
  if (!isLauncher) return { executable, version, origin: "installed" };
  const downloaded = join(pulumiHome(env), "versions", version.replace(/^v/, ""), "bin", "pulumi");
  // Signals must reach the command itself: the launcher does not pass them on.
  return { executable: existsSync(downloaded) ? downloaded : executable, version, origin: "npm package" };
}

/** Maximum time for the first use of the npm package, which downloads about 100 MB. */
const DOWNLOAD_LIMIT_MS = 300_000;

const pulumiHome = (env: NodeJS.ProcessEnv): string => env.PULUMI_HOME ?? join(homedir(), ".pulumi");

function versionDirectories(env: NodeJS.ProcessEnv): string[] {
  const versions = join(pulumiHome(env), "versions");
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .sort(newestFirst)
    .map((name) => join(versions, name, "bin"));
}

const newestFirst = (left: string, right: string): number => right.localeCompare(left, "en", { numeric: true });
