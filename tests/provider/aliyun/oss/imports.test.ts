import * as fs from "node:fs";
import * as path from "node:path";

const root = path.join(__dirname, "..", "..", "..", "..");

/** The packages that a module loads, directly or through its imports; types are not loaded. */
function packagesOf(file: string, seen = new Map<string, Set<string>>()): Set<string> {
  const known = seen.get(file);
  if (known !== undefined) return known;
  const packages = new Set<string>();
  seen.set(file, packages);
  for (const [, clause = "", source = ""] of fs
    .readFileSync(file, "utf8")
    .matchAll(/^(?:import|export)\s([^;]*?)\s*from\s+"([^"]+)";/gm)) {
    if (clause.startsWith("type ")) continue;
    if (!source.startsWith(".")) packages.add(source);
    else for (const name of packagesOf(path.join(path.dirname(file), `${source}.ts`), seen)) packages.add(name);
  }
  return packages;
}

it("loads neither Pulumi nor the SDK of RDS for an upload: they cost more memory than the upload", () => {
  const packages = [...packagesOf(path.join(root, "provider/aliyun/oss/ali-oss-store.ts"))];
  expect(packages.filter((name) => name.startsWith("@pulumi/") || name.startsWith("@alicloud/"))).toEqual([]);
  // ali-oss itself is loaded at the first call; a preview without changes makes none.
  expect(packages).toContain("node:https");
  expect(packages).not.toContain("ali-oss");
});

it("plans parts without any input or output", () => {
  expect(
    [...packagesOf(path.join(root, "provider/aliyun/oss/part-plan.ts"))].filter((name) => name.startsWith("node:")),
  ).toEqual([]);
});
