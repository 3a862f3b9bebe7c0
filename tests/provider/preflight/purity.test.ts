import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "..", "..", "..", "provider", "preflight");
/** These look things up and hand them to the judges. */
const LOOKS = [
  ...["preflight.ts", "own-task.ts", "look.ts", "look-at-bucket.ts", "look-at-roles.ts", "look-at-source.ts"],
  "look-inside.ts",
];

test.each(readdirSync(FOLDER).filter((file) => !LOOKS.includes(file)))("%s judges values only", (file) => {
  const source = readFileSync(join(FOLDER, file), "utf8");
  expect(source).not.toMatch(/Date\.now|new Date\(\)|process\.|Math\.random|setTimeout|await|async /);
  const modules = [...source.matchAll(/^import (?!type).*from "([^"]+)"/gm)].map(([, name]) => name ?? "");
  expect(modules.filter((name) => /^node:|session|client|store|lazy-sdk/.test(name))).toEqual([]);
});
