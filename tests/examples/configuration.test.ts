import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const ROOT = join(__dirname, "..", "..");
const read = (name: string): string => readFileSync(join(ROOT, name), "utf8");

interface Declared {
  type: "string" | "integer" | "boolean" | "array";
  default?: unknown;
  description?: string;
}
interface Project {
  config: Record<string, Declared>;
}
const project: Project = parse(read("Pulumi.yaml"));
/** A secret cannot be declared: with a default it would be in plain text, and without one it would be required. */
const OPTIONAL_SECRETS = ["accountPassword"];

test("the program reads exactly the declared keys, and each has a description and a default", () => {
  const used = [...read("index.ts").matchAll(/(?:config\.\w+(?:<[^(]*>)?|optional)\(\s*"(\w+)"/g)].map(
    ([, key]) => key,
  );
  expect([...new Set(used)].sort()).toEqual([...Object.keys(project.config), ...OPTIONAL_SECRETS].sort());
  for (const [key, { description, ...declared }] of Object.entries(project.config)) {
    expect([key, description]).toEqual([key, expect.stringMatching(/\w{3}/)]);
    expect([key, declared]).toEqual([key, expect.objectContaining({ default: expect.anything() })]);
  }
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
