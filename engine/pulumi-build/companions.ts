import { chmodSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * Writes the two executables that the Pulumi CLI starts for Node.js programs. They must be in the directory of `pulumi`: the CLI
 * warns about plugins that it finds elsewhere on the PATH.
 */
export function writeCompanions(directory: string, languageHost: string): void {
  write(join(directory, "pulumi-language-nodejs"), languageHostScript(relative(directory, languageHost)));
  write(join(directory, "pulumi-resource-pulumi-nodejs"), DYNAMIC_PROVIDER_SCRIPT);
}

function write(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** Runs the compiled language host of this repository. The path is relative, so that the repository can be moved. */
const languageHostScript = (languageHost: string): string => `#!/bin/sh
exec node "$(dirname "$0")/${languageHost}" "$@"
`;

/**
 * Runs the SDK's host of dynamic resources, from the program's own node_modules: the CLI starts it in the program's directory.
 * @see https://github.com/pulumi/pulumi `sdk/nodejs/dist/pulumi-resource-pulumi-nodejs`
 */
const DYNAMIC_PROVIDER_SCRIPT = `#!/bin/sh
main=$(node -p "require.resolve('@pulumi/pulumi/cmd/dynamic-provider')") || exit 1
exec node "$main" "$@"
`;
