import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "..", "..", "..", "provider", "preflight");
/** These fetch the facts that the checks decide on. */
const FETCHING = [
  ...["preflight.ts", "own-task.ts", "fetched.ts", "fetch-bucket.ts", "fetch-roles.ts", "fetch-source.ts"],
  "examine-destination.ts",
];

test.each(readdirSync(FOLDER).filter((file) => !FETCHING.includes(file)))("%s decides on values only", (file) => {
  const source = readFileSync(join(FOLDER, file), "utf8");
  expect(source).not.toMatch(/Date\.now|new Date\(\)|process\.|Math\.random|setTimeout|await|async /);
  const modules = [...source.matchAll(/^import (?!type).*from "([^"]+)"/gm)].map(([, name]) => name ?? "");
  expect(modules.filter((name) => /^node:|session|client|store|lazy-sdk/.test(name))).toEqual([]);
});
