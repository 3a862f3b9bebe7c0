import { chmodSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Compiled programs of this repository. */
export interface CompiledPrograms {
  languageHost: string;
  plugin: string;
}

/**
 * Writes the executables that the Pulumi CLI starts for programs in Node.js and Python and for this package's native resources.
 * They must be in the directory of `pulumi`: the CLI warns about plugins that it finds elsewhere on the PATH.
 */
export function writeCompanions(directory: string, { languageHost, plugin }: CompiledPrograms): void {
  const host = `exec node "$here/${relative(directory, languageHost)}"`;
  writeScript(directory, "pulumi-language-nodejs", `${host} "$@"`);
  writeScript(
    directory,
    "pulumi-language-python",
    `${host} --python-executor="$here/pulumi-language-python-exec" "$@"`,
  );
  writeScript(directory, "pulumi-resource-pulumi-nodejs", DYNAMIC_PROVIDER);
  writeScript(
    directory,
    "pulumi-resource-sqlserver-migration",
    `exec node "$here/${relative(directory, plugin)}" "$@"`,
  );
}

/** Writes the script that starts the YAML language host. */
export function writeYamlHost(directory: string, executable: string): void {
  writeScript(directory, "pulumi-language-yaml", `exec "$here/${relative(directory, executable)}" "$@"`);
}

/** Paths are relative to the script's directory, `$here`, so that the repository can be moved. */
function writeScript(directory: string, name: string, command: string): void {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\nhere=$(dirname "$0")\n${command}\n`);
  chmodSync(path, 0o755);
}

/**
 * Runs the SDK's host of dynamic resources, from the program's own node_modules: the CLI starts it in the program's directory.
 * @see https://github.com/pulumi/pulumi `sdk/nodejs/dist/pulumi-resource-pulumi-nodejs`
 */
const DYNAMIC_PROVIDER = `main=$(node -p "require.resolve('@pulumi/pulumi/cmd/dynamic-provider')") || exit 1
exec node "$main" "$@"`;
