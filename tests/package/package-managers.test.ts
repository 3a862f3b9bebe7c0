import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import { findCli } from "../../engine/find-cli";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { pulumiEnvironment } from "../support/command-environment";
import { isFullRun, ONLY_IN_FULL_RUN } from "../support/full-run";
import { missingRegistry } from "../support/npm-registry";
import { bashBlocks } from "../support/page-commands";
import { succeedInShell } from "../support/shell";

jest.setTimeout(600_000);

const ROOT = join(__dirname, "..", "..");
const NPM_PAGE = join(ROOT, "docs", "tutorials", "first-database.md");
const PAGE = join(ROOT, "docs", "how-to", "install.md");
const cli = findCli();

function reasonToSkip(): string | undefined {
  if (!isFullRun) return ONLY_IN_FULL_RUN;
  return cli === undefined ? "pulumi is neither installed nor built (npm run engine)" : missingRegistry();
}
const missing = reasonToSkip();
if (missing !== undefined) console.warn(`SKIPPED: pnpm, yarn and npm install no packages: ${missing}`);
const itRuns = missing === undefined ? it : it.skip;

/** Dependencies whose install scripts are not needed, as the page says. */
const WITH_SCRIPTS = ["@alicloud/openapi-core", "protobufjs"];

let folder: string;
let emulator: Emulator;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  if (missing !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-managers-"));
  emulator = await startEmulator();
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], { cwd: ROOT });
  await writeBackupFile(join(folder, "erp.bak"), { databaseName: "erp", type: "full" });
  mkdirSync(join(folder, "bin"));
  for (const [name, version] of [
    ["pnpm", "10"],
    ["yarn", "1.22.22"],
  ] as const) {
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\nexec npx --yes ${name}@${version} "$@"\n`);
    chmodSync(join(folder, "bin", name), 0o755);
  }
  const pulumi = pulumiEnvironment(folder);
  env = {
    ...emulatedEnvironment(emulator),
    ...pulumi,
    PATH: [join(folder, "bin"), pulumi.PATH].join(delimiter),
  };
});

afterAll(async () => {
  if (missing !== undefined) return;
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Creates a project with the program of this repository, a backup and the tarball. */
function createProject(path: string, packageJson: Record<string, unknown> = {}): string {
  const project = join(folder, path);
  mkdirSync(join(project, "vendor"), { recursive: true });
  mkdirSync(join(project, "backups"));
  cpSync(join(folder, "erp.bak"), join(project, "backups", "erp.bak"));
  const [tarball = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  cpSync(join(folder, tarball), join(project, "vendor", tarball));
  for (const name of ["index.ts", "Pulumi.yaml"]) cpSync(join(ROOT, name), join(project, name));
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "migrations", private: true, ...packageJson }));
  return project;
}

/** The line of a page that installs the packages. */
function installLine(page: string, heading: string, command: string): string {
  const line = bashBlocks(page, heading)
    .join("\n")
    .match(new RegExp(`^${command}.*$`, "m"))?.[0];
  if (line === undefined) throw new Error(`the page has no line that begins with ${command}`);
  return line;
}

const installOther = (command: string): string => installLine(PAGE, "How to install", command);
const npmInstall = (): string => installLine(NPM_PAGE, "## With the cloud", "npm install");

async function preview(project: string, stack: string, extraEnv: NodeJS.ProcessEnv = {}): Promise<string> {
  const { instanceId, bucket, region } = emulator;
  const config = { "alicloud:region": region, instance: instanceId, bucket, backups: "./backups" };
  const settings = Object.entries(config).map(([key, value]) => `pulumi config set ${key} ${value}`);
  const lines = [`pulumi stack init ${stack}`, ...settings, "pulumi preview --non-interactive"].join("\n");
  return succeedInShell(lines, project, { ...env, ...extraEnv });
}

const PLANNED = /DatabaseMigration migration-erp create/;

itRuns("pnpm: runs no install script, asks about none of this package, and the program previews", async () => {
  const project = createProject("pnpm");
  const output = await succeedInShell(installOther("pnpm add"), project, env);
  const ignored = output.match(/Ignored build scripts: ([^\n]*)/)?.[1] ?? "";
  expect([...ignored.matchAll(/(@?[\w/-]+)@\d/g)].map(([, name]) => name).sort()).toEqual(WITH_SCRIPTS);
  expect(await preview(project, "pnpm")).toMatch(PLANNED);
});

itRuns("yarn 1: the program previews", async () => {
  const project = createProject("yarn");
  await succeedInShell(installOther("yarn add"), project, env);
  expect(await preview(project, "yarn")).toMatch(PLANNED);
});

itRuns("an npm workspace: npm lists no script of this package, and the program previews", async () => {
  const project = createProject("acme/migrations");
  writeFileSync(
    join(folder, "acme", "package.json"),
    JSON.stringify({ name: "acme", private: true, workspaces: ["migrations"] }),
  );
  const output = await succeedInShell(npmInstall(), project, env);
  // Since 11.19 npm lists the packages whose scripts nobody has approved; older versions list none.
  const listed = [...output.matchAll(/^npm warn install-scripts +(\S+)@\d/gm)].map(([, name]) => name);
  expect(listed.filter((name) => !WITH_SCRIPTS.includes(`${name}`))).toEqual([]);
  expect(await preview(project, "workspace")).toMatch(PLANNED);
});

itRuns(
  "ES modules, without install scripts: JavaScript previews as it is, TypeScript with the page's settings",
  async () => {
    const project = createProject("esm", { type: "module" });
    await succeedInShell(`npm_config_ignore_scripts=true ${npmInstall()}`, project, env);
    const pulumiYaml = readFileSync(join(project, "Pulumi.yaml"), "utf8");

    const withTsx = readFileSync(PAGE, "utf8").match(/```yaml\n(runtime:[\s\S]*?)```/)?.[1] ?? "";
    const asPage = pulumiYaml.replace(/^runtime:\n( .*\n)*/m, withTsx);
    expect(asPage).toContain("nodeargs");
    await expect(preview(project, "plain")).rejects.toThrow('Unknown file extension ".ts"');
    writeFileSync(join(project, "Pulumi.yaml"), asPage);
    await succeedInShell(installOther("npm install tsx@4"), project, env);
    expect(await preview(project, "tsx")).toMatch(PLANNED);

    writeFileSync(join(project, "Pulumi.yaml"), pulumiYaml.replace("main: index.ts", "main: index.js"));
    writeFileSync(
      join(project, "index.js"),
      `import * as pulumi from "@pulumi/pulumi";
     import { InstanceMigration } from "pulumi-alicloud-sqlserver-migration";
     const [instance, bucket] = ["instance", "bucket"].map((key) => new pulumi.Config().require(key));
     new InstanceMigration("migration", { instance, bucket, backups: "./backups" });`,
    );
    expect(await preview(project, "javascript")).toMatch(PLANNED);
  },
);
