import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Emulator } from "../../emulator/emulator";
import { findCli } from "../../engine/find-cli";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { pluginConfig } from "../support/alicloud-plugin";
import { bashBlocks, replaceLines } from "../support/page-commands";
import { runShell, succeedInShell } from "../support/shell";

jest.setTimeout(240_000);

const ROOT = join(__dirname, "..", "..");
const PAGE = join(ROOT, "docs", "tutorials", "rehearse.md");
const MAIN = "pulumi-alicloud-sqlserver-migration";
const EMULATOR = `${MAIN}-emulator`;

let folder: string;
let project: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-rehearsal-"));
  project = createProject();
  await writeBackupFile(join(project, "erp.bak"), { databaseName: "erp", type: "full" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Packs a package and extracts it, as an installation does. */
function pack(source: string, to: string): void {
  const target = mkdtempSync(join(folder, "pack-"));
  const args = ["pack", source, "--silent", "--pack-destination", target];
  execFileSync("npm", source === "." ? [...args, "--ignore-scripts"] : args, { cwd: ROOT });
  const [tarball = ""] = readdirSync(target);
  execFileSync("tar", ["-xzf", tarball], { cwd: target });
  cpSync(join(target, "package"), to, { recursive: true });
}

/** A project with both packages; what they depend on comes from this checkout. */
function createProject(): string {
  const path = join(folder, "migrations");
  const modules = join(path, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  for (const entry of readdirSync(join(ROOT, "node_modules")).filter((each) => !each.startsWith(".")))
    symlinkSync(join(ROOT, "node_modules", entry), join(modules, entry));
  pack(".", join(modules, MAIN));
  pack("./emulator", join(modules, EMULATOR));
  symlinkSync(
    join("..", MAIN, "dist", "provider", "cli", "sqlserver-migration.js"),
    join(modules, ".bin", "sqlserver-migration"),
  );
  execFileSync("chmod", ["+x", join(modules, MAIN, "dist", "provider", "cli", "sqlserver-migration.js")]);
  writeFileSync(join(path, "package.json"), JSON.stringify({ name: "migrations", private: true }));
  writeFileSync(join(path, "Pulumi.yaml"), "name: migrations\nruntime: nodejs\nmain: index.ts\n");
  writeFileSync(
    join(path, "index.ts"),
    `import { DatabaseMigration } from "${MAIN}";
export const { status } = new DatabaseMigration("erp", {
  instanceId: "rm-2zesz5774ud8s71i5", bucket: "acme-migration", backup: "./erp.bak", pollInterval: "200ms",
});`,
  );
  return path;
}

const cli = findCli();
const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${dirname(cli?.executable ?? "")}${delimiter}${process.env.PATH}`,
  PULUMI_BACKEND_URL: `file://${folder}`,
  PULUMI_CONFIG_PASSPHRASE: "passphrase",
  PULUMI_SKIP_UPDATE_CHECK: "1",
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  PULUMI_NODEJS_TRANSPILE_ONLY: "true",
});

if (cli === undefined) console.warn("SKIPPED: docs/tutorials/rehearse.md needs the pulumi command (npm run engine)");
(cli ? it : it.skip)("the commands of a rehearsal run: up, a preview without changes, destroy", async () => {
  const [block = ""] = bashBlocks(PAGE, "## A rehearsal");
  const flags = "the test has no terminal";
  const lines = replaceLines(block, [
    { line: /-- pulumi up$/m, by: "-- pulumi up --yes --non-interactive", why: flags },
    {
      line: /^(npx .*)-- pulumi preview(.*)$/m,
      by: "npx --no sqlserver-migration emulator --state .rehearsal -- pulumi preview --non-interactive --expect-no-changes\npulumi stack output status",
      why: `${flags}; the output of the up`,
    },
    { line: /-- pulumi destroy$/m, by: "-- pulumi destroy --yes --non-interactive", why: flags },
  ]);
  const output = await succeedInShell(lines, project, environment());
  expect(output).toMatch(
    /emulator: http:\/\/127\.0\.0\.1:\d+, region cn-hangzhou, instance rm-2zesz5774ud8s71i5, bucket acme-migration\n/,
  );
  expect(output).toMatch(/\nonline\n/);
});

it("the emulator ends with the command's exit status, and names a command that does not exist", async () => {
  const run = (command: string) =>
    runShell(`npx --no sqlserver-migration emulator -- ${command}`, project, environment());
  expect(await run(`sh -c 'test -n "$ALIBABA_CLOUD_ENDPOINT_RDS" && exit 7'`)).toMatchObject({ exitCode: 7 });
  expect(await run("sh -c 'kill -9 $$'")).toMatchObject({ exitCode: 137 });
  expect(await run("no-such-command")).toEqual({
    exitCode: 1,
    output: expect.stringContaining("sqlserver-migration: the command no-such-command cannot be started: "),
  });
});

it("a project without the package learns which one it needs", async () => {
  rmSync(join(project, "node_modules", EMULATOR), { recursive: true });
  const { exitCode, output } = await runShell("npx --no sqlserver-migration emulator", project, environment());
  expect([exitCode, output]).toEqual([
    1,
    expect.stringContaining(`the package ${EMULATOR} is not installed in this project.`),
  ]);
});

it("the settings for the alicloud provider are those with which its plugin runs in the tests", () => {
  const lines = bashBlocks(PAGE, "## Resources of the alicloud provider").join("\n");
  const set = (pattern: RegExp) =>
    Object.fromEntries([...lines.matchAll(pattern)].map(([, key, value]) => [key, value]));
  const { "alicloud:endpoints": endpoints, ...others } = pluginConfig({
    endpoint: "http://127.0.0.1:8080",
  } as Emulator);
  expect(set(/^pulumi config set (alicloud:\w+) (.*)$/gm)).toEqual(others);
  expect([set(/^pulumi config set --path 'alicloud:endpoints\[0\]\.(\w+)' (.*)$/gm)]).toEqual(
    JSON.parse(`${endpoints}`),
  );
});

it("its package has the version and the dependencies of this one", () => {
  const read = (path: string) => JSON.parse(readFileSync(join(ROOT, path, "package.json"), "utf8"));
  const [main, emulator] = [read("."), read("emulator")];
  expect(emulator.version).toBe(main.version);
  expect(main.dependencies).toMatchObject(emulator.dependencies);
});
