import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { configKeys, configTable } from "../../docs/generate/config-table";
import { generatedPages } from "../../docs/generate/generated-pages";
import { replaceBlock } from "../../docs/generate/replace-block";

const ROOT = join(__dirname, "..", "..");
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), "utf8");
const pages = generatedPages();

test.each(Object.keys(pages))("docs/%s is what the code says now (npm run docs)", (name) => {
  expect(read("docs", name)).toBe(pages[name]);
});

test("every key of Pulumi.yaml stands in the configuration reference, with its meaning", () => {
  const keys = Object.keys(configKeys());
  expect(keys.length).toBeGreaterThan(5);
  const rows = [...configTable().matchAll(/^\| `([\w:]+)` \| .* \| (.*) \|$/gm)].map(([, key, meaning]) => [
    key,
    meaning,
  ]);
  expect(rows).toEqual(keys.map((key) => [key, expect.stringMatching(/\w/)]));
});

/** Asked of the compiler's own view of the package, not of the generator's. */
test("every name that the package exports stands in the API reference, and every argument with its meaning", () => {
  const file = join(ROOT, "components", "index.ts");
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isExportSpecifier(node)) names.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  expect(names).toContain("DatabaseMigration");
  const api = pages["api.md"] ?? "";
  for (const name of names) expect(api).toContain(`\n## ${name}\n`);
  const tables = api.split("\n## ").filter((section) => /^\w+Args\n/.test(section));
  const silent = tables.flatMap((section) =>
    [...section.matchAll(/^\| `(\w+)` .*\| *\|$/gm)].map(([, argument]) => `${section.split("\n")[0]}.${argument}`),
  );
  expect(silent).toEqual([]);
});

test("a block is replaced between its marks, and nothing else", () => {
  const page = "before\n<!-- made by npm run docs: it -->\nold\n<!-- end of it -->\nafter\n";
  expect(replaceBlock(page, "it", "new")).toBe(
    "before\n<!-- made by npm run docs: it -->\n\nnew\n\n<!-- end of it -->\nafter\n",
  );
  expect(() => replaceBlock("no marks", "it", "new")).toThrow("no block");
});
