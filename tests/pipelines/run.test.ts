import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import { findCli } from "../../engine/find-engines";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { missingRegistry } from "../support/npm-registry";
import { bashBlocks, replaceLines } from "../support/page-commands";
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
let gitEnv: NodeJS.ProcessEnv;
let emulator: Emulator;

beforeAll(async () => {
  if (missing !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-pipelines-"));
  backup = join(folder, "erp.bak");
  await writeBackupFile(backup, { databaseName: "erp", type: "full" });
  gitEnv = await createUserRepository(folder, process.env);
});

beforeEach(async () => {
  if (missing !== undefined) return;
  // The task ends before the first poll, because the files use the default poll interval of half a minute.
  emulator = await startEmulator({ taskMs: 1 });
  await emulator.rds.setInstance({ id: INSTANCE, accounts: [{ name: "dba", type: "Super" }] });
  emulator.oss.makeBucket({ name: BUCKET });
  await upload();
});

afterEach(() => emulator?.close());
afterAll(() => missing === undefined && rmSync(folder, { recursive: true, force: true }));

const upload = () => emulator.oss.putObject(BUCKET, KEY, backup);

/** The environment of a runner: a file backend of its own, and the built command on the PATH. */
function runnerEnvironment(name: string): NodeJS.ProcessEnv {
  const backend = mkdtempSync(join(folder, `state-${name}-`));
  return {
    ...gitEnv,
    ...emulatedEnvironment(emulator),
    PATH: `${dirname(cli?.executable ?? "")}${delimiter}${process.env.PATH}`,
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: "passphrase",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // A file backend knows no organization acme.
    STACK: "prod",
  };
}

async function readStatuses(program: string, env: NodeJS.ProcessEnv): Promise<unknown[]> {
  const outputs = JSON.parse(await succeedInShell("pulumi stack output --json --stack prod", program, env));
  return outputs.databases.map(({ database, status }: Record<string, unknown>) => [database, status]);
}

const tasksCreated = (): number =>
  emulator.journal.entries.filter(({ action, status }) => action === "CreateMigrateTask" && status === 200).length;

/** Executes the page's commands for a new database, up to the commit. ossutil is not installed here, so the test has uploaded the file. */
async function addDatabase(program: string, env: NodeJS.ProcessEnv): Promise<void> {
  const [block = ""] = bashBlocks(PIPELINES_PAGE, "## Adding a database");
  const why = "ossutil is not installed; the test puts the object into the emulator";
  await succeedInShell(replaceLines(block, [{ line: /^ossutil cp .*$/m, by: "", why }]), program, env);
}

itRuns("GitHub: upload, manifest, preview, up and the hourly up", async () => {
  const clone = join(folder, "github");
  const program = join(clone, "migrations");
  const env = runnerEnvironment("github");
  await cloneWithPipeline(folder, "GitHub", clone, env);
  expect(readdirSync(join(program, "vendor"))).toEqual([expect.stringMatching(/\.tgz$/)]);
  await succeedInShell("npm ci && pulumi stack init prod", program, env);
  await addDatabase(program, env);

  emulator.oss.removeObject(BUCKET, KEY);
  const tooEarly = await runShell('pulumi preview --non-interactive --stack "$STACK"', program, env);
  expect(tooEarly).toEqual({ exitCode: 255, output: expect.stringMatching(/acme-migration[\s\S]*backups\/erp\.bak/) });

  await upload();
  expect(await runJob(clone, "preview", "pull_request", env)).toMatch(/DatabaseMigration migration-erp create/);
  expect(tasksCreated()).toBe(0);
  await runJob(clone, "up", "push", env);
  expect(await readStatuses(program, env)).toEqual([["erp", expect.stringMatching(/^(submitted|restoring)$/)]]);
  await runJob(clone, "up", "schedule", env);
  expect(await readStatuses(program, env)).toEqual([["erp", "online"]]);
  expect(tasksCreated()).toBe(1);
});

itRuns("GitLab: preview, up and the scheduled up", async () => {
  const clone = join(folder, "gitlab");
  const env = runnerEnvironment("gitlab");
  await cloneWithPipeline(folder, "GitLab", clone, env);
  const program = join(clone, "migrations");
  await succeedInShell("npm ci && pulumi stack init prod", program, env);
  await addDatabase(program, env);

  const file = parse(readFileSync(join(clone, ".gitlab-ci.yml"), "utf8"));
  const variables = {
    ALIBABA_TOKEN: "a token",
    OIDC_PROVIDER_ARN: "an ARN",
    PREVIEW_ROLE_ARN: "an ARN",
    UP_ROLE_ARN: "an ARN",
  };
  // GitLab's OIDC tokens do not exist here: the keys of the environment precede them.
  const runGitLabJob = (job: string, extra: Record<string, string> = {}) =>
    succeedInShell([...file[".pulumi"].before_script, ...file[job].script].join("\n"), clone, {
      ...env,
      ...variables,
      ...extra,
    });
  expect(await runGitLabJob("preview")).toMatch(/DatabaseMigration migration-erp create/);
  await runGitLabJob("up");
  const [scheduled] = file.up.rules;
  expect(scheduled.if).toContain("schedule");
  await runGitLabJob("up", scheduled.variables);
  expect(await readStatuses(program, env)).toEqual([["erp", "online"]]);
  expect(tasksCreated()).toBe(1);
});

itRuns(
  "Operator: the Dockerfile's steps with an empty npm cache, then preview and up with the settings of stack.yaml",
  async () => {
    const clone = join(folder, "operator");
    const env = runnerEnvironment("operator");
    await cloneWithPipeline(folder, "Operator", clone, env);
    const context = join(clone, "migrations");
    // `npx` needs the package, and the image must not get the installation or the backups of this machine.
    await succeedInShell("npm ci", context, env);
    await addDatabase(context, env);
    writeFileSync(join(context, "Pulumi.prod.yaml"), "config: {}\n");

    const emptyCache = mkdtempSync(join(folder, "npm-cache-"));
    const image = await buildWithoutImage(context, join(folder, "image"), { ...env, npm_config_cache: emptyCache }, [
      {
        line: /^RUN pulumi install --no-dependencies$/m,
        by: "RUN pulumi install --no-dependencies --no-plugins",
        why: "plugins are downloaded from GitHub; with an existing bucket and instance the program needs none",
      },
    ]);
    expect(existsSync(join(image, "Pulumi.prod.yaml"))).toBe(false);

    const documents = parseAllDocuments(readFileSync(join(context, "stack.yaml"), "utf8")).map((each) => each.toJS());
    const { spec } = documents.find(({ kind }) => kind === "Stack");
    expect(spec.workspaceTemplate.spec.local.dir).toBe(image.slice(join(folder, "image").length));
    expect(Object.keys(spec.envRefs)).toEqual(
      expect.arrayContaining(["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"]),
    );
    const settings = Object.entries<string>(spec.config).map(([key, value]) => `pulumi config set ${key} ${value}`);
    await succeedInShell(["pulumi stack init prod", ...settings].join("\n"), image, env);
    const refresh = spec.refresh ? " --refresh" : "";
    expect(await succeedInShell("pulumi preview --non-interactive", image, env)).toMatch(
      /DatabaseMigration migration-erp create/,
    );
    await succeedInShell(`pulumi up --yes --non-interactive${refresh}`, image, env);
    expect(await readStatuses(image, env)).toEqual([["erp", expect.stringMatching(/^(submitted|restoring)$/)]]);
    await succeedInShell(`pulumi up --yes --non-interactive${refresh}`, image, env);
    expect(await readStatuses(image, env)).toEqual([["erp", "online"]]);
    expect(tasksCreated()).toBe(1);
  },
);
