import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parse, stringify } from "yaml";
import { configText } from "./config-text";
import { fullKey } from "./project";

/** The configuration of a stack by full key, `namespace:key`. */
export interface StackConfig {
  plain: Record<string, string>;
  /** Masked in output and in the state. */
  secret: Record<string, string>;
}

interface ConfigFile {
  encryptionsalt?: string;
  config?: Record<string, unknown>;
}

/** Reads the plain values of a `Pulumi.<stack>.yaml`; a missing file is an empty configuration. @throws Error for an encrypted value */
export function readStackConfig(path: string, project: string): Record<string, string> {
  const { config = {} } = readFile(path);
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      if (typeof value === "object" && value !== null && "secure" in value)
        throw new Error(`${path}: ${key} is encrypted. Use the pulumi command itself.`);
      return [fullKey(project, key), configText(value)];
    }),
  );
}

/** Rewrites `Pulumi.<stack>.yaml` with its existing salt. */
export function writeStackConfig(path: string, plain: Readonly<Record<string, string>>): void {
  const { encryptionsalt } = readFile(path);
  const config = Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, structured(value)]));
  const file: ConfigFile = { config, ...(encryptionsalt ? { encryptionsalt } : {}) };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, stringify(file));
}

/** Parses JSON values, because a key that the project declares as a list or an object must not be a string in the file. */
function structured(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function readFile(path: string): ConfigFile {
  if (!existsSync(path)) return {};
  const parsed: unknown = parse(readFileSync(path, "utf8"));
  return typeof parsed === "object" && parsed !== null ? parsed : {};
}
