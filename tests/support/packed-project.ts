import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pulumiEnvironment } from "./command-environment";

const ROOT = join(__dirname, "..", "..");
const MAIN = "pulumi-alicloud-sqlserver-migration";
export const EMULATOR = `${MAIN}-emulator`;

/** Packs a package and extracts it, as an installation does. */
function pack(source: string, folder: string, to: string): void {
  const target = mkdtempSync(join(folder, "pack-"));
  const args = ["pack", source, "--silent", "--pack-destination", target];
  execFileSync("npm", source === "." ? [...args, "--ignore-scripts"] : args, { cwd: ROOT });
  const [tarball = ""] = readdirSync(target);
  execFileSync("tar", ["-xzf", tarball], { cwd: target });
  cpSync(join(target, "package"), to, { recursive: true });
}

/** Creates a project in `folder` with the package and the emulator installed; what they depend on comes from this checkout. */
export function createPackedProject(folder: string, name: string): string {
  const path = join(folder, name);
  const modules = join(path, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  for (const entry of readdirSync(join(ROOT, "node_modules")).filter((each) => !each.startsWith(".")))
    symlinkSync(join(ROOT, "node_modules", entry), join(modules, entry));
  pack(".", folder, join(modules, MAIN));
  pack("./emulator", folder, join(modules, EMULATOR));
  const command = join("dist", "provider", "cli", "sqlserver-migration.js");
  symlinkSync(join("..", MAIN, command), join(modules, ".bin", "sqlserver-migration"));
  execFileSync("chmod", ["+x", join(modules, MAIN, command)]);
  writeFileSync(join(path, "package.json"), JSON.stringify({ name, private: true }));
  return path;
}

/** The environment of a page's commands: the `pulumi` command on the PATH, and a file backend in `folder`. */
export const commandEnvironment = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  ...pulumiEnvironment(folder),
  PULUMI_NODEJS_TRANSPILE_ONLY: "true",
});
