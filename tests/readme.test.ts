import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { migrationPolicy } from "../provider/aliyun/ram/permissions";
import { MIGRATION_STATUSES } from "../provider/model/outputs";

const ROOT = join(__dirname, "..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, text = ""]) => text);
/** The first cells of the table below a heading, without code marks. */
const firstCells = (heading: string): string[] => {
  const section = readme.split(`### ${heading}\n`)[1]?.split("\n#")[0] ?? "";
  return [...section.matchAll(/^\| (.+?) \|/gm)].map(([, cell = ""]) => cell);
};
const names = (cells: string[]): string[] =>
  cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));

test("shows only programs that are tested examples", () => {
  const shown = ["folder", "one-database"].map((name) =>
    readFileSync(join(ROOT, "examples", name, "index.ts"), "utf8"),
  );
  expect(blocks("ts")).toEqual(shown);
});

test("explains exactly the existing states", () => {
  expect(names(firstCells("States"))).toEqual([...MIGRATION_STATUSES]);
});

/** Names of the members that an interface declares itself. */
function membersOf(file: string, name: string): string[] {
  const [, body = ""] = readFileSync(join(ROOT, file), "utf8").split(`export interface ${name}`);
  const [own = ""] = body.slice(body.indexOf("{")).split("\n}");
  return [...own.matchAll(/^ {2}(\w+)\??:/gm)].map(([, member = ""]) => member);
}

test("the table of inputs lists exactly the arguments of DatabaseMigration", () => {
  expect(names(firstCells("Inputs")).sort()).toEqual(
    membersOf("provider/resources/database-migration.ts", "DatabaseMigrationArgs").sort(),
  );
});

test("the table of a whole instance lists the arguments of InstanceMigration that its migrations do not have", () => {
  const common = membersOf("provider/resources/database-migration.ts", "DatabaseMigrationArgs");
  const own = membersOf("components/instance-migration-args.ts", "InstanceMigrationArgs");
  expect(names(firstCells("A whole instance")).sort()).toEqual(own.filter((name) => !common.includes(name)).sort());
});

test("lists the permissions of the code", () => {
  const [policy = ""] = blocks("json");
  expect(JSON.parse(policy)).toEqual(migrationPolicy({ instanceId: "rm-2zesz5774ud8s71i5", bucket: "your-bucket" }));
});

test("every linked file exists", () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = ""]) => link);
  expect(links.length).toBeGreaterThan(4);
  for (const link of links) expect([link, existsSync(join(ROOT, link))]).toEqual([link, true]);
});
