import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import type { Workspace } from "../../engine/engine";
import { hostSettings, type ResourceHost } from "../../testing/resource-host";

const ROOT = join(__dirname, "..", "..");
/** The current or next version of this checkout. */
export const { version: VERSION }: { version: string } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** The recorded files of a version: its state and the manifest of its program. The backups are not kept. */
export const recordedFolder = (version: string): string => join(__dirname, "recorded", version);

const BUCKET = "upgrade-backups";

/** Starts the service of a recorded state. Tasks do not end within a test, so that some are still in progress. */
export const startService = (options: { stateDir?: string } = {}): Promise<Emulator> =>
  startEmulator({ ...options, bucket: { name: BUCKET }, taskMs: 400 });

/** The stack of a version, with the same program and configuration for every version. Paths are relative to the program. */
export function workspaceOf(
  version: string,
  emulator: Emulator,
  stateDir: string,
  host: ResourceHost = "dynamic",
): Workspace {
  const at = (file: string): string => `../recorded/${version}/${file}`;
  const { instanceId, region } = emulator;
  const common = { instanceId, bucket: BUCKET, pollInterval: "100ms" };
  const migrations = {
    online: { ...common, backup: at("backups/online.bak") },
    submitted: { ...common, backup: at("backups/submitted.bak"), wait: "submitted" },
    waiting: { ...common, backup: at("backups/waiting.bak"), phase: "restoring" },
  };
  const instance = { instance: instanceId, bucket: BUCKET, pollInterval: "100ms", backups: at("manifest.json") };
  const { config, env } = hostSettings(host, region, emulatedEnvironment(emulator));
  return {
    projectDir: join(__dirname, "program"),
    stack: "dev",
    stateDir,
    config: {
      ...config,
      migrations: JSON.stringify(migrations),
      instance: JSON.stringify(instance),
    },
    env,
  };
}
