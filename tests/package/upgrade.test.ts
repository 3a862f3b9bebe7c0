import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import { findCli } from "../../engine/find-cli";
import { packageVersion } from "../../provider/cli/program/package-folder";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { pulumiEnvironment } from "../support/command-environment";
import { isFullRun, ONLY_IN_FULL_RUN } from "../support/full-run";
import { missingRegistry } from "../support/npm-registry";
import { succeedInShell } from "../support/shell";

jest.setTimeout(900_000);

const ROOT = join(__dirname, "..", "..");
const NAME = "pulumi-alicloud-sqlserver-migration";

/** The last commit of 0.1.0, which has no tag. */
const COMMIT_0_1_0 = "5a48818acc083c09b4f09a8311ad7364bd97c498";

const cli = findCli();
const hasCommit = spawnSync("git", ["cat-file", "-e", `${COMMIT_0_1_0}^{commit}`], { cwd: ROOT }).status === 0;

function reasonToSkip(): string | undefined {
  if (!isFullRun) return ONLY_IN_FULL_RUN;
  if (cli === undefined) return "pulumi is neither installed nor built (npm run engine)";
  if (!hasCommit) return "the history of this clone has no 0.1.0";
  return missingRegistry();
}
const skipped = reasonToSkip();
if (skipped !== undefined) console.warn(`SKIPPED: no project is taken from 0.1.0 to this version: ${skipped}`);

let folder: string;
let project: string;
let emulator: Emulator;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  if (skipped !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-from-0.1.0-"));
  project = join(folder, "migrations");
  emulator = await startEmulator({ taskMs: 1 });
  mkdirSync(join(project, "vendor"), { recursive: true });
  mkdirSync(join(project, "backups"));
  pack(checkout(COMMIT_0_1_0));
  pack(ROOT);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "migrations", private: true }));
  writeFileSync(join(project, "Pulumi.yaml"), "name: migrations\nruntime: nodejs\nmain: index.ts\n");
  writeFileSync(
    join(project, "index.ts"),
    `import { InstanceMigration } from "${NAME}";
const fleet = new InstanceMigration("fleet", {
  instance: "${emulator.instanceId}", bucket: "${emulator.bucket}", backups: "./backups", pollInterval: "200ms",
});
export const { summary } = fleet;`,
  );
  env = {
    ...emulatedEnvironment(emulator),
    ...pulumiEnvironment(folder),
  };
});

afterAll(async () => {
  if (skipped !== undefined) return;
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The built sources of a commit. Types are not checked: packages that this checkout no longer has are missing. */
function checkout(commit: string): string {
  const sources = join(folder, commit);
  mkdirSync(sources);
  const files = "components provider sql package.json tsconfig.json tsconfig.build.json README.md CHANGELOG.md LICENSE";
  const archive = execFileSync("git", ["archive", commit, ...files.split(" ")], { cwd: ROOT, maxBuffer: 64e6 });
  execFileSync("tar", ["-x"], { cwd: sources, input: archive });
  symlinkSync(join(ROOT, "node_modules"), join(sources, "node_modules"));
  execFileSync("npx", ["tsc", "-p", "tsconfig.build.json", "--noCheck"], { cwd: sources });
  return sources;
}

function pack(sources: string): void {
  const args = ["pack", "--ignore-scripts", "--silent", "--pack-destination", join(project, "vendor")];
  execFileSync("npm", args, { cwd: sources });
}

const install = (version: string): Promise<string> =>
  succeedInShell(
    `npm install --ignore-scripts --no-audit --no-fund ./vendor/${NAME}-${version}.tgz @pulumi/pulumi @pulumi/alicloud typescript@5`,
    project,
    env,
  );

const pulumi = (command: string): Promise<string> => succeedInShell(`pulumi ${command}`, project, env);

const addBackup = (databaseName: string): Promise<unknown> =>
  writeBackupFile(join(project, "backups", `${databaseName}.bak`), { databaseName, type: "full" });

const tasks = (): number => emulator.journal.entries.filter(({ action }) => action === "CreateMigrateTask").length;

const itRuns = skipped === undefined ? it : it.skip;

itRuns(
  "a project of 0.1.0 previews and updates without a change under this version, which reads its state",
  async () => {
    await addBackup("erp");
    await addBackup("crm");
    await install("0.1.0");
    await pulumi("stack init dev");
    await pulumi(`config set alicloud:region ${emulator.region}`);
    await pulumi("up --yes --non-interactive");
    expect(tasks()).toBe(2);

    await install(packageVersion());
    for (const command of ["preview", "up --yes", "refresh --yes"])
      await pulumi(`${command} --non-interactive --expect-no-changes`);
    expect(tasks()).toBe(2);
    const table = await succeedInShell("npx --no sqlserver-migration status --stack dev", project, env);
    expect(table).toMatch(/^2 of 2 databases online, 0 failed/);
  },
);

itRuns("the project goes back to 0.1.0 and forward again; each version migrates only what is new", async () => {
  await addBackup("hr");
  await pulumi("up --yes --non-interactive");
  await install("0.1.0");
  await pulumi("preview --non-interactive --expect-no-changes");
  await addBackup("shop");
  await pulumi("up --yes --non-interactive");
  await install(packageVersion());
  await pulumi("preview --non-interactive --expect-no-changes");
  expect(tasks()).toBe(4);

  await pulumi("destroy --yes --non-interactive");
  expect(emulator.journal.entries.filter(({ action }) => /^Delete(Database|DBInstance)$/.test(action))).toEqual([]);
});
