import { chmodSync, copyFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { compiledFile } from "../repository";
import { builtCli } from "./build-directory";
import { writeCompanions, writeYamlHost } from "./companions";
import { type BuildOptions, type BuildResult, buildProgram } from "./go-build";
import { GO_MODULE, moduleDirectory, pinnedYamlHost, YAML_MODULE } from "./go-module";

/** The results of both builds. */
export interface EngineBuild {
  cli: BuildResult;
  /** The language host of YAML programs. */
  yamlHost: BuildResult;
}

/**
 * Builds the Pulumi CLI and the YAML language host from their Go modules, unless they are already built, and writes the language
 * hosts and plugins beside them. Never throws for a missing or failing Go.
 * @param options `repository`: root of the repository whose `.work` gets the build
 */
export async function buildEngine(options: BuildOptions & { repository?: string } = {}): Promise<EngineBuild> {
  const { version, directory, executable } = builtCli(options.repository);
  mkdirSync(directory, { recursive: true });
  writeCompanions(directory, {
    languageHost: compiledFile("engine/language-host/main.js"),
    plugin: compiledFile("plugin/main.js"),
  });
  const cli = await buildProgram(
    {
      title: "Pulumi CLI",
      version,
      module: GO_MODULE,
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      versionVariable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
      executable,
    },
    options,
  );
  if (cli.outcome === "built") copyPythonExecutor(directory, options.env);
  const yamlVersion = pinnedYamlHost();
  // The version is in the file's name: another version is another build.
  const yamlExecutable = join(dirname(directory), `pulumi-language-yaml-${yamlVersion}`);
  const yamlHost = await buildProgram(
    {
      title: "YAML language host",
      version: yamlVersion,
      module: YAML_MODULE,
      package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
      versionVariable: "github.com/pulumi/pulumi-yaml/pkg/version.Version",
      executable: yamlExecutable,
    },
    options,
  );
  if (yamlHost.outcome === "built") writeYamlHost(directory, yamlExecutable);
  return { cli, yamlHost };
}

const PYTHON_EXECUTOR = "pulumi-language-python-exec";

/** Copies the program that runs Python programs from the SDK's Go module, which the build of the CLI downloads. */
function copyPythonExecutor(directory: string, env?: NodeJS.ProcessEnv): void {
  const copy = join(directory, PYTHON_EXECUTOR);
  if (existsSync(copy)) return;
  const sdk = moduleDirectory("github.com/pulumi/pulumi/sdk/v3", env);
  if (sdk === undefined) return;
  copyFileSync(join(sdk, "python", "cmd", PYTHON_EXECUTOR), copy);
  chmodSync(copy, 0o644);
}
