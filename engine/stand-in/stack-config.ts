import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parse, stringify } from "yaml";
import { configText } from "./config-text";
import { type Crypter, newCrypter, openCrypter } from "./passphrase";
import { fullKey } from "./project";

/** The configuration of a stack by full key, `namespace:key`. */
export interface StackConfig {
  plain: Record<string, string>;
  /** Stored encrypted in files and masked in output. */
  secret: Record<string, string>;
}

interface ConfigFile {
  encryptionsalt?: string;
  config?: Record<string, unknown>;
}

/** Reads a `Pulumi.<stack>.yaml`; a missing file is an empty configuration. */
export function readStackConfig(path: string, project: string, passphrase: string): StackConfig {
  const plain: Record<string, string> = {};
  const secret: Record<string, string> = {};
  const { encryptionsalt, config = {} } = readFile(path);
  // Deriving the key is slow, and most stacks have no secret.
  let crypter: Crypter | undefined;
  for (const [key, value] of Object.entries(config)) {
    const secure = typeof value === "object" && value !== null && "secure" in value ? value.secure : undefined;
    if (typeof secure === "string") {
      if (encryptionsalt === undefined) throw new Error(`${path}: ${key} is encrypted, but there is no encryptionsalt`);
      crypter ??= openCrypter(passphrase, encryptionsalt);
      secret[fullKey(project, key)] = crypter.decrypt(secure);
    } else {
      plain[fullKey(project, key)] = configText(value);
    }
  }
  return { plain, secret };
}

/** Rewrites `Pulumi.<stack>.yaml` with its existing salt. */
export function writeStackConfig(path: string, { plain, secret }: StackConfig, passphrase: string): void {
  const { encryptionsalt } = readFile(path);
  const secrets = Object.entries(secret);
  let crypter: Crypter | undefined;
  if (secrets.length > 0) crypter = encryptionsalt ? openCrypter(passphrase, encryptionsalt) : newCrypter(passphrase);
  const salt = crypter?.salt ?? encryptionsalt;
  const sealed = secrets.map(([key, value]) => [key, { secure: crypter?.encrypt(value) }] as const);
  const shown = Object.entries(plain).map(([key, value]) => [key, structured(value)] as const);
  const file: ConfigFile = { config: { ...Object.fromEntries(shown), ...Object.fromEntries(sealed) } };
  if (salt) file.encryptionsalt = salt;
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
