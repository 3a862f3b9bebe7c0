import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Name and installed version (or declared range) of each direct dependency, for `pulumi about`. Empty without a package.json. */
export function programDependencies(directory: string): { name: string; version: string }[] {
  const declared = readJson(join(directory, "package.json"));
  const dependencies = { ...declared?.dependencies, ...declared?.devDependencies };
  const load = createRequire(join(directory, "_"));
  return Object.entries(dependencies).map(([name, range]) => ({
    name,
    version: installedVersion(load, name) ?? range,
  }));
}

interface PackageJson {
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

function installedVersion(load: NodeJS.Require, name: string): string | undefined {
  for (const folder of load.resolve.paths(name) ?? []) {
    const version = readJson(join(folder, name, "package.json"))?.version;
    if (version) return version;
  }
  return undefined;
}

function readJson(path: string): PackageJson | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as PackageJson;
  } catch {
    return undefined;
  }
}
