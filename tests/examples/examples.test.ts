import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { main as bakinfo } from "../../provider/cli/bakinfo";
import { runbookFacts } from "../../provider/runbook/runbook-groups";
import { parseStackState } from "../../provider/stack-state/exported-stack";
import { isLockKey } from "../../provider/submission-lock/lock";
import { backupSeries } from "../../testing/backup-writer/backup-series";
import { engines } from "../scenarios/harness";
import { alicloudEngines } from "../support/alicloud-plugin";
import { complaints, ExampleProject } from "./example-project";

jest.setTimeout(180_000);

const EXAMPLES = join(__dirname, "..", "..", "examples");
/** Folders without a TypeScript program: the demo of this repository, files for pipelines, programs of other languages, the policy pack. */
const OTHERS = ["demo", "pipelines", "languages", "policy-pack"];
/** Tested by the scenario of the scripts that create its manifest, and by automation.test.ts. */
const ELSEWHERE = ["source-side", "automation"];
/** Programs that start Pulumi themselves. */
const WITHOUT_PROJECT_FILE = ["automation"];

const HERE = [
  "one-database",
  "folder",
  "manifest",
  "in-bucket",
  "waves",
  "cutover",
  "cutover-group",
  "permissions",
  "existing",
] as const;

/** Runs up on an example, requires an empty second preview, and destroys it. `between` checks the deployed example. */
async function runLifeCycle(
  name: (typeof HERE)[number],
  engine: (typeof engines)[number],
  prepare: (project: ExampleProject) => Promise<void>,
  between: (project: ExampleProject, outputs: Record<string, unknown>) => Promise<void>,
): Promise<void> {
  const project = await ExampleProject.open(engine, join("examples", name));
  try {
    await prepare(project);
    const up = await project.run({ kind: "up" });
    expect(complaints(up)).toEqual([]);
    expect(up.exitCode).toBe(0);
    const again = await project.run({ kind: "preview", expectNoChanges: true });
    expect([again.exitCode, complaints(again)]).toEqual([0, []]);
    await between(project, up.outputs);
    const destroy = await project.run({ kind: "destroy" });
    expect([destroy.exitCode, complaints(destroy)]).toEqual([0, []]);
    expect(project.count("DeleteDatabase") + project.count("TerminateMigrateTask")).toBe(0);
  } finally {
    await project.close();
  }
}

/** Sets the example's configuration keys for the destination. */
function into({ config, emulator }: ExampleProject): void {
  config.instance = emulator.instanceId;
  config.bucket = emulator.bucket;
}

