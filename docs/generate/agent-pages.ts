import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), "utf8");

/** The text of a section of a page, without its heading. @throws Error when the page has no such section */
function section(page: string, heading: string): string {
  const [, text] = new RegExp(`\n## ${heading}\n([\\s\\S]*?)(?=\n## |$)`).exec(page) ?? [];
  if (text === undefined) throw new Error(`the page has no section ${heading}`);
  return text.trim();
}

/** The first paragraph of a page, on one line. */
const firstParagraph = (page: string): string =>
  (page.split(/\n\n/).find((paragraph) => !paragraph.startsWith("#")) ?? "").replace(/\s+/g, " ").trim();

/** The pages of the documentation's index: title, file and what it answers. */
export const indexedPages = (): { title: string; file: string; answers: string }[] =>
  [...read("docs", "README.md").matchAll(/^\| \[([^\]]+)\]\(([\w/-]+\.md)\) \| (.+) \|$/gm)].map(
    ([, title = "", file = "", answers = ""]) => ({ title, file, answers }),
  );

/** The first code block of a page. */
const firstBlock = (page: string): string => /```[\s\S]*?```/.exec(page)?.[0] ?? "";

/** AGENTS.md: what an agent or a new contributor needs, from CONTRIBUTING.md and docs/. */
export function agentsPage(): string {
  const contributing = read("CONTRIBUTING.md");
  return `# For agents and new contributors

Made by \`npm run docs\` from [CONTRIBUTING.md](CONTRIBUTING.md), [docs/explanation/design.md](docs/explanation/design.md) and [docs/README.md](docs/README.md): change those.

${firstParagraph(read("README.md"))}

## Commands

${firstBlock(contributing)}

Before a commit: \`npm run check\`, the test files of what you changed, and \`npm run docs\` after a change of a docstring, an argument or an error.

## Rules

A change answers these questions:

${section(contributing, "Review")
  .split("\n")
  .filter((line) => /^(- | {2})/.test(line))
  .join("\n")}

## Where things are

${layerTable()}

Recipes for an input, an output, an error code, a preflight check and an emulator rule: [CONTRIBUTING.md](CONTRIBUTING.md#recipes).

## What users read

${indexedPages()
  .map(({ title, file, answers }) => `- [${title}](docs/${file}): ${answers}`)
  .join("\n")}
`;
}

/** The table of layers in docs/explanation/design.md. */
function layerTable(): string {
  const [, table] = /<!-- layers -->\n([\s\S]*?)<!-- \/layers -->/.exec(read("docs", "explanation", "design.md")) ?? [];
  if (table === undefined) throw new Error("docs/explanation/design.md has no table of layers");
  return table.trim().replace(/ {2,}/g, " ").replace(/-{4,}/g, "---");
}

/** llms.txt: the index of the documentation. @see https://llmstxt.org */
export const llmsText = (): string => `# pulumi-alicloud-sqlserver-migration

> ${firstParagraph(read("README.md"))}

## Docs

${indexedPages()
  .map(({ title, file, answers }) => `- [${title}](docs/${file}): ${answers}`)
  .join("\n")}

## Optional

- [AGENTS.md](AGENTS.md): commands, rules and the map of the source
- [plugin/schema.json](plugin/schema.json): the package schema of the native plugin
- [CHANGELOG](CHANGELOG.md): what each version changed
`;
