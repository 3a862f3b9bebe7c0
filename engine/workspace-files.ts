import { join } from "node:path";
import type { Workspace } from "./engine";
import { fullKey, readProject } from "./stand-in/project";
import { readStackConfig, writeStackConfig } from "./stand-in/stack-config";

/** Both engines keep a workspace's secrets under this passphrase. */
export const PASSPHRASE = "";

/**
 * Writes the workspace's configuration into a file of its own: what `Pulumi.<stack>.yaml` of the project says, and the
 * workspace's values over it. The project's folder is left as it is.
 */
export function writeConfigFile(workspace: Workspace, path: string): void {
  const project = readProject(workspace.projectDir);
  const own = readStackConfig(join(project.rootDirectory, `Pulumi.${workspace.stack}.yaml`), project.name, PASSPHRASE);
  const keyed = (values: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [fullKey(project.name, key), value]));
  const plain = { ...own.plain, ...keyed(workspace.config) };
  const secret = { ...own.secret, ...keyed(workspace.secrets) };
  for (const key of Object.keys(secret)) delete plain[key];
  writeStackConfig(path, { plain, secret }, PASSPHRASE);
}
