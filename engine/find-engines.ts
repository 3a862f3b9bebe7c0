import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { Engine } from "./engine";
import { builtCli } from "./pulumi-build/build-directory";
import { pulumiCli } from "./pulumi-cli";
import { compiledFile } from "./repository";
import { standInEngine } from "./stand-in-engine";

/** The available engines in order of preference: the `pulumi` command, then the stand-in, which exists once the package is built. */
export function findEngines(env: NodeJS.ProcessEnv = process.env): Engine[] {
  const cli = findCli(env);
  return [...(cli ? [pulumiCli(cli.executable, cli.version)] : []), standInEngine(compiledFile("engine/main.js"))];
}

/**
 * The `pulumi` command: from the PATH, or else the newest in `~/.pulumi/versions` (`PULUMI_HOME` replaces `~/.pulumi`), or else the
 * build of `npm run engine`.
 */
export function findCli(env: NodeJS.ProcessEnv = process.env): { executable: string; version: string } | undefined {
  const fromPath = (env.PATH ?? "").split(delimiter).filter(Boolean);
  for (const directory of [...fromPath, ...versionDirectories(env)]) {
    const executable = join(directory, "pulumi");
    const version = versionOf(executable, env);
    if (version !== undefined) return { executable, version };
  }
  const built = builtCli();
  return existsSync(built.executable) ? built : undefined;
}

function versionDirectories(env: NodeJS.ProcessEnv): string[] {
  const versions = join(env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "versions");
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .sort(newestFirst)
    .map((name) => join(versions, name, "bin"));
}

const newestFirst = (left: string, right: string): number => right.localeCompare(left, "en", { numeric: true });

/** Undefined when the executable is missing or does not run. */
function versionOf(executable: string, env: NodeJS.ProcessEnv): string | undefined {
  if (!existsSync(executable)) return undefined;
  const { status, stdout } = spawnSync(executable, ["version"], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "1" },
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}
