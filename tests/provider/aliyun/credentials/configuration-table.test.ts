import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ASSUME_ROLE_MEMBERS,
  ASSUME_ROLE_WITH_OIDC_MEMBERS,
} from "../../../../provider/aliyun/credentials/configured-roles";

const ROOT = join(__dirname, "..", "..", "..", "..");
const ofAlicloud = (path: string): string =>
  readFileSync(join(ROOT, "node_modules", "@pulumi", "alicloud", path), "utf8");
const page = readFileSync(join(ROOT, "docs", "reference", "configuration.md"), "utf8");
const table = page.split("\n### Configuration of the alicloud provider\n")[1]?.split("\n## ")[0] ?? "";

it("docs/reference/configuration.md lists exactly the configuration variables of the installed @pulumi/alicloud", () => {
  const declared = [...ofAlicloud("config/vars.d.ts").matchAll(/^export declare const (\w+):/gm)].map(
    ([, name]) => name,
  );
  const listed = [...table.matchAll(/^\| `(\w+)` \| (?:yes|no) \|/gm)].map(([, name]) => name);
  expect(declared.length).toBeGreaterThan(20);
  expect(listed.sort()).toEqual(declared.sort());
});

it.each([
  ["ProviderAssumeRole", "assumeRole", ASSUME_ROLE_MEMBERS],
  ["ProviderAssumeRoleWithOidc", "assumeRoleWithOidc", ASSUME_ROLE_WITH_OIDC_MEMBERS],
])("every member of %s is read, and listed in the row of %s", (type, row, members) => {
  const body = new RegExp(`interface ${type} \\{([^}]*)\\}`).exec(ofAlicloud("types/input.d.ts"))?.[1] ?? "";
  const declared = [...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, name]) => name);
  expect([...members].sort()).toEqual(declared.sort());
  const text = table.split("\n").find((line) => line.startsWith(`| \`${row}\` |`)) ?? "";
  for (const member of members) expect(text).toContain(`\`${member}\``);
});
