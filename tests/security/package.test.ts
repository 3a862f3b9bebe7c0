import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { packageVersion } from "../../provider/cli/program/package-folder";

const ROOT = join(__dirname, "..", "..");
const manifest: {
  main: string;
  types: string;
  exports: Record<string, string | Record<string, string>>;
  bin: Record<string, string>;
  license: string;
  scripts: Record<string, string>;
  publishConfig?: Record<string, unknown>;
  bundleDependencies?: unknown;
  bundledDependencies?: unknown;
} = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

interface Packed {
  size: number;
  files: { path: string }[];
}

let packed: Packed;
let paths: string[];
let packedManifest: typeof manifest & { name: string; gypfile?: unknown };

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-packed-"));
  try {
    const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
    [packed] = JSON.parse(execFileSync("npm", args, { cwd: ROOT, encoding: "utf8" }));
    paths = packed.files.map(({ path }) => path);
    const tarball = join(folder, readdirSync(folder)[0] ?? "");
    packedManifest = JSON.parse(execFileSync("tar", ["-xzOf", tarball, "package/package.json"], { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("the tarball contains only the compiled package, the scripts and the documents", () => {
  const allowed =
    /^(dist\/(components|provider)\/.+\.(js|d\.ts)|sql\/[\w-]+\.sql|sql\/README\.md|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/;
  expect(paths.filter((path) => !allowed.test(path))).toEqual([]);
});

it("the tarball has the documents, and every file that package.json names", () => {
  const entries = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === "string" ? entry : Object.values(entry),
  );
  const named = [manifest.main, manifest.types, ...entries, ...Object.values(manifest.bin)].map((path) =>
    path.replace(/^\.\//, ""),
  );
  expect(paths).toEqual(expect.arrayContaining(["README.md", "CHANGELOG.md", "LICENSE", "sql/README.md", ...named]));
});

it("the commands begin with the line that starts Node.js", () => {
  // The tarball has them without the right to execute, which every package manager sets for the files of `bin`.
  for (const path of Object.values(manifest.bin))
    expect(readFileSync(join(ROOT, path), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
});

it("the tarball has less than 1 MB, and no file names a folder of the machine that built it", () => {
  expect(packed.size).toBeLessThan(1e6);
  const folders = new Set([ROOT, homedir()].filter((folder) => folder !== "/"));
  const texts = paths.filter((path) => path.startsWith("dist/"));
  const named = texts.filter((path) => {
    const text = readFileSync(join(ROOT, path), "utf8");
    return [...folders].some((folder) => text.includes(`${folder}/`));
  });
  expect(named).toEqual([]);
});

it("the tarball bundles no package of others, so that its license is the only one", () => {
  expect([manifest.license, manifest.bundleDependencies, manifest.bundledDependencies]).toEqual([
    "Apache-2.0",
    undefined,
    undefined,
  ]);
  expect(readFileSync(join(ROOT, "LICENSE"), "utf8")).toMatch(/^\s*Apache License\s+Version 2\.0/);
});

/** Scripts that npm, pnpm or yarn 1 run, or ask about, when they install the tarball; npm lists `prepare` of tarballs too. */
const INSTALL_SCRIPTS = /^(pre|post)?(install|prepare|prepublish|uninstall)$/;

it("the packed package.json has no scripts that run or are asked about when it is installed", () => {
  expect(packedManifest.name).toBe("pulumi-alicloud-sqlserver-migration");
  expect(Object.keys(packedManifest.scripts).filter((name) => INSTALL_SCRIPTS.test(name))).toEqual([]);
  expect(packedManifest.gypfile).toBeUndefined();
});

it("the build runs after npm ci in a clone and before npm pack", () => {
  expect([manifest.scripts.dependencies, manifest.scripts.prepack]).toEqual([
    "npm run build",
    "npm run clean && npm run build",
  ]);
});

it("the lock file has the version of package.json", () => {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  expect([lock.version, lock.packages[""].version]).toEqual([packageVersion(), packageVersion()]);
});

it("the package is published with provenance", () => {
  expect(manifest.publishConfig).toMatchObject({ provenance: true, access: "public" });
});
