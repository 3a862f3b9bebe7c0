import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { configVariables, type Language, type Launch, programDirectory } from "./launch";

/**
 * Programs in Python, which `executor` runs: the file `pulumi-language-python-exec` of the SDK. It is not in the pip package
 * `pulumi`, which it imports.
 */
export const python = (executor: string): Language => ({
  launch: (request, engineAddress, env) => launchPython(executor, request, engineAddress, env),
  interpreter: () => ({
    executable: PYTHON,
    version: spawnSync(PYTHON, ["--version"], { encoding: "utf8" }).stdout?.trim() ?? "",
  }),
  dependencies: () => [],
});

/** The Python of a program without `virtualenv`. */
const PYTHON = "python3";

/** @see https://github.com/pulumi/pulumi `sdk/python/cmd/pulumi-language-python/main.go` */
function launchPython(executor: string, request: RunRequest, engineAddress: string, env: NodeJS.ProcessEnv): Launch {
  const info = request.getInfo();
  const directory = programDirectory(request);
  const root = info?.getRootDirectory() || directory;
  const { virtualenv } = info?.getOptions()?.toJavaScript() ?? {};
  const flags: Record<string, string> = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    root_directory: root,
    stack: request.getStack(),
    pwd: directory,
    parallel: String(request.getParallel()),
    dry_run: String(request.getDryrun()),
  };
  return {
    file: typeof virtualenv === "string" ? resolve(root, virtualenv, "bin", "python") : PYTHON,
    args: [
      // Rows reach the engine line by line, not at the end of the program.
      "-u",
      executor,
      ...Object.entries(flags).flatMap(([flag, value]) => (value === "" ? [] : [`--${flag}`, value])),
      info?.getEntryPoint() || request.getProgram() || ".",
      ...request.getArgsList(),
    ],
    cwd: directory,
    env: { ...env, ...configVariables(request) },
  };
}
