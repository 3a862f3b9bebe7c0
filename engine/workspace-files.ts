import { join } from "node:path";
import type { Workspace } from "./engine";
import { fullKey, readProject } from "./stand-in/project";
import { readStackConfig, type StackConfig } from "./stand-in/stack-config";

/** The configuration of the workspace: the values of the project's `Pulumi.<stack>.yaml`, overridden by those of the workspace. */
export function configOf(workspace: Workspace): StackConfig {
  const project = readProject(workspace.projectDir);
  const own = readStackConfig(join(project.rootDirectory, `Pulumi.${workspace.stack}.yaml`), project.name);
  const keyed = (values: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [fullKey(project.name, key), value]));
  const plain = { ...own, ...keyed(workspace.config) };
  const secret = keyed(workspace.secrets);
  for (const key of Object.keys(secret)) delete plain[key];
  return { plain, secret };
}
