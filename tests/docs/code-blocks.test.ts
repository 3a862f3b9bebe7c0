import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), "utf8");

const programs = readdirSync(join(ROOT, "examples"), { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && entry.name === "index.ts")
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
/** Pages that are generated from docstrings or describe the repository's own files. */
const NOT_FOR_USERS = new Set(["reference/api.md", "reference/backups.md"]);
const pages = readdirSync(join(ROOT, "docs"), { encoding: "utf8", recursive: true }).filter(
  (name) => name.endsWith(".md") && !NOT_FOR_USERS.has(name),
);

/** Examples are compiled and run; a page shows one of them, or lines of one. */
test.each(pages)("docs/%s shows only programs from examples/", (name) => {
  const blocks = [...read("docs", name).matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
  for (const block of blocks) expect(programs.some((program) => program.includes(block))).toBe(true);
});