describe.each(alicloudEngines)("with $name", (engine) => {
  test("one-database: a bucket and a backup", () =>
    runLifeCycle(
      "one-database",
      engine,
      async (project) => {
        await project.emulator.rds.setInstance({
          id: "rm-2zesz5774ud8s71i5",
          accounts: [{ name: "dba", type: "Super" }],
        });
        await project.backup("backups/erp.bak", { databaseName: "erp" });
      },
      async (project, outputs) => {
        expect(outputs).toEqual({ status: "online" });
        // As described in its README, because destroy fails on a bucket that contains a backup.
        const { deployment } = await project.exportState();
        const made = deployment.resources?.find(({ type }) => type === "alicloud:oss/bucket:Bucket");
        const { oss } = project.emulator;
        for (const { key } of oss.objects(String(made?.id))) oss.removeObject(String(made?.id), key);
      },
    ));

  test("folder: every backup, whatever the database's name; other files are skipped", () =>
    runLifeCycle(
      "folder",
      engine,
      async (project) => {
        into(project);
        await project.backup("backups/crm.bak", { databaseName: "crm" });
        await project.backup("backups/erp.bak", { databaseName: "erp" });
        await project.backup("backups/erp_test.bak", { databaseName: "erp_test" });
        await project.backup("backups/master.bak", { databaseName: "master" });
      },
      async (project, { counts, failures, skipped }) => {
        expect([counts, failures]).toMatchObject([{ total: 3, online: 3 }, []]);
        expect(await project.databases()).toEqual(["crm: Running", "erp: Running", "erp_test: Running"]);
        expect(skipped).toMatchObject([{ file: expect.stringMatching(/master\.bak$/) }]);
      },
    ));

  test("manifest: a second machine without the files previews and refreshes without changes", () =>
    runLifeCycle(
      "manifest",
      engine,
      async (project) => {
        into(project);
        await project.backup("backups/crm.bak", { databaseName: "crm" });
        await project.backup("backups/erp.bak", { databaseName: "erp" });
        const console = { out: () => {}, err: () => {}, env: () => undefined };
        const manifest = join(project.projectDir, "backups.json");
        expect(await bakinfo([join(project.projectDir, "backups"), "--manifest", manifest], console)).toBe(0);
      },
      async (project, outputs) => {
        expect(outputs).toMatchObject({ counts: { total: 2, online: 2 }, failures: [] });
        project.moveToAnotherMachine(["backups.json"]);
        expect(existsSync(join(project.projectDir, "backups"))).toBe(false);
        const elsewhere = await project.run({ kind: "up", refresh: true, expectNoChanges: true });
        expect([elsewhere.exitCode, complaints(elsewhere)]).toEqual([0, []]);
        expect(project.count("CreateMigrateTask")).toBe(2);
      },
    ));

  test("waves: the pilot, then the others in their window", () =>
    runLifeCycle(
      "waves",
      engine,
      async (project) => {
        into(project);
        const hour = (offset: number) => new Date(Date.now() + offset * 3_600_000).toISOString().replace(/\.\d+/, "");
        project.config.window = `${hour(-1)}/${hour(1)}`;
        await project.backup("backups/crm_eu.bak", { databaseName: "crm_eu" });
        await project.backup("backups/erp.bak", { databaseName: "erp" });
      },
      async (project, outputs) => {
        expect(outputs).toMatchObject({ counts: { total: 2, online: 2 }, failures: [] });
        expect(await project.databases()).toEqual(["crm_eu: Running", "erp: Running"]);
      },
    ));

  test("in-bucket: manually uploaded backups are read in place", () =>
    runLifeCycle(
      "in-bucket",
      engine,
      async (project) => {
        into(project);
        for (const databaseName of ["crm", "erp"]) {
          const path = await project.backup(`${databaseName}.bak`, { databaseName });
          await project.emulator.oss.putObject(project.emulator.bucket, `backups/${databaseName}.bak`, path);
        }
      },
      async (project, outputs) => {
        expect(outputs).toMatchObject({ counts: { total: 2, online: 2 }, failures: [] });
        const backups = project.emulator.oss.objects(project.emulator.bucket).filter(({ key }) => !isLockKey(key));
        expect(backups.map(({ key }) => key)).toEqual(["backups/crm.bak", "backups/erp.bak"]);
      },
    ));

  test("cutover-group: two databases with their tail logs, opened together", () =>
    runLifeCycle(
      "cutover-group",
      engine,
      async (project) => {
        into(project);
        project.config.pollInterval = "100ms";
        for (const databaseName of ["crm", "erp"]) {
          const common = { databaseName, startDate: "2026-05-01T02:00:00", dataBytes: 65_536, logBytes: 4_096 };
          const [full, tail] = backupSeries(common, ["full", "log"]);
          await project.backup(`backups/${databaseName}.bak`, { ...common, ...full });
          await project.backup(`backups/${databaseName}/tail.trn`, { ...common, ...tail, isTail: true });
        }
      },
      async (project, outputs) => {
        expect(outputs).toMatchObject({ ready: [true, true], status: "waiting" });
        project.config.phase = "online";
        const cutover = await project.run({ kind: "up" });
        expect(cutover.outputs).toMatchObject({ status: "online" });
        expect(complaints(cutover)).toEqual([expect.stringMatching(/CUTOVER of erp, crm: .*POINT OF NO RETURN/)]);
        const again = await project.run({ kind: "preview", expectNoChanges: true });
        expect([again.exitCode, complaints(again)]).toEqual([0, []]);
        expect(project.count("CreateOnlineDatabaseTask")).toBe(2);
        const state = parseStackState(JSON.stringify(await project.exportState()), "the state");
        const time = expect.any(String);
        const recorded = { lastLogAt: time, appliedAt: time, openedAt: time };
        expect(runbookFacts({ state, together: [] }).groups).toMatchObject([
          { name: "shop", isCutoverGroup: true, databases: ["erp", "crm"].map((database) => ({ database, recorded })) },
        ]);
      },
    ));

  test("cutover: restoring with logs, then opened by changing one argument", () => {
    const start = { databaseName: "erp", startDate: "2024-05-01T02:00:00", dataBytes: 65_536, logBytes: 4_096 };
    const [full = start, first = start, second = start, tail = start] = backupSeries(start, [
      "full",
      "log",
      "log",
      "log",
    ]);
    return runLifeCycle(
      "cutover",
      engine,
      async (project) => {
        into(project);
        project.config.pollInterval = "100ms";
        await project.backup("backups/erp.bak", full);
        await project.backup("logs/erp_1.trn", first);
      },
      async (project, outputs) => {
        expect(outputs).toEqual({ status: "waitingForIncrements", obstacles: [expect.stringContaining("NORECOVERY")] });
        await project.backup("logs/erp_2.trn", second);
        await project.backup("logs/erp_3.trn", { ...tail, isTail: true });
        project.config.phase = "online";
        const cutover = await project.run({ kind: "up" });
        // The command prints the messages of a step in the order of arrival.
        expect(complaints(cutover).sort()).toEqual([
          expect.stringMatching(/^warning: Before it: /),
          ...[expect.stringMatching(/^warning: CUTOVER of erp: .*\nPOINT OF NO RETURN/)],
          expect.stringMatching(/^warning: Expected time: /),
        ]);
        expect(cutover.outputs).toEqual({ status: "online", obstacles: [] });
        expect([project.count("CreateMigrateTask"), project.count("CreateOnlineDatabaseTask")]).toEqual([4, 1]);
      },
    );
  });

  test("permissions: the policy is created and attached, and removed again", () =>
    runLifeCycle(
      "permissions",
      engine,
      async (project) => {
        into(project);
        project.config.userName = "ci";
      },
      async (project, outputs) => {
        expect(JSON.parse(String(outputs.policy)).Version).toBe("1");
        expect(project.count("AttachPolicyToUser")).toBe(1);
      },
    ));
});

