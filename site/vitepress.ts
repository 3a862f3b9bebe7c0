import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const INSTALLED = join(__dirname, "node_modules", "vitepress");

/** The script of the command. */
export const VITEPRESS = join(INSTALLED, "bin", "vitepress.js");

const readJson = (...path: string[]) => JSON.parse(readFileSync(join(...path), "utf8"));

/** Whether the version of package.json is installed in this folder. */
export const isInstalled = (): boolean =>
  existsSync(VITEPRESS) &&
  readJson(INSTALLED, "package.json").version === readJson(__dirname, "package.json").devDependencies.vitepress;
