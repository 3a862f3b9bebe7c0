import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import type { Engine } from "./engine";
import { pulumiCli } from "./pulumi-cli";
import { standInEngine } from "./stand-in-engine";

/** The path of the compiled stand-in, both from the sources and from `dist`. */
function compiledMain(): string {
  const compiled = basename(dirname(__dirname)) === "dist";
  return join(__dirname, "..", ...(compiled ? [] : ["dist"]), "engine", "main.js");
}

/**
 * The available engines in order of preference: `pulumi` from the PATH or else the newest in `~/.pulumi/versions` (`PULUMI_HOME`
 * replaces `~/.pulumi`), then the stand-in, which is available once the package is built.
 */
export function findEngines(env: NodeJS.ProcessEnv = process.env): Engine[] {
  const fromPath = (env.PATH ?? "").split(delimiter).filter(Boolean);
  const engines: Engine[] = [];
  for (const directory of [...fromPath, ...versionDirectories(env)]) {
    const executable = join(directory, "pulumi");
    const version = versionOf(executable, env);
    if (version === undefined) continue;
    engines.push(pulumiCli(executable, version));
    break;
  }
  return [...engines, standInEngine(compiledMain())];
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