// This example creates no alicloud resource, so the command runs it without the plugin.
test.each(engines)("existing: uses an existing bucket and instance, which stay, with $name", (engine) =>
  runLifeCycle(
    "existing",
    engine,
    async (project) => {
      into(project);
      await project.backup("backups/crm.bak", { databaseName: "crm" });
      await project.backup("backups/erp.bak", { databaseName: "erp" });
    },
    async (project, { counts, failures }) => {
      const { emulator } = project;
      expect([counts, failures]).toMatchObject([{ total: 2, online: 2 }, []]);
      expect(await project.databases()).toEqual(["crm: Running", "erp_prod: Running"]);
      expect(emulator.oss.objects(emulator.bucket).map(({ key }) => key)).toEqual(
        expect.arrayContaining([expect.stringMatching(/^from-sql01\/erp_prod_FULL_/)]),
      );
    },
  ),
);

test("every example is tested here and has a project, a program and a README", () => {
  const names = readdirSync(EXAMPLES).filter((name) => !OTHERS.includes(name));
  expect([...HERE, ...ELSEWHERE].sort()).toEqual(names.sort());
  for (const name of names)
    for (const file of ["Pulumi.yaml", "index.ts", "README.md"]) {
      const isExpected = file !== "Pulumi.yaml" || !WITHOUT_PROJECT_FILE.includes(name);
      expect([name, file, existsSync(join(EXAMPLES, name, file))]).toEqual([name, file, isExpected]);
    }
});
