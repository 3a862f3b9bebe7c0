import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../provider/cli/sqlserver-migration";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { isFullRun } from "../support/full-run";
import { hosts, messages, openScenario, type Scenario, steps } from "./harness";

jest.setTimeout(300_000);

const HOUR_MS = 3_600_000;
/** A window that begins and ends so many hours from now. */
const window = (from: number, to: number): string =>
  [from, to].map((hours) => new Date(Date.now() + hours * HOUR_MS).toISOString().replace(/\.\d+/, "")).join("/");

/** The output of a command. */
async function printed(args: string[]): Promise<string> {
  const out: string[] = [];
  const console = {
    out: (text: string) => out.push(text),
    err: (text: string) => out.push(text),
    env: () => undefined,
  };
  expect({ exit: await main(args, console), out }).toMatchObject({ exit: 0 });
  return out.join("\n");
}

describe.each(hosts)("with $title", (engine) => {
  let scenario: Scenario;
  let folder: string;
  beforeEach(async () => {
    scenario = await openScenario(engine, {}, "instance-program");
    folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-waves-"));
    for (const databaseName of ["crm", "erp", "hr"])
      await writeBackupFile(join(folder, `${databaseName}.bak`), { databaseName, type: "full", dataBytes: 256 * 1024 });
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await scenario.close();
  });

  function declare(waves: Record<string, string>[]): void {
    const { instanceId: instance, bucket } = scenario.emulator;
    const whole = { instance, bucket, backups: folder, pollInterval: "200ms", onFinding: "isolate", waves };
    scenario.configure("instance", JSON.stringify(whole));
  }
  const statuses = async () =>
    Promise.all(["crm", "erp", "hr"].map(async (name) => (await scenario.recorded(`erp-${name}`))?.status));

  test("a wave begins in its window and after the wave before it; until then it is no change", async () => {
    const { run, count } = scenario;
    const first = { name: "first", databases: "erp" };
    declare([first, { name: "second", databases: "crm", window: window(2, 3) }, { name: "third", databases: "*" }]);
    const begun = await run({ kind: "up", previewFirst: true });
    expect(messages(begun)).toContain("info: 1 database is planned: wave second begins at ");
    expect(begun.exitCode).toBe(0);
    expect(await statuses()).toEqual(["planned", "submitted", "planned"]);
    expect(count("CreateMigrateTask")).toBe(1);
    expect(begun.outputs?.counts).toEqual({
      ...{ total: 3, online: 1, waitingForIncrements: 0, inProgress: 0, failed: 0, planned: 2 },
    });

    const asked = count("DescribeMigrateTasks") + count("DescribeDBInstanceAttribute");
    const idle = await run({ kind: "preview", expectNoChanges: true });
    expect(idle.exitCode).toBe(0);
    expect(messages(idle)).toContain("info: 1 database is planned: wave second begins at ");
    expect(count("DescribeMigrateTasks") + count("DescribeDBInstanceAttribute")).toBe(asked);

    declare([first, { name: "second", databases: "crm", window: window(-1, 1) }, { name: "third", databases: "*" }]);
    const opened = await run({ kind: "up", previewFirst: true });
    expect(opened.exitCode).toBe(0);
    expect(steps(opened)).toEqual(expect.arrayContaining(["erp-crm: update", "erp-hr: update"]));
    expect(opened.outputs?.counts).toMatchObject({ total: 3, online: 3 });
    expect(count("CreateMigrateTask")).toBe(3);

    declare([first, { name: "second", databases: "crm", window: window(-3, -2) }, { name: "third", databases: "*" }]);
    expect((await run({ kind: "preview", expectNoChanges: true })).exitCode).toBe(0);
  });

  test("a failed wave stops what has not begun", async () => {
    const { run, emulator, count } = scenario;
    declare([
      { name: "first", databases: "erp" },
      { name: "second", databases: "*" },
    ]);
    await emulator.rds.shapeRestore({ dbName: "erp", failWith: "Not Enough Disk Space for restoring" });
    const failed = await run({ kind: "up" });
    expect(failed.exitCode).not.toBe(0);
    expect(messages(failed)).toMatch(/INSTANCE_INCOMPLETE: 0 of 1 database is online on rm-/);
    expect(count("CreateMigrateTask")).toBe(1);
    expect(await statuses()).toEqual([undefined, "submitted", undefined]);
  });

  // tests/components/plan-waves.test.ts has the decision; this shows that the engine reads the stack's own state for a program.
  const testOnEvery = isFullRun ? test : test.skip;
  testOnEvery("a stack migrates the share of its runner, and a changed plan moves nothing that has begun", async () => {
    const { run, configure, emulator, count } = scenario;
    const manifest = join(folder, "databases.json");
    await printed(["bakinfo", folder, "--manifest", manifest]);
    const plan = join(folder, "plan.json");
    const items = JSON.parse(await printed(["plan", manifest, "--runners", "3", "--json"])) as { runner: number }[];
    expect(items.map(({ runner }) => runner).sort()).toEqual([1, 2, 3]);
    const replan = (runnerOf: (runner: number) => number) =>
      writeFileSync(plan, JSON.stringify(items.map((item) => ({ ...item, runner: runnerOf(item.runner) }))));
    const { instanceId: instance, bucket } = emulator;
    const whole = { instance, bucket, backups: manifest, pollInterval: "200ms" };
    const choose = (runner: unknown) => configure("instance", JSON.stringify({ ...whole, waves: { plan, runner } }));

    replan((runner) => runner);
    choose(2);
    const begun = await run({ kind: "up", previewFirst: true });
    expect(begun.exitCode).toBe(0);
    expect(count("CreateMigrateTask")).toBe(1);
    expect((await statuses()).filter((status) => status !== undefined)).toEqual(["submitted"]);

    // The database of this stack belongs to runner 1 now, and that of runner 1 to this stack.
    replan((runner) => ({ 1: 2, 2: 1 })[runner] ?? runner);
    const changed = await run({ kind: "up", previewFirst: true });
    expect(
      steps(changed)
        .map((step) => step.replace(/.*: /, ""))
        .sort(),
    ).toEqual(["create", "same"]);
    expect(count("CreateMigrateTask")).toBe(2);

    choose([2, 3]);
    expect((await run({ kind: "up" })).outputs?.counts).toMatchObject({ total: 3, online: 3 });
    expect(count("CreateMigrateTask")).toBe(3);
  });

  test("a rehearsal restores under names of its own, and switching it off replaces nothing", async () => {
    const { run, configure, emulator, count } = scenario;
    const { instanceId: instance, bucket } = emulator;
    const whole = { instance, bucket, backups: folder, pollInterval: "200ms", databases: "erp; hr" };
    configure("instance", JSON.stringify({ ...whole, rehearse: true }));
    const rehearsed = await run({ kind: "up" });
    expect(rehearsed.exitCode).toBe(0);
    expect(messages(rehearsed)).toContain(
      `rehearsal: 2 databases to drop on ${instance}; nothing was dropped\nerp_rehearsal\nhr_rehearsal`,
    );
    const [outcome] = (rehearsed.outputs?.summary ?? []) as { timeline: { checkedAt?: string } }[];
    expect(outcome?.timeline.checkedAt).toMatch(/Z$/);
    expect((await run({ kind: "preview", expectNoChanges: true })).exitCode).toBe(0);

    configure("instance", JSON.stringify(whole));
    const migrated = await run({ kind: "up", previewFirst: true });
    expect(migrated.exitCode).toBe(0);
    expect(steps(migrated).sort()).toEqual([
      "erp-erp: create",
      "erp-erp_rehearsal: delete",
      "erp-hr: create",
      "erp-hr_rehearsal: delete",
    ]);
    expect(messages(migrated)).toContain("erp_rehearsal is no longer in the program");
    expect(count("DeleteDatabase")).toBe(0);
  });
});
