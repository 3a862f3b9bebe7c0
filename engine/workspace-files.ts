import { join } from "node:path";
import type { Workspace } from "./engine";
import { fullKey, readProject } from "./stand-in/project";
import { readStackConfig, writeStackConfig } from "./stand-in/stack-config";

/** The passphrase with which both engines encrypt the secrets of a workspace. */
export const PASSPHRASE = "";

/**
 * Writes the configuration of the workspace to a separate file: the values of the project's `Pulumi.<stack>.yaml`, overridden by
 * those of the workspace. The project folder stays unchanged.
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
