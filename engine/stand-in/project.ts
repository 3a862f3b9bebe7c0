import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { configText } from "./config-text";

/** The settings of Pulumi.yaml that are needed to run the program. */
export interface Project {
  name: string;
  /** Language of the program, such as `nodejs`. */
  runtime: unknown;
  rootDirectory: string;
  /** Working directory of the program and its dynamic providers: the directory of `main`. */
  programDirectory: string;
  /** Entry point for Node.js: a file in `programDirectory`, or `.`. */
  entryPoint: string;
  typescript: boolean;
  /** Declared configuration: default values by full key, and the keys without a default. */
  configDefaults: Record<string, string>;
  requiredConfig: string[];
}

/** @throws Error when Pulumi.yaml is missing or has no name */
export function readProject(directory: string): Project {
  const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(directory, name)).find(existsSync);
  if (!file) throw new Error(`no Pulumi.yaml project file found in ${directory}`);
  const parsed = asRecord(parse(readFileSync(file, "utf8")));
  const name = parsed.name;
  if (typeof name !== "string") throw new Error(`${file}: the project has no name`);
  const runtime = typeof parsed.runtime === "string" ? { name: parsed.runtime } : asRecord(parsed.runtime);
  const options = asRecord(asRecord(parsed.runtime).options);
  return {
    name,
    runtime: runtime.name,
    rootDirectory: resolve(directory),
    ...entryOf(resolve(directory), typeof parsed.main === "string" ? parsed.main : ""),
    typescript: options.typescript !== false,
    ...declaredConfig(name, asRecord(parsed.config)),
  };
}

/** Expands a bare `key` to `project:key`. */
export const fullKey = (project: string, key: string): string => (key.includes(":") ? key : `${project}:${key}`);

function entryOf(root: string, main: string): { programDirectory: string; entryPoint: string } {
  const path = resolve(root, main);
  // Node.js resolves `main: bin` and `main: bin/index`; only an existing file is used as the entry point itself.
  if (existsSync(path) && statSync(path).isDirectory()) return { programDirectory: path, entryPoint: "." };
  return { programDirectory: dirname(path), entryPoint: basename(path) };
}

function declaredConfig(project: string, config: Record<string, unknown>) {
  const configDefaults: Record<string, string> = {};
  const requiredConfig: string[] = [];
  for (const [key, declared] of Object.entries(config)) {
    const full = fullKey(project, key);
    const value = typeof declared === "object" && declared !== null ? withDefault(asRecord(declared)) : declared;
    if (value !== undefined && value !== null) configDefaults[full] = configText(value);
    // A key of another namespace only documents that key.
    else if (full.startsWith(`${project}:`)) requiredConfig.push(full);
  }
  return { configDefaults, requiredConfig };
}

const withDefault = (declared: Record<string, unknown>): unknown => declared.value ?? declared.default;

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
