import type { Engine } from "./engine";
import { findCli } from "./find-cli";
import { pulumiCli } from "./pulumi-cli";
import { compiledFile } from "./repository";
import { standInEngine } from "./stand-in-engine";

/** The available engines in order of preference: the `pulumi` command, then the stand-in, which exists once the package is built. */
export function findEngines(env: NodeJS.ProcessEnv = process.env): Engine[] {
  const cli = findCli(env);
  return [...(cli ? [pulumiCli(cli.executable, cli.version)] : []), standInEngine(compiledFile("engine/main.js"))];
}
