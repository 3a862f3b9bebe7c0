import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

/** Texts that end with the version of this package: names of archives, a command, and the dependency in Go and Java. */
const BEFORE_VERSION = [
  "pulumi-alicloud-sqlserver-migration(?:-emulator)?-",
  "pulumi-resource-sqlserver-migration-v",
  "resource sqlserver-migration ",
  "/pulumi-alicloud-sqlserver-migration/sdk/go v",
  "<artifactId>sqlserver-migration</artifactId>\\s*<version>",
].join("|");

const PAGES = /\.(json|md|mod|xml|ts|ya?ml)$/;

/** Replaces every version of this package in the text. */
export const replaceVersion = (text: string, version: string): string =>
  text.replace(new RegExp(`(${BEFORE_VERSION})\\d+\\.\\d+\\.\\d+`, "g"), `$1${version}`);

/** The paths of pages and examples that name the version of this package. */
export const pagesWithVersion = (): string[] =>
  ["README.md", ...["docs", "examples", "template"].flatMap(filesBelow)].filter((path) => {
    const text = readFileSync(join(ROOT, path), "utf8");
    return replaceVersion(text, "") !== text;
  });

const filesBelow = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => PAGES.test(name) && !name.includes("node_modules"))
    .map((name) => join(folder, name));
