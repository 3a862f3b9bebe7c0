import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findCli } from "../../engine/find-cli";
import { builtCli } from "../../engine/pulumi-build/build-directory";

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "find-cli-"));
  // The PATH of the test has Node.js for the launcher, and no directory in which a pulumi may be installed.
  mkdirSync(join(folder, "path"));
  symlinkSync(process.execPath, join(folder, "path", "node"));
  env = { PATH: join(folder, "path"), PULUMI_HOME: join(folder, "home") };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const find = () => findCli(env, folder);

/** Writes an executable script and returns its path. */
function script(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

const command = (path: string, version: string): string => script(path, `#!/bin/sh\necho ${version}\n`);

/** Installs a launcher like the npm package's: `.bin/pulumi` links to `pulumi/run.js`. */
function launcher(text: string): string {
  script("node_modules/pulumi/run.js", `#!/usr/bin/env node\n${text}\n`);
  mkdirSync(join(folder, "node_modules", ".bin"));
  const link = join(folder, "node_modules", ".bin", "pulumi");
  symlinkSync("../pulumi/run.js", link);
  return link;
}

/** The executable of `npm run engine`, which is never started to ask for its version. */
const built = (): string => script(builtCli("").executable, "");

test("nothing is found where nothing is installed or built", () => {
  expect(find()).toBeUndefined();
});

test("the PATH comes first, then the npm package, the newest downloaded version, and the build", () => {
  const executable = built();
  expect(find()).toEqual({ executable, version: builtCli().version, origin: "built here" });

  command("home/versions/3.9.0/bin/pulumi", "v3.9.0");
  const newest = command("home/versions/3.260.0/bin/pulumi", "v3.260.0");
  expect(find()).toEqual({ executable: newest, version: "v3.260.0", origin: "installed" });

  const npm = launcher(`console.log("v3.250.0")`);
  expect(find()).toEqual({ executable: npm, version: "v3.250.0", origin: "npm package" });

  const onPath = command("path/pulumi", "v3.255.0");
  expect(find()).toEqual({ executable: onPath, version: "v3.255.0", origin: "installed" });
});

test("the command that the npm package downloads at its first use is started directly, so that signals reach it", () => {
  const downloaded = join(folder, "home", "versions", "3.250.0", "bin", "pulumi");
  launcher(`
    const fs = require("node:fs");
    fs.mkdirSync(${JSON.stringify(dirname(downloaded))}, { recursive: true });
    fs.writeFileSync(${JSON.stringify(downloaded)}, "#!/bin/sh\\n", { mode: 0o755 });
    console.log("=== Installing Pulumi ===");
    console.log("v3.250.0");
  `);
  expect(find()).toEqual({ executable: downloaded, version: "v3.250.0", origin: "npm package" });
});

test("a command that does not run, such as an npm package that cannot download, is passed over", () => {
  const executable = built();
  launcher("process.exit(1)");
  script("path/pulumi", "#!/bin/sh\nexit 1\n");
  expect(find()).toMatchObject({ executable, origin: "built here" });
});
