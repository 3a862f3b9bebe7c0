import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { configKeys, configTable } from "../../docs/generate/config-table";
import { generatedFiles } from "../../docs/generate/generated-pages";
import { replaceBlock } from "../../docs/generate/replace-block";

const ROOT = join(__dirname, "..", "..");
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), "utf8");
const files = generatedFiles();

test.each(Object.keys(files))("%s matches the code (npm run docs)", (path) => {
  expect(read(path)).toBe(files[path]);
});

test("the configuration reference contains every key of Pulumi.yaml with its meaning", () => {
  const keys = Object.keys(configKeys());
  expect(keys.length).toBeGreaterThan(5);
  const rows = [...configTable().matchAll(/^\| `([\w:]+)` \| .* \| (.*) \|$/gm)].map(([, key, meaning]) => [
    key,
    meaning,
  ]);
  expect(rows).toEqual(keys.map((key) => [key, expect.stringMatching(/\w/)]));
});

/** Uses the compiler's view of the exports, independent of the generator. */
test("the API reference contains every exported name, and every argument with its meaning", () => {
  const file = join(ROOT, "components", "index.ts");
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isExportSpecifier(node)) names.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  expect(names).toContain("DatabaseMigration");
  const api = files["docs/reference/api.md"] ?? "";
  for (const name of names) expect(api).toContain(`\n## ${name}\n`);
  const tables = api.split("\n## ").filter((section) => /^\w+Args\n/.test(section));
  const undescribed = tables.flatMap((section) =>
    [...section.matchAll(/^\| `(\w+)` .*\| *\|$/gm)].map(([, argument]) => `${section.split("\n")[0]}.${argument}`),
  );
  expect(undescribed).toEqual([]);
});

test("replaces only the text between the markers of a block", () => {
  const page = "before\n<!-- made by npm run docs: it -->\nold\n<!-- end of it -->\nafter\n";
  expect(replaceBlock(page, "it", "new")).toBe(
    "before\n<!-- made by npm run docs: it -->\n\nnew\n\n<!-- end of it -->\nafter\n",
  );
  expect(() => replaceBlock("no marks", "it", "new")).toThrow("no block");
});
