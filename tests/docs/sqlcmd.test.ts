import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");
const FILES = ["docs", "sql"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(md|sql)$/.test(name))
    .map((name) => join(folder, name)),
);

/** Calls to copy: they begin their line. */
const calls = FILES.flatMap((file) =>
  [...readFileSync(join(ROOT, file), "utf8").matchAll(/^ *(sqlcmd -.*)$/gm)].map(
    ([, call = ""]) => [`${file}: ${call}`, call.split(/\s+/)] as const,
  ),
);

test("there are calls of sqlcmd", () => expect(calls.length).toBeGreaterThan(8));

test.each(calls)("%s has the options that it needs", (_call, words) => {
  // https://learn.microsoft.com/en-us/sql/tools/sqlcmd/sqlcmd-utility
  expect(words).toEqual(expect.arrayContaining(["-x", "-b", "-C", "-i"]));
  // -W cannot be used with -y.
  expect(words.includes("-W") && words.includes("-y")).toBe(false);
  // A file for a program has neither headings nor padding.
  if (words.includes("-o")) expect(words.join(" ")).toContain("-h -1 -W -w 65535");
});
