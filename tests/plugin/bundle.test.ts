import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { type Bundle, bundlePlugin, OPTIONAL_PACKAGES } from "../../plugin/build/bundle";
import { bundledPackages, noticesText } from "../../plugin/build/notices";

const ROOT = join(__dirname, "..", "..");

let folder: string;
let bundle: Bundle;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-bundle-"));
  bundle = await bundlePlugin(join(folder, "plugin.js"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The package.json of a module: the nearest one above that has a version. */
function manifestOf(path: string): { name: string; version: string } {
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) {
    const file = join(at, "package.json");
    const manifest = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    if (manifest.name !== undefined && manifest.version !== undefined) return manifest;
  }
  throw new Error(`no package.json above ${path}`);
}

const isOwn = (path: string): boolean => !path.includes(`${sep}node_modules${sep}`);

it("the bundle requires modules of Node.js, and of packages only those that others do without", () => {
  expect(bundle.required.filter((name) => !isBuiltin(name) && !OPTIONAL_PACKAGES.includes(name))).toEqual([]);
});

it("of this repository only the handlers, the components and the plugin are in the bundle", () => {
  const own = bundle.modules.filter(isOwn).map((path) => relative(ROOT, path));
  expect(own.length).toBeGreaterThan(100);
  expect(own.filter((path) => !["provider", "components", "plugin"].includes(path.split(sep)[0] ?? ""))).toEqual([]);
});

it("the bundle names no folder of the machine that built it, and has no source map", () => {
  const text = readFileSync(bundle.file, "utf8");
  expect(text.split(`${ROOT}${sep}`)).toHaveLength(1);
  expect(text).not.toMatch(/^\/\/# sourceMappingURL=/m);
  expect(readdirSync(folder)).toEqual(["plugin.js"]);
});

const namesInBundle = (): Set<string> =>
  new Set(bundle.modules.filter((path) => !isOwn(path)).map((path) => manifestOf(path).name));

it("@pulumi/alicloud and what writes functions into state are not in the bundle", () => {
  const names = namesInBundle();
  expect(names).toContain("@pulumi/pulumi");
  expect(["@pulumi/alicloud", "typescript", "@npmcli/arborist"].filter((name) => names.has(name))).toEqual([]);
});

it("the notices have the license of each package in the bundle", () => {
  const packages = bundledPackages(bundle.modules);
  const expected = namesInBundle();
  expect(new Set(packages.map(({ name }) => name))).toEqual(expected);

  const text = noticesText(packages, { version: "v26.0.0", license: "the license of Node.js" });
  const sections = text.split(/^={80}$/m).slice(1);
  const grants =
    /permission is hereby granted|permission to use, copy|redistribution and use|apache license|blue oak model license|without limitation in the rights/i;
  expect(sections.slice(0, -1).filter((section) => !grants.test(section))).toEqual([]);
  expect(sections).toHaveLength(packages.length + 1);
  expect(sections.at(-1)).toMatch(/^\nNode\.js v26\.0\.0\n\nthe license of Node\.js/);
});
