import { createRequire } from "node:module";
import { join } from "node:path";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { configVariables, type Language, type Launch, programDirectory } from "./launch";
import { programDependencies } from "./program-dependencies";

/** Programs in JavaScript and TypeScript. */
export const nodejs: Language = {
  launch: launchNode,
  interpreter: () => ({ executable: process.execPath, version: process.version }),
  dependencies: programDependencies,
};

/**
 * The command that runs a program with the SDK's launcher, which compiles TypeScript.
 * @see https://github.com/pulumi/pulumi `sdk/nodejs/cmd/pulumi-language-nodejs/main.go`
 */
function launchNode(request: RunRequest, engineAddress: string, env: NodeJS.ProcessEnv): Launch {
  const info = request.getInfo();
  const directory = programDirectory(request);
  const options = runtimeOptions(info?.getOptions()?.toJavaScript());
  const flags: Record<string, string> = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info?.getRootDirectory() || directory,
    stack: request.getStack(),
    pwd: directory,
    parallel: String(request.getParallel()),
  };
  return {
    file: process.execPath,
    args: [
      ...options.nodeArguments,
      launcher(directory, "run"),
      ...Object.entries(flags).flatMap(([flag, value]) => (value === "" ? [] : [`--${flag}`, value])),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      info?.getEntryPoint() || request.getProgram() || ".",
      ...request.getArgsList(),
    ],
    cwd: directory,
    env: { ...env, ...configVariables(request), PULUMI_NODEJS_TYPESCRIPT: String(options.typescript) },
  };
}

/** Path of one of the SDK's launchers, from the program's own node_modules. @throws Error when the SDK is not installed there */
export const launcher = (directory: string, name: "run" | "run-plugin" | "run-policy-pack"): string =>
  createRequire(join(directory, "_")).resolve(`@pulumi/pulumi/cmd/${name}`);

/** The options of `runtime` in Pulumi.yaml. */
function runtimeOptions(options: Record<string, unknown> = {}): { nodeArguments: string[]; typescript: boolean } {
  const { nodeargs, typescript } = options;
  return {
    nodeArguments: typeof nodeargs === "string" ? nodeargs.split(/\s+/).filter(Boolean) : [],
    typescript: typescript !== false,
  };
}
