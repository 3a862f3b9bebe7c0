import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageVersion } from "../../provider/cli/program/package-folder";

const ROOT = join(__dirname, "..", "..");
const manifest: { scripts: Record<string, string>; publishConfig?: Record<string, unknown> } = JSON.parse(
  readFileSync(join(ROOT, "package.json"), "utf8"),
);

it("the tarball contains only the compiled package, the scripts and the documents", () => {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const [packed]: { files: { path: string }[] }[] = JSON.parse(
    execFileSync("npm", args, { cwd: ROOT, encoding: "utf8" }),
  );
  const paths = packed?.files.map(({ path }) => path) ?? [];
  expect(paths.length).toBeGreaterThan(10);
  const allowed =
    /^(dist\/(components|provider)\/.+\.(js|d\.ts)(\.map)?|sql\/[\w-]+\.sql|sql\/README\.md|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/;
  expect(paths.filter((path) => !allowed.test(path))).toEqual([]);
});

/** Scripts that npm, pnpm or yarn 1 run, or ask about, when they install the tarball; npm lists `prepare` of tarballs too. */
const INSTALL_SCRIPTS = /^(pre|post)?(install|prepare|prepublish|uninstall)$/;

it("the packed package.json has no scripts that run or are asked about when it is installed", () => {
  const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-packed-"));
  try {
    execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], { cwd: ROOT });
    const tarball = join(folder, readdirSync(folder)[0] ?? "");
    const packed = JSON.parse(execFileSync("tar", ["-xzOf", tarball, "package/package.json"], { encoding: "utf8" }));
    expect(packed.name).toBe("pulumi-alicloud-sqlserver-migration");
    expect(Object.keys(packed.scripts).filter((name) => INSTALL_SCRIPTS.test(name))).toEqual([]);
    expect(packed.gypfile).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
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
