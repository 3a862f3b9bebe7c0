import { spawnSync } from "node:child_process";
import { brokenLinks, externalResources } from "./check-site";
import { BASE, OUTPUT } from "./pages";
import { isInstalled, VITEPRESS } from "./vitepress";

/**
 * `npm run site`: builds the web site into `.work/site`. Fails when a link has no target or a page loads anything from another
 * host. `--serve` serves the pages instead and shows an edited page at once.
 */
function run(command: string, args: string[]): void {
  // The warning is about a loader that a later major version of Vite makes the default.
  const env = { ...process.env, VITE_CONFIG_NATIVE_IGNORE_WARNING: "true" };
  const { status } = spawnSync(command, args, { stdio: "inherit", env, shell: command === "npm" });
  if (status !== 0) process.exit(status ?? 1);
}

if (!isInstalled()) run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", `"${__dirname}"`]);
if (process.argv.includes("--serve")) {
  run(process.execPath, [VITEPRESS, "dev", __dirname]);
} else {
  run(process.execPath, [VITEPRESS, "build", __dirname]);
  const problems = [
    ...brokenLinks(OUTPUT, BASE).map((link) => `broken link: ${link}`),
    ...externalResources(OUTPUT).map((address) => `loaded from another host: ${address}`),
  ];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else console.log(`The site is in ${OUTPUT}.`);
}
