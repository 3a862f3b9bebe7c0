import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

jest.setTimeout(60_000);

const ROOT = join(__dirname, "..", "..");
const manifest: Record<string, Record<string, string>> = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

it("docs/explanation/security.md justifies exactly the production dependencies", () => {
  const page = readFileSync(join(ROOT, "docs", "explanation", "security.md"), "utf8");
  const section = page.split("\n## Dependencies\n")[1]?.split("\n## ")[0] ?? "";
  const argued = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
  const used = [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.peerDependencies ?? {})];
  expect(argued.sort()).toEqual(used.sort());
});

/** The findings of `npm audit`; undefined when the registry does not support it. */
function audit(): { high: number; critical: number } | undefined {
  const args = ["audit", "--omit=dev", "--json", "--fetch-retries=0", "--fetch-timeout=15000"];
  const { stdout } = spawnSync("npm", args, { cwd: ROOT, encoding: "utf8" });
  try {
    const report: { metadata?: { vulnerabilities?: { high: number; critical: number } } } = JSON.parse(stdout);
    return report.metadata?.vulnerabilities;
  } catch {
    return undefined;
  }
}

const found = audit();

(found === undefined ? it.skip : it)(
  `there is no advisory of severity high or critical${found === undefined ? " (skipped: the registry does not support npm audit)" : ""}`,
  () => {
    expect(found).toMatchObject({ high: 0, critical: 0 });
  },
);
