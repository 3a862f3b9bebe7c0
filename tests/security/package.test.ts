import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

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

it("the package has no install scripts", () => {
  const run = ["preinstall", "install", "postinstall", "preprepare", "postprepare"];
  expect(Object.keys(manifest.scripts).filter((name) => run.includes(name))).toEqual([]);
});

it("the package is published with provenance", () => {
  expect(manifest.publishConfig).toMatchObject({ provenance: true, access: "public" });
});
