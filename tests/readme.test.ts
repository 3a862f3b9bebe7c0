import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MIGRATION_STATUSES } from "../provider/outputs";
import { migrationPolicy } from "../provider/ram/permissions";

const ROOT = join(__dirname, "..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, text = ""]) => text);
/** First cells of the rows of the table below a heading, without code marks. */
const firstCells = (heading: string): string[] => {
  const section = readme.split(`### ${heading}\n`)[1]?.split("\n#")[0] ?? "";
  return [...section.matchAll(/^\| (.+?) \|/gm)].map(([, cell = ""]) => cell);
};
const names = (cells: string[]): string[] =>
  cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));

test("the program shown is the example that is compiled", () => {
  expect(blocks("ts")).toEqual([readFileSync(join(ROOT, "examples", "one-database", "index.ts"), "utf8")]);
});

test("every state is explained, and no other", () => {
  expect(names(firstCells("States"))).toEqual([...MIGRATION_STATUSES]);
});

test("the table of inputs names the arguments of DatabaseMigration, all and no others", () => {
  const source = readFileSync(join(ROOT, "provider", "resource.ts"), "utf8");
  const body = source.split("export interface DatabaseMigrationArgs {")[1]?.split("\n}")[0] ?? "";
  const args = [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name = ""]) => name);
  expect(names(firstCells("Inputs")).sort()).toEqual(args.sort());
});

test("the permissions are those of the code", () => {
  const [policy = ""] = blocks("json");
  expect(JSON.parse(policy)).toEqual(migrationPolicy({ instanceId: "rm-2zesz5774ud8s71i5", bucket: "your-bucket" }));
});

test("every file that is linked is there", () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = ""]) => link);
  expect(links.length).toBeGreaterThan(4);
  for (const link of links) expect(() => readFileSync(join(ROOT, link))).not.toThrow();
});
