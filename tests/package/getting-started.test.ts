import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import { findCli } from "../../engine/find-cli";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { pulumiEnvironment } from "../support/command-environment";
import { missingRegistry } from "../support/npm-registry";
import { bashBlocks, type Replacement, replaceLines } from "../support/page-commands";
import { succeedInShell } from "../support/shell";

jest.setTimeout(900_000);

const ROOT = join(__dirname, "..", "..");
const PAGE = join(ROOT, "docs", "tutorials", "first-database.md");
const cli = findCli();
const missing = cli === undefined ? "pulumi is neither installed nor built (npm run engine)" : missingRegistry();
if (missing !== undefined)
  console.warn(`SKIPPED: docs/tutorials/first-database.md cannot be executed here: ${missing}`);
const itRuns = missing === undefined ? it : it.skip;

/** Lines that cannot run as they are. */
const REPLACED: Replacement[] = [
  {
    line: /git clone https:\/\/… /,
    by: 'git clone --quiet "$ORIGIN" pulumi-alicloud-sqlserver-migration ',
    why: "the page names no address; the clone is one of this checkout",
  },
  {
    line: /^npm ci\nnpm run demo\n/m,
    by: 'ln -s "$PACKAGES" node_modules\n',
    why: "the README's two commands, which .ci/run runs in a fresh clone",
  },
  {
    line: /^export ALIBABA_CLOUD_ACCESS_KEY_ID=….*$/m,
    by: "",
    why: "the keys of the emulator are in the environment",
  },
  {
    line: /^pulumi preview .*sends nothing$/m,
    by: `sed -i "s|new MigrationBucket(.*);|'$BUCKET';|" index.ts\nmkdir backups && cp "$BACKUP" backups/erp.bak\npulumi preview --non-interactive`,
    why: "the example creates a bucket with the alicloud plugin, whose download does not come from the npm registry; the backup is the user's",
  },
  {
    line: /^pulumi up .*until the database is online$/m,
    by: "pulumi up --yes --non-interactive",
    why: "it asks for a yes",
  },
  {
    line: /^pulumi preview .*nothing to do$/m,
    by: "pulumi preview --non-interactive --expect-no-changes",
    why: "the comment is the expectation",
  },
];

/** A repository with the files of this checkout, uncommitted ones too. */
function createOrigin(folder: string): string {
  const origin = join(folder, "origin");
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  for (const name of execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).split("\0").filter(Boolean))
    if (existsSync(join(ROOT, name)) && name !== "node_modules") cpSync(join(ROOT, name), join(origin, name));
  const git = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  execFileSync("git", ["init", "--quiet"], { cwd: origin });
  execFileSync("git", ["add", "--all"], { cwd: origin });
  execFileSync("git", [...git, "commit", "--quiet", "--message", "Files of this checkout"], { cwd: origin });
  return origin;
}

itRuns(
  "every command of docs/tutorials/first-database.md runs: a clone, npm pack, with an empty npm cache, a project, up",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-start-"));
    const emulator = await startEmulator({ taskMs: 1 });
    try {
      // The instance of the example program.
      await emulator.rds.setInstance({ id: "rm-2zesz5774ud8s71i5", accounts: [{ name: "dba", type: "Super" }] });
      const backup = join(folder, "erp.bak");
      await writeBackupFile(backup, { databaseName: "erp", type: "full" });
      const env: NodeJS.ProcessEnv = {
        ...emulatedEnvironment(emulator),
        ...pulumiEnvironment(folder),
        npm_config_cache: join(folder, "npm-cache"),
        ORIGIN: createOrigin(folder),
        PACKAGES: join(ROOT, "node_modules"),
        BUCKET: emulator.bucket,
        BACKUP: backup,
      };
      // The program is type-checked, as a user's is.
      delete env.PULUMI_NODEJS_TRANSPILE_ONLY;
      // One shell: the page's cd and export last.
      const blocks = [...bashBlocks(PAGE, "## Without the cloud"), ...bashBlocks(PAGE, "## With the cloud")];
      const lines = replaceLines(blocks.join("\n"), REPLACED);
      const output = await succeedInShell(`${lines}\npulumi stack output status`, folder, env);
      expect(output.trimEnd()).toMatch(/\nonline$/);
      expect(emulator.journal.entries.filter(({ action }) => action === "CreateMigrateTask")).toHaveLength(1);
    } finally {
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test("the test above runs every block of the page", () => {
  const all = [...readFileSync(PAGE, "utf8").matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  expect([...bashBlocks(PAGE, "## Without the cloud"), ...bashBlocks(PAGE, "## With the cloud")]).toEqual(all);
});

const EXAMPLES = join(ROOT, "examples");
/** Programs that use the native plugin, and a pack of policies, which does not use this package. */
const WITHOUT_PACKAGE = ["languages", "policy-pack"];
const readmes = readdirSync(EXAMPLES).filter(
  (name) => existsSync(join(EXAMPLES, name, "README.md")) && !WITHOUT_PACKAGE.includes(name),
);

test.each(readmes)("examples/%s installs the package with the commands of this page", (name) => {
  const installation = /^npm init --yes\nnpm install .*\n/m;
  const [ofPage] = bashBlocks(PAGE, "## With the cloud").join("\n").match(installation) ?? [];
  expect(ofPage).toContain("./vendor/");
  expect(
    readFileSync(join(EXAMPLES, name, "README.md"), "utf8")
      .match(/^npm i.*\n/gm)
      ?.join(""),
  ).toBe(ofPage);
});
