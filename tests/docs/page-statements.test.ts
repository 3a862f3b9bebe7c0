import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { bashBlocks, commandBlocks } from "../support/page-commands";

const ROOT = join(__dirname, "..", "..");

const pages = [
  "README.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

/** Folders with tests that take commands out of pages. */
const FOLDERS = ["package", "pipelines", "plugin"];

/** The texts in quotes of such tests in a folder, which shares the names of pages: pages and headings are among them. */
const literals = FOLDERS.map((folder) =>
  readdirSync(join(ROOT, "tests", folder), { encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(ROOT, "tests", folder, name), "utf8"))
    .filter((text) => /\bbashBlocks?\(/.test(text))
    .flatMap((text) => [...text.matchAll(/"([^"\n]{3,})"/g)].map(([, literal = ""]) => literal)),
);

/** The blocks of a page that a test executes: the ones that the tests' own function returns for the page and heading that it names. */
function executedBlocks(page: string, quoted: readonly string[]): string[] {
  if (!quoted.includes(basename(page))) return [];
  const text = readFileSync(join(ROOT, page), "utf8").replace(/```[\s\S]*?```/g, "");
  return quoted
    .flatMap((literal) => [literal, `## ${literal}`])
    .filter((heading) => text.includes(`\n${heading}`))
    .flatMap((heading) => bashBlocks(join(ROOT, page), heading));
}

test.each(pages)("each block of commands on %s is executed by a test, or carries the reason why not", (page) => {
  const blocks = commandBlocks(readFileSync(join(ROOT, page), "utf8"));
  const executed = literals.flatMap((ofFolder) => executedBlocks(page, ofFolder));
  const unexplained = blocks.filter(({ text, notExecuted }) => notExecuted === undefined && !executed.includes(text));
  expect(unexplained.map(({ text }) => text)).toEqual([]);
  expect(blocks.filter(({ notExecuted }) => notExecuted === "")).toEqual([]);
});
