import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { licenseTemplate } from "./license-template";

/** A package of others in the bundle. */
export interface BundledPackage {
  name: string;
  version: string;
  /** Such as `MIT`, as its package.json names it. */
  license: string;
  text: string;
}

/** The packages that modules of a bundle are from, by name and version. */
export function bundledPackages(modules: readonly string[]): BundledPackage[] {
  const folders = new Set(modules.flatMap((path) => packageFolder(path) ?? []));
  const packages = new Map([...folders].map(readPackage).map((found) => [`${found.name}@${found.version}`, found]));
  return [...packages.keys()].sort().flatMap((key) => packages.get(key) ?? []);
}

/** The notices that go with the executable: the license of each package and of Node.js. */
export function noticesText(packages: readonly BundledPackage[], node: { version: string; license: string }): string {
  const list = packages.map(({ name, version, license, text }) => section(`${name} ${version} (${license})`, text));
  const intro = `This program contains Node.js and ${packages.length} packages of the npm registry, under their own licenses.\n`;
  return [intro, ...list, section(`Node.js ${node.version}`, node.license)].join("\n");
}

const section = (title: string, text: string): string => `${"=".repeat(80)}\n${title}\n\n${text.trim()}\n`;

const NODE_MODULES = `${sep}node_modules${sep}`;

/** The folder of the package that a module belongs to; undefined for this repository's own. */
function packageFolder(path: string): string | undefined {
  const at = path.lastIndexOf(NODE_MODULES);
  if (at < 0) return undefined;
  const start = at + NODE_MODULES.length;
  const [scopeOrName = "", name = ""] = path.slice(start).split(sep);
  return path.slice(0, start) + (scopeOrName.startsWith("@") ? join(scopeOrName, name) : scopeOrName);
}

interface Manifest {
  name: string;
  version: string;
  license?: string;
  /** Older form. */
  licenses?: (string | { type: string })[];
  author?: string | { name: string };
}

function readPackage(folder: string): BundledPackage {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { name, version, licenses = [] } = manifest;
  const license =
    manifest.license ?? licenses.map((each) => (typeof each === "string" ? each : each.type)).join(" OR ");
  const text = licenseFiles(folder) ?? readmeSection(folder) ?? licenseTemplate(license, authorOf(manifest));
  if (text === undefined) throw new Error(`${name} ${version} (${license}) has no license text: ${folder}`);
  return { name, version, license, text };
}

function licenseFiles(folder: string): string | undefined {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  const texts = names.map((name) => readFileSync(join(folder, name), "utf8"));
  return texts.length > 0 ? texts.join("\n\n") : undefined;
}

/** Some packages have their license in the README only. */
function readmeSection(folder: string): string | undefined {
  const name = readdirSync(folder).find((each) => /^readme/i.test(each));
  const readme = name === undefined ? "" : readFileSync(join(folder, name), "utf8");
  const text = readme.split(/^#*\s*license\b.*$/im).at(-1) ?? "";
  return /permission is hereby granted|redistribution and use/i.test(text) ? text : undefined;
}

const authorOf = ({ name, author }: Manifest): string =>
  (typeof author === "object" ? author.name : author) ?? `the authors of ${name}`;
