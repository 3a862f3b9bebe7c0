import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const ROOT = join(__dirname, "..", "..");

/** Every page of the repository, including uncommitted ones. */
const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((name) => name !== "" && existsSync(join(ROOT, name)));

const withoutCode = (text: string): string => text.replace(/```[\s\S]*?```/g, "").replace(/`[^`\n]*`/g, "");

/** The anchor that GitHub generates for a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const anchorsOf = (file: string): string[] =>
  [
    ...readFileSync(file, "utf8")
      .replace(/```[\s\S]*?```/g, "")
      .matchAll(/^#+ (.+)$/gm),
  ].map(([, heading = ""]) => anchorOf(heading));

test("finds pages", () => {
  expect(pages).toEqual(expect.arrayContaining(["README.md", "docs/reference/errors.md", "emulator/README.md"]));
});

test.each(pages)("the links of %s have existing targets", (page) => {
  const file = join(ROOT, page);
  const broken: string[] = [];
  for (const [, target = ""] of withoutCode(readFileSync(file, "utf8")).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path = "", anchor] = target.split("#");
    const linked = path === "" ? file : resolve(dirname(file), path);
    if (!existsSync(linked) || relative(ROOT, linked).startsWith("..")) broken.push(target);
    else if (anchor !== undefined && linked.endsWith(".md") && !anchorsOf(linked).includes(anchor)) broken.push(target);
  }
  expect(broken).toEqual([]);
});

test("the index lists every page of docs/", () => {
  const index = readFileSync(join(ROOT, "docs", "README.md"), "utf8");
  const listed = [...index.matchAll(/\]\((\w[\w/-]*\.md)\)/g)].map(([, name]) => `docs/${name}`);
  const inFolder = pages.filter((name) => /^docs\/.+\.md$/.test(name) && name !== "docs/README.md");
  expect([...new Set(listed)].sort()).toEqual([...inFolder].sort());
});
