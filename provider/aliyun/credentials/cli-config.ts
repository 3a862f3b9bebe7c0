import { randomUUID } from "node:crypto";
import { readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { firstEnv, type Settings } from "../settings";
import { membersOf, parseJson, textOf } from "./key-values";
import { type FaultKind, SourceFault, systemCode } from "./source-fault";

/** A profile of the aliyun CLI, as its file holds it. */
export type CliProfile = Readonly<Record<string, unknown>>;

/** The file of the aliyun CLI with its profiles. */
export interface CliConfig {
  current: string | undefined;
  profiles: readonly CliProfile[];
}

const DEFAULT_FILE = "~/.aliyun/config.json";

/** The file as the user writes it: `alicloud:sharedCredentialsFile`, its variable, or the CLI's own place. */
export const cliConfigFile = (settings: Settings): string => namedCliConfigFile(settings) ?? DEFAULT_FILE;

/** The file that the settings name. */
export const namedCliConfigFile = (settings: Settings): string | undefined =>
  settings.config("alicloud:sharedCredentialsFile") ?? firstEnv(settings, ["ALICLOUD_SHARED_CREDENTIALS_FILE"]);

/** A path with `~/` at its beginning, on this machine. */
export const expandHome = (path: string): string => (/^~[\\/]/.test(path) ? join(homedir(), path.slice(2)) : path);

/** @throws SourceFault without the file's text, which holds secrets */
export async function readCliConfig(file: string): Promise<CliConfig> {
  const root = membersOf(parseJson(await readConfigText(file), "the file"));
  const profiles = Array.isArray(root.profiles) ? root.profiles.map(membersOf) : [];
  if (profiles.length === 0) throw new SourceFault("the file has no profiles", "unset");
  return { current: textOf(root.current), profiles };
}

/** Reads a file with credentials. @throws SourceFault */
export async function readConfigText(file: string): Promise<string> {
  try {
    return await readFile(expandHome(file), "utf8");
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT") throw new SourceFault("the file does not exist", "unset");
    throw new SourceFault(`the file cannot be read (${code})`);
  }
}

/** @throws SourceFault with the names of the profiles that exist */
export function findProfile({ profiles }: CliConfig, name: string, kind?: FaultKind): CliProfile {
  const found = profiles.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  const names = profiles.map((profile) => textOf(profile.name)).filter((each) => each !== undefined);
  throw new SourceFault(`the file has no such profile as ${name}, only ${names.slice(0, 20).join(", ")}`, kind);
}

/**
 * Replaces members of one profile and leaves everything else in the file, and its permissions, as they are. The new file
 * takes the old one's place at once, so that no reader and no interrupted run meets half a file.
 */
export async function updateProfile(file: string, name: string, changes: Record<string, unknown>): Promise<void> {
  const root = membersOf(parseJson(await readConfigText(file), "the file"));
  const profiles: unknown[] = Array.isArray(root.profiles) ? root.profiles : [];
  const changed = profiles.map((each) => (membersOf(each).name === name ? { ...membersOf(each), ...changes } : each));
  // Replaces the target of a symbolic link, not the link.
  const target = await realpath(expandHome(file));
  const beside = `${target}.${randomUUID()}`;
  const mode = (await stat(target)).mode & 0o777;
  try {
    await writeFile(beside, JSON.stringify({ ...root, profiles: changed }, null, 4), { mode, flag: "wx" });
    await rename(beside, target);
  } finally {
    await rm(beside, { force: true });
  }
}
