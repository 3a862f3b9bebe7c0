import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../../provider/errors/catalogue";
import { OUTPUT, ROOT, sitePages } from "../../site/pages";
import { isInstalled } from "../../site/vitepress";
import { isFullRun } from "../support/full-run";

/** The installation and the build take half a minute. `.github/workflows/site.yml` sets the variable. */
const isWanted = isFullRun || isInstalled();
if (!isWanted) process.stderr.write("SKIPPED: the web site is not built: run `npm run site` or set EVERY_ENGINE=1.\n");

const read = (...path: string[]): string => readFileSync(join(OUTPUT, ...path), "utf8");

(isWanted ? describe : describe.skip)("the web site in a folder of its host", () => {
  beforeAll(() => {
    const env = { ...process.env, SITE_BASE: "/project/" };
    const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", "site"], {
      cwd: ROOT,
      env,
      encoding: "utf8",
    });
    // The command itself fails for broken links and for what is loaded from another host.
    expect(status === 0 ? "" : stdout + stderr).toBe("");
  }, 180_000);

  test("has the pages of the index and no others, and a policy that lets a browser load nothing from elsewhere", () => {
    const built = readdirSync(OUTPUT, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"));
    const pages = sitePages().map(({ file }) => file.replace(/\.md$/, ".html"));
    expect(built.sort()).toEqual(["404.html", "contents.html", "index.html", ...pages].sort());
    const policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'self\';';
    expect(built.filter((page) => !read(page).includes(policy))).toEqual([]);
  });

  test("has the anchor of every error code", () => {
    const page = read("reference", "errors.html");
    expect(Object.keys(catalogue).filter((code) => !page.includes(`id="${code.toLowerCase()}"`))).toEqual([]);
  });

  test("finds an error code without a service", () => {
    const chunks = readdirSync(join(OUTPUT, "assets", "chunks")).filter((name) => name.startsWith("@localSearchIndex"));
    expect(chunks).toHaveLength(1);
    expect(read("assets", "chunks", chunks[0] ?? "")).toContain("BACKUP_FOREIGN");
  });
});
