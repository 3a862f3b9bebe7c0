import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const ROOT = join(__dirname, "..", "..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => !name.split(/[\\/]/).includes("node_modules"))
    .map((name) => join(folder, name));

/** The reference explains `exclude`; it shows no program. */
const REFERENCE = join("docs", "reference", "api.md");
const pages = ["README.md", ...[...filesIn("docs"), ...filesIn("examples")].filter((name) => name.endsWith(".md"))];
const programs = ["index.ts", ...filesIn("examples").filter((name) => /\.(ts|py|sh|ya?ml)$/.test(name))];
const stacks = readdirSync(ROOT).filter((name) => /^Pulumi\.\w+\.yaml$/.test(name));

/** Who copies an example must not lose a database because of its name: `exclude` with a value, in a program or in a command. */
const EXCLUSION = /\bexclude["']?\s*:\s*[[{]?\s*["'`*\w-]*[*"'`]|config set\b[^\n]*\bexclude\b/;
const codeBlocks = (page: string): string[] =>
  [...read(page).matchAll(/```\w*\n([\s\S]*?)```/g)].map(([, text = ""]) => text);

it.each([
  '  databases: { exclude: "*_test" },',
  'databases: { include: "erp*", exclude: ["*_test"] },',
  '  exclude: "*_test; *_archive"',
  "  exclude: *_test",
  '{"exclude": "x"}',
  "pulumi config set exclude '*_test'",
  "pulumi config set --path sqlserver-migration:exclude x",
])("detects %s", (line) => {
  expect(line).toMatch(EXCLUSION);
});

it.each(programs)("%s excludes no database by its name", (file) => {
  expect(read(file)).not.toMatch(EXCLUSION);
});

it.each(pages.filter((page) => page !== REFERENCE))("the code blocks of %s exclude no database by its name", (page) => {
  for (const block of codeBlocks(page)) expect(block).not.toMatch(EXCLUSION);
});

it.each(stacks)("%s excludes no database by its name", (file) => {
  expect(parse(read(file)).config).not.toHaveProperty("exclude");
});

it("the template excludes no database unless it is configured", () => {
  expect(parse(read("Pulumi.yaml")).config.exclude.default).toBe("");
});
