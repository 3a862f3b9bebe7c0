import { readFileSync } from "node:fs";
import { join } from "node:path";

const read = (...path: string[]): string => readFileSync(join(__dirname, "..", "..", ...path), "utf8");
const page = read("docs", "how-to", "pipelines.md");

test.each(["migrations.yml", "runners.yml"])("the page lists the secrets and variables that %s reads", (name) => {
  const workflow = read("examples", "pipelines", "github", name);
  const settings = [...workflow.matchAll(/\$\{\{ (secrets|vars)\.(\w+) \}\}/g)];
  expect(settings).not.toEqual([]);
  for (const [, context, setting] of settings)
    expect(page).toMatch(new RegExp(`^\\| \`${setting}\` \\| ${context === "vars" ? "variable" : "secret"}\\b`, "m"));
});
