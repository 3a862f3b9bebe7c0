import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { hosts, messages, openScenario, type Scenario, until } from "./harness";

jest.setTimeout(400_000);

const NO_SPACE = "Not Enough Disk Space for restoring, space left (10 MB) < needed (20 MB)";

/** The loop of docs/how-to/pipelines.md: `pulumi up --refresh` with `wait: "submitted"`, by a schedule and without a person. */
describe.each(hosts)("the hourly run with $title", (engine) => {
  let scenario: Scenario;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-loop-"));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await scenario.close();
  });

  async function failedTasks(): Promise<number> {
    const state = (await scenario.emulator.rds.readState({})) as { tasks: { stage: string }[] };
    return state.tasks.filter(({ stage }) => stage === "failed").length;
  }

  test("an instance: a failed task fails the run, is submitted again once, and then waits for a person", async () => {
    scenario = await openScenario(engine, {}, "instance-program");
    const { run, emulator, count } = scenario;
    const { instanceId: instance, bucket } = emulator;
    await writeBackupFile(join(folder, "erp.bak"), { databaseName: "erp", type: "full", dataBytes: 64 * 1024 });
    const declare = (args: object) =>
      scenario.configure(
        "instance",
        JSON.stringify({ instance, bucket, backups: folder, pollInterval: "200ms", wait: "submitted", ...args }),
      );
    declare({});
    await emulator.rds.shapeRestore({ dbName: "erp", failWith: NO_SPACE, always: true });

    const runAfter = async (failed: number) => {
      await until("the task has failed", async () => (await failedTasks()) === failed);
      return run({ kind: "up", refresh: true });
    };
    const [first, second, third, fourth] = [await runAfter(0), await runAfter(1), await runAfter(2), await runAfter(2)];
    expect(first.exitCode).toBe(0);
    for (const each of [second, third, fourth]) {
      expect(each.exitCode).not.toBe(0);
      expect(messages(each)).toContain(NO_SPACE);
    }
    expect(messages(second)).toMatch(/^error: TASK_NO_SPACE: /m);
    expect(messages(second)).toMatch(/^error: erp: TASK_NO_SPACE: /m);
    expect(messages(second)).toMatch(/warning: retries after TASK_NO_SPACE: .*INSTANCE_RETRIED: /s);
    expect(messages(fourth)).toMatch(/INSTANCE_INCOMPLETE: .*change retryTrigger/s);
    expect(count("CreateMigrateTask")).toBe(2);

    await emulator.rds.clearShapes({});
    declare({ retryTrigger: "disk enlarged" });
    expect((await run({ kind: "up", refresh: true })).exitCode).toBe(0);
    expect(count("CreateMigrateTask")).toBe(3);
  });

  test("one migration: the same", async () => {
    scenario = await openScenario(engine);
    const { declare, backup, run, recorded, emulator, count } = scenario;
    declare({ erp: { backup: await backup("erp"), wait: "submitted" } });
    await emulator.rds.shapeRestore({ dbName: "erp", failWith: NO_SPACE, always: true });
    expect((await run({ kind: "up", refresh: true })).exitCode).toBe(0);
    for (const failed of [1, 2, 2]) {
      await until("the task has failed", async () => (await failedTasks()) === failed);
      const again = await run({ kind: "up", refresh: true });
      expect(again.exitCode).not.toBe(0);
      expect(messages(again)).toContain(NO_SPACE);
    }
    expect(count("CreateMigrateTask")).toBe(2);
    expect(await recorded("erp")).toMatchObject({
      status: "failed",
      retriedAfter: [{ failure: { code: "TASK_NO_SPACE" } }],
    });
  });

  test("a refresh alone shows the error with exit status 0, and the next up fails although it submits the migration again", async () => {
    scenario = await openScenario(engine);
    const { declare, backup, run, emulator } = scenario;
    declare({ erp: { backup: await backup("erp"), wait: "submitted" } });
    await emulator.rds.shapeRestore({ dbName: "erp", failWith: NO_SPACE });
    await run({ kind: "up" });
    await until("the task has failed", async () => (await failedTasks()) === 1);
    const refreshed = await run({ kind: "refresh" });
    expect(messages(refreshed)).toMatch(/error: TASK_NO_SPACE: /);
    expect(refreshed.exitCode).toBe(0);
    const up = await run({ kind: "up" });
    expect(up.exitCode).not.toBe(0);
    expect(messages(up)).toMatch(/TASK_NO_SPACE: .*Submitted again: migration task \d+/s);
  });
});
