import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import { findCli } from "../../engine/find-cli";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { pulumiEnvironment } from "../support/command-environment";
import { isFullRun } from "../support/full-run";
import { missingRegistry } from "../support/npm-registry";
import { bashBlock, replaceLines } from "../support/page-commands";
import { runShell, succeedInShell } from "../support/shell";
import { buildWithoutImage } from "./image-build";
import { cloneWithPipeline, createUserRepository, PIPELINES_PAGE } from "./user-repository";
import { runJob } from "./workflow-run";

jest.setTimeout(600_000);

const cli = findCli();
const missing = cli === undefined ? "pulumi is neither installed nor built (npm run engine)" : missingRegistry();
if (missing !== undefined) console.warn(`SKIPPED: the pipelines' steps cannot run here: ${missing}`);
const itRuns = missing === undefined ? it : it.skip;

/** The instance and the bucket of the example files. */
const INSTANCE = "rm-2zesz5774ud8s71i5";
const BUCKET = "acme-migration";
const KEY = "backups/erp.bak";

let folder: string;
let backup: string;
let emulator: Emulator;

beforeAll(async () => {
  if (missing !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-pipelines-"));
  backup = join(folder, "erp.bak");
  await writeBackupFile(backup, { databaseName: "erp", type: "full" });
  await openCloud();
  const env = runnerEnvironment("setup");
  const program = await createUserRepository(folder, env);
  const block = bashBlock(PIPELINES_PAGE, "## Adding a database");
  const why = "ossutil is not installed; the test puts the object into the emulator";
  await succeedInShell(replaceLines(block, [{ line: /^ossutil cp .*$/m, by: "", why }]), program, env);
  await emulator.close();
});

beforeEach(async () => {
  if (missing === undefined) await openCloud();
});

afterEach(() => emulator?.close());
afterAll(() => missing === undefined && rmSync(folder, { recursive: true, force: true }));

/** Starts an emulator with the instance, the bucket and the uploaded backup. */
async function openCloud(): Promise<void> {
  // The task ends before the first poll, because the files use the default poll interval of half a minute.
  emulator = await startEmulator({ taskMs: 1 });
  await emulator.rds.setInstance({ id: INSTANCE, accounts: [{ name: "dba", type: "Super" }] });
  emulator.oss.makeBucket({ name: BUCKET });
  await upload();
}

const upload = () => emulator.oss.putObject(BUCKET, KEY, backup);

/** The environment of a runner: the emulated cloud, a file backend of its own, and the command on the PATH. */
function runnerEnvironment(name: string): NodeJS.ProcessEnv {
  return {
    ...emulatedEnvironment(emulator),
    ...pulumiEnvironment(mkdtempSync(join(folder, `state-${name}-`))),
    ...Object.fromEntries(["AUTHOR", "COMMITTER"].map((role) => [`GIT_${role}_NAME`, "Test"])),
    ...Object.fromEntries(["AUTHOR", "COMMITTER"].map((role) => [`GIT_${role}_EMAIL`, "test@example.com"])),
    // A file backend has no organization acme.
    STACK: "prod",
  };
}

async function readCounts(program: string, env: NodeJS.ProcessEnv): Promise<unknown> {
  const outputs = JSON.parse(await succeedInShell("pulumi stack output --json --stack prod", program, env));
  expect(outputs.failures).toEqual([]);
  return outputs.counts;
}

const tasksCreated = (): number =>
  emulator.journal.entries.filter(({ action, status }) => action === "CreateMigrateTask" && status === 200).length;

const PLANNED = /DatabaseMigration migration-erp create/;
const SUBMITTED = { total: 1, online: 0, waitingForIncrements: 0, inProgress: 1, failed: 0 };
const ONLINE = { ...SUBMITTED, online: 1, inProgress: 0 };

itRuns("GitHub: the preview of a pull request, the up of its merge and the hourly up", async () => {
  const clone = join(folder, "github");
  const program = join(clone, "migrations");
  const env = runnerEnvironment("github");
  await cloneWithPipeline(folder, "GitHub", clone, env);
  await succeedInShell("pulumi stack init prod", program, env);

  const runner = { clone, done: new Set<string>() };
  expect(await runJob(runner, "preview", "pull_request", env)).toMatch(PLANNED);
  expect(tasksCreated()).toBe(0);
  await runJob(runner, "up", "push", env);
  expect(await readCounts(program, env)).toEqual(SUBMITTED);
  await runJob(runner, "up", "schedule", env);
  expect(await readCounts(program, env)).toEqual(ONLINE);
  expect(tasksCreated()).toBe(1);
});

itRuns("GitLab: a manifest without its upload fails the preview; then preview, up and the scheduled up", async () => {
  const clone = join(folder, "gitlab");
  const program = join(clone, "migrations");
  const env = {
    ...runnerEnvironment("gitlab"),
    // GitLab's OIDC tokens do not exist here; the keys of the environment precede them.
    ...{ ALIBABA_TOKEN: "a token", OIDC_PROVIDER_ARN: "an ARN", PREVIEW_ROLE_ARN: "an ARN", UP_ROLE_ARN: "an ARN" },
  };
  await cloneWithPipeline(folder, "GitLab", clone, env);
  await succeedInShell("pulumi stack init prod", program, env);
  const file = parse(readFileSync(join(clone, ".gitlab-ci.yml"), "utf8"));
  const before: string[] = file[".pulumi"].before_script;
  const run = (job: string, beforeScript: string[], variables: Record<string, string> = {}) =>
    runShell([...beforeScript, ...file[job].script].join("\n"), clone, { ...env, ...variables });

  emulator.oss.removeObject(BUCKET, KEY);
  const early = await run("preview", before);
  expect(early).toEqual({ exitCode: 1, output: expect.stringContaining(`OBJECT_MISSING: [backup] the object ${KEY}`) });
  await upload();
  // npm ci has run in this clone; each job of GitLab has a clone of its own.
  const installed = before.filter((line) => line !== "npm ci");
  expect(await run("preview", installed)).toEqual({ exitCode: 0, output: expect.stringMatching(PLANNED) });
  expect(await run("up", installed)).toEqual({ exitCode: 0, output: expect.anything() });
  expect(await readCounts(program, env)).toEqual(SUBMITTED);
  const [scheduled] = file.up.rules;
  expect(scheduled.if).toContain("schedule");
  expect(await run("up", installed, scheduled.variables)).toEqual({ exitCode: 0, output: expect.anything() });
  expect(await readCounts(program, env)).toEqual(ONLINE);
  expect(tasksCreated()).toBe(1);
});

(isFullRun ? itRuns : it.skip)(
  "Operator: the Dockerfile's steps with an empty npm cache, then preview and up with the settings of stack.yaml",
  async () => {
    const clone = join(folder, "operator");
    const context = join(clone, "migrations");
    const env = runnerEnvironment("operator");
    await cloneWithPipeline(folder, "Operator", clone, env);
    for (const name of ["Pulumi.prod.yaml", "backups/erp.bak", "node_modules/left/over.js"]) {
      mkdirSync(dirname(join(context, name)), { recursive: true });
      writeFileSync(join(context, name), "");
    }

    const npmEnv = { ...env, npm_config_cache: mkdtempSync(join(folder, "npm-cache-")) };
    const image = await buildWithoutImage(context, join(folder, "image"), npmEnv, [
      {
        line: /^RUN pulumi install --no-dependencies$/m,
        by: "RUN pulumi install --no-dependencies --no-plugins",
        why: "plugins are not downloaded here; with an existing bucket and instance the program needs none",
      },
    ]);
    const unwanted = ["Pulumi.prod.yaml", "backups", "node_modules/left"].filter((name) =>
      existsSync(join(image, name)),
    );
    expect(unwanted).toEqual([]);

    const documents = parseAllDocuments(readFileSync(join(context, "stack.yaml"), "utf8")).map((each) => each.toJS());
    const { spec } = documents.find(({ kind }) => kind === "Stack");
    expect(join(folder, "image", spec.workspaceTemplate.spec.local.dir)).toBe(image);
    const keys = ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"];
    expect(Object.keys(spec.envRefs)).toEqual(expect.arrayContaining(keys));
    const settings = Object.entries<string>(spec.config).map(([key, value]) => `pulumi config set ${key} ${value}`);
    await succeedInShell(["pulumi stack init prod", ...settings].join("\n"), image, env);
    expect(await succeedInShell("pulumi preview --non-interactive", image, env)).toMatch(PLANNED);
    const up = `pulumi up --yes --non-interactive${spec.refresh ? " --refresh" : ""}`;
    await succeedInShell(up, image, env);
    expect(await readCounts(image, env)).toEqual(SUBMITTED);
    await succeedInShell(up, image, env);
    expect(await readCounts(image, env)).toEqual(ONLINE);
    expect(tasksCreated()).toBe(1);
  },
);
