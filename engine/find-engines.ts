import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { Engine } from "./engine";
import { builtCli } from "./pulumi-build/build-directory";
import { pulumiCli } from "./pulumi-cli";
import { compiledFile } from "./repository";
import { standInEngine } from "./stand-in-engine";

/**
 * The available engines in order of preference: `pulumi` from the PATH, or else the newest in `~/.pulumi/versions` (`PULUMI_HOME`
 * replaces `~/.pulumi`), or else the build of `npm run engine`; then the stand-in, which is available once the package is built.
 */
export function findEngines(env: NodeJS.ProcessEnv = process.env): Engine[] {
  const cli = installedCli(env) ?? ownBuild();
  return [...(cli ? [cli] : []), standInEngine(compiledFile("engine/main.js"))];
}

function installedCli(env: NodeJS.ProcessEnv): Engine | undefined {
  const fromPath = (env.PATH ?? "").split(delimiter).filter(Boolean);
  for (const directory of [...fromPath, ...versionDirectories(env)]) {
    const executable = join(directory, "pulumi");
    const version = versionOf(executable, env);
    if (version !== undefined) return pulumiCli(executable, version);
  }
  return undefined;
}

function ownBuild(): Engine | undefined {
  const { version, executable } = builtCli();
  return existsSync(executable) ? pulumiCli(executable, version) : undefined;
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
