import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MIGRATION_STATUSES } from "../provider/model/outputs";

const ROOT = join(__dirname, "..");
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), "utf8");
const readme = read("README.md");
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, text = ""]) => text);

test("the README has at most 900 words", () => {
  expect(readme.split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(900);
});

test("shows only programs that are tested examples", () => {
  expect(blocks("ts")).toEqual([read("examples", "folder", "index.ts")]);
});

test("the sample of a preview is part of a captured screen", () => {
  const [sample = "none"] = blocks("text");
  expect(read("docs", "captures", "failed-preview.txt")).toContain(sample);
});

test("every linked file exists", () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)|(?:src|srcset)="([^"]+)"/g)].map(
    ([, link, picture]) => link ?? picture,
  );
  expect(links.length).toBeGreaterThan(4);
  for (const link of links) expect([link, existsSync(join(ROOT, `${link}`))]).toEqual([link, true]);
});

/** The names in the first cells of the first table below a heading. */
function namesBelow(page: string, heading: string): string[] {
  const section = page.split(`${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = ""]) => name);
}

test("the page of states explains exactly the existing states", () => {
  expect(namesBelow(read("docs", "reference", "states.md"), "# States")).toEqual([...MIGRATION_STATUSES]);
});

/** Names of the members that an interface declares itself. */
function membersOf(file: string, name: string): string[] {
  const [, body = ""] = read(file).split(`export interface ${name}`);
  const [own = ""] = body.slice(body.indexOf("{")).split("\n}");
  return [...own.matchAll(/^ {2}(\w+)\??:/gm)].map(([, member = ""]) => member);
}

test.each([
  ["DatabaseMigrationArgs", "provider/resources/database-migration.ts"],
  ["InstanceMigrationArgs", "components/instance-migration-args.ts"],
])("the API reference lists the arguments of %s", (name, file) => {
  const members = membersOf(file, name);
  expect(members.length).toBeGreaterThan(5);
  expect(namesBelow(read("docs", "reference", "api.md"), `## ${name}`)).toEqual(expect.arrayContaining(members));
});
