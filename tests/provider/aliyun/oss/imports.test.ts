import * as fs from "node:fs";
import * as path from "node:path";

const root = path.join(__dirname, "..", "..", "..", "..");

/** The packages that a module loads, those of the modules it imports included; types are not loaded. */
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
  // And ali-oss itself not before the first call: a preview in which nothing is new makes none.
  expect(packages).toContain("https-proxy-agent");
  expect(packages).not.toContain("ali-oss");
});

it("cuts files into parts without looking at the world", () => {
  expect(
    [...packagesOf(path.join(root, "provider/aliyun/oss/part-plan.ts"))].filter((name) => name.startsWith("node:")),
  ).toEqual([]);
});
