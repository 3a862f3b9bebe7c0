import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import type { Workspace } from "../../engine/engine";

const ROOT = join(__dirname, "..", "..");
/** The version that this checkout is, or is going to be. */
export const { version: VERSION }: { version: string } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** What was recorded of a version: its state, and the manifest that its program names. The backups themselves are gone. */
export const recordedFolder = (version: string): string => join(__dirname, "recorded", version);

const BUCKET = "upgrade-backups";

/** The service that a recorded state is about; tasks do not end within a test, so that some are still under way. */
export const startService = (options: { stateDir?: string } = {}): Promise<Emulator> =>
  startEmulator({ ...options, bucket: { name: BUCKET }, taskMs: 400 });

/** The stack of a version: the same program and configuration whichever version runs it. Paths start at the program. */
export function workspaceOf(version: string, emulator: Emulator, stateDir: string): Workspace {
  const at = (file: string): string => `../recorded/${version}/${file}`;
  const { instanceId, region } = emulator;
  const common = { instanceId, bucket: BUCKET, pollInterval: "100ms" };
  const migrations = {
    online: { ...common, backup: at("backups/online.bak") },
    submitted: { ...common, backup: at("backups/submitted.bak"), wait: "submitted" },
    waiting: { ...common, backup: at("backups/waiting.bak"), phase: "restoring" },
  };
  const instance = { instance: instanceId, bucket: BUCKET, pollInterval: "100ms", backups: at("manifest.json") };
  return {
    projectDir: join(__dirname, "program"),
    stack: "dev",
    stateDir,
    config: {
      "alicloud:region": region,
      migrations: JSON.stringify(migrations),
      instance: JSON.stringify(instance),
    },
    env: emulatedEnvironment(emulator),
  };
}
