import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parse } from "yaml";
import { findCli } from "../../engine/find-cli";

jest.setTimeout(60_000);

const ROOT = join(__dirname, "..", "..");
const read = (name: string): string => readFileSync(join(ROOT, name), "utf8");

interface Declared {
  type: "string" | "integer" | "boolean" | "array";
  default?: unknown;
  description?: string;
}
interface Project {
  config: Record<string, Declared>;
  template: { config: Record<string, { secret?: boolean; description?: string }> };
}
const project: Project = parse(read("Pulumi.yaml"));
/** Keys that only `pulumi new` prompts for. A secret with a default would be in plain text, and one without would be required. */
const optionalSecrets = Object.entries(project.template.config).flatMap(([key, { secret }]) => (secret ? [key] : []));

test("the program reads exactly the declared keys, and each has a description and a default", () => {
  const used = [...read("index.ts").matchAll(/(?:config\.\w+(?:<[^(]*>)?|optional)\(\s*"(\w+)"/g)].map(
    ([, key]) => key,
  );
  expect([...new Set(used)].sort()).toEqual([...Object.keys(project.config), ...optionalSecrets].sort());
  for (const [key, { description, ...declared }] of Object.entries(project.config)) {
    expect([key, description]).toEqual([key, expect.stringMatching(/\w{3}/)]);
    expect([key, declared]).toEqual([key, expect.objectContaining({ default: expect.anything() })]);
  }
  expect(optionalSecrets).toEqual(["accountPassword"]);
});

const stacks = readdirSync(ROOT).filter((name) => /^Pulumi\.\w+\.yaml$/.test(name));
const IS_OF_TYPE: Record<Declared["type"], (value: unknown) => boolean> = {
  string: (value) => typeof value === "string",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
  array: Array.isArray,
};

test.each(stacks)("%s sets declared keys to values of their types, and no secret", (name) => {
  const { config }: { config: Record<string, unknown> } = parse(read(name));
  const own = Object.entries(config).filter(([key]) => !key.includes(":"));
  expect(own.length).toBeGreaterThan(2);
  for (const [key, value] of own) {
    const declared = project.config[key];
    expect([key, value, declared !== undefined && IS_OF_TYPE[declared.type](value)]).toEqual([key, value, true]);
  }
});

const command = findCli();

test("pulumi new accepts the repository as a template", () => {
  if (command === undefined) {
    console.warn("SKIPPED: pulumi is neither installed nor built (npm run engine).");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-template-"));
  try {
    const clone = join(folder, "clone");
    // The files of a clone, plus uncommitted ones.
    const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" }).split("\0");
    for (const name of tracked.filter((each) => existsSync(join(ROOT, each)) && each !== ""))
      cpSync(join(ROOT, name), join(clone, name));
    const made = join(folder, "made");
    const args = ["new", clone, "--generate-only", "--yes", "--force", "--non-interactive"];
    execFileSync(command.executable, [...args, "--name", "erp-migration", "--dir", made], {
      stdio: "ignore",
      env: {
        ...process.env,
        PATH: `${process.env.PATH}${delimiter}${dirname(command.executable)}`,
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_SKIP_UPDATE_CHECK: "1",
      },
    });
    const { name, main, config } = parse(readFileSync(join(made, "Pulumi.yaml"), "utf8"));
    expect([name, main]).toEqual(["erp-migration", "index.ts"]);
    expect(Object.keys(config)).toEqual(expect.arrayContaining(Object.keys(project.config)));
    expect(["index.ts", "package.json", "tsconfig.json"].filter((file) => !existsSync(join(made, file)))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
