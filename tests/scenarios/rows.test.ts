import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "../../engine/events";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { hosts, isKind, messages, openScenario, type Scenario, steps } from "./harness";

jest.setTimeout(400_000);

const EXISTS = "The database (erp) is already exist on RDS, please backup and drop it, then try again.";
const NO_SPACE = "Not Enough Disk Space for restoring, space left (10 MB) < needed (20 MB)";

describe.each(hosts)("the rows of a preview with $title", (engine) => {
  let scenario: Scenario;
  afterEach(() => scenario.close());

  test("a failed migration shows its cause and what up looks up first, but not at a refresh; the first cause is kept", async () => {
    scenario = await openScenario(engine);
    const { declare, backup, run, recorded, emulator } = scenario;
    const { instanceId } = emulator;
    declare({ erp: { backup: await backup("erp") } });
    await emulator.rds.shapeRestore({ dbName: "erp", failWith: EXISTS });
    await run({ kind: "up" });
    await emulator.rds.setDatabase({ instanceId, name: "erp" });

    const preview = await run({ kind: "preview" });
    expect(steps(preview)).toEqual(["erp: update"]);
    expect(messages(preview)).toMatch(/warning: TASK_DATABASE_EXISTS: .*is already exist on RDS/s);
    const lookup = `Before pulumi up sends again, it lists the databases of ${instanceId}: erp must not exist there.`;
    expect(messages(preview)).toContain(lookup);
    if (engine.name === "pulumi") {
      expect(preview.stdout).toMatch(/DatabaseMigration +erp +update +warning: TASK_DATABASE_EXISTS: /);
      expect(preview.stdout).toContain(lookup);
    }

    const refresh = await run({ kind: "refresh" });
    expect(messages(refresh)).not.toContain("TASK_DATABASE_EXISTS");

    await emulator.rds.removeDatabase({ instanceId, name: "erp" });
    await emulator.rds.shapeRestore({ dbName: "erp", failWith: NO_SPACE });
    const retried = await run({ kind: "up", refresh: true });
    expect(messages(retried)).toMatch(/warning: retries after TASK_DATABASE_EXISTS: /);
    expect(messages(retried)).toMatch(/TASK_NO_SPACE: .*First failure: TASK_DATABASE_EXISTS: /s);
    expect(await recorded("erp")).toMatchObject({
      failure: { code: "TASK_NO_SPACE" },
      firstFailure: { code: "TASK_DATABASE_EXISTS" },
    });
    const second = await run({ kind: "preview" });
    expect(messages(second)).toMatch(
      /warning: TASK_NO_SPACE: .*First failure: TASK_DATABASE_EXISTS: .*reads the free space of rm-.*: 20 MB must be free/s,
    );

    const third = await run({ kind: "up" });
    expect(third.exitCode).toBe(0);
    expect(await recorded("erp")).not.toHaveProperty("firstFailure");
    expect(messages(await run({ kind: "preview" }))).not.toContain("TASK_");
  });

  test("a rename previews in words, adopt keeps the facts, and a dropped database stays visible", async () => {
    scenario = await openScenario(engine);
    const { declare, backup, run, recorded, emulator, count } = scenario;
    const { instanceId } = emulator;
    const path = await backup("erp");
    declare({ erp: { backup: path } });
    await run({ kind: "up" });
    const before = await recorded("erp");

    declare({ erp: { backup: path, databaseName: "shop" } });
    const preview = await run({ kind: "preview" });
    expect(messages(preview)).toMatch(
      /warning: pulumi up restores a second copy as shop; the old database erp stays\..*To rename instead: rename erp to shop on RDS, add adopt: true/s,
    );

    await emulator.rds.removeDatabase({ instanceId, name: "erp" });
    await emulator.rds.setDatabase({ instanceId, name: "shop" });
    declare({ erp: { backup: path, databaseName: "shop", adopt: true } });
    const adopted = await run({ kind: "up", previewFirst: true });
    expect(adopted.exitCode).toBe(0);
    expect(steps(adopted).at(-1)).toBe("erp: update");
    const { dataAsOf, sizeBytes, migrateTaskId, finishedAt } = before ?? {};
    expect(migrateTaskId).toEqual(expect.any(String));
    expect(await recorded("erp")).toMatchObject({
      ...{ databaseName: "shop", status: "online", dataAsOf, sizeBytes, migrateTaskId, finishedAt },
    });
    expect(count("CreateMigrateTask")).toBe(1);
    expect((await run({ kind: "preview", expectNoChanges: true })).exitCode).toBe(0);

    await emulator.rds.removeDatabase({ instanceId, name: "shop" });
    await run({ kind: "refresh" });
    const missing = /warning: shop is no longer on rm-\S+: it was dropped or renamed there/;
    for (const operation of ["preview", "preview", "up"] as const) {
      const seen = await run({ kind: operation, expectNoChanges: true });
      expect(messages(seen)).toMatch(missing);
      expect(seen.exitCode).toBe(0);
    }
    expect(messages(await run({ kind: "refresh" }))).not.toMatch(missing);
  });

  test("an instance: an added database is one change, a removed one stays on RDS, a dropped one stays in the summary", async () => {
    scenario = await openScenario(engine, {}, "instance-program");
    const { run, emulator } = scenario;
    const { instanceId: instance, bucket } = emulator;
    const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-folder-"));
    const add = (databaseName: string) =>
      writeBackupFile(join(folder, `${databaseName}.bak`), { databaseName, type: "full", dataBytes: 64 * 1024 });
    try {
      for (const name of ["bi", "crm", "erp"]) await add(name);
      scenario.configure("instance", JSON.stringify({ instance, bucket, backups: folder, pollInterval: "200ms" }));
      expect((await run({ kind: "up" })).exitCode).toBe(0);

      await add("app");
      const events: EngineEvent[] = [];
      scenario.workspace.onEvent = (event) => events.push(event);
      const added = await run({ kind: "preview" });
      const outcome = events.find(({ resourcePreEvent }) =>
        isKind(resourcePreEvent?.metadata.type ?? "", "MigrationOutcome"),
      );
      const { old, new: wanted } = outcome?.resourcePreEvent?.metadata ?? {};
      expect(old?.inputs.members).toEqual({ "erp-bi": "bi", "erp-crm": "crm", "erp-erp": "erp" });
      expect(wanted?.inputs.members).toEqual({ ...(old?.inputs.members as object), "erp-app": "app" });
      if (engine.name === "pulumi") expect(added.stdout).toMatch(/erp-outcome +update +\[diff: ~members\]/);

      rmSync(join(folder, "app.bak"));
      rmSync(join(folder, "bi.bak"));
      const removed = await run({ kind: "preview" });
      expect(messages(removed)).toContain(
        `warning: bi is no longer in the program: pulumi up deletes its record; the database stays on ${instance}.`,
      );
      const up = await run({ kind: "up" });
      expect(messages(up)).toContain(`info: bi stays on ${instance}: only the record of its migration is deleted`);

      await emulator.rds.removeDatabase({ instanceId: instance, name: "crm" });
      await run({ kind: "refresh" });
      const missing = /crm is no longer on rm-/;
      const preview = await run({ kind: "preview", expectNoChanges: true });
      expect(preview.exitCode).toBe(0);
      expect(messages(preview)).toMatch(missing);
      const { outputs } = await run({ kind: "up" });
      expect(outputs.summary).toMatchObject([
        { database: "crm", warnings: [expect.stringMatching(missing)] },
        { database: "erp", warnings: [] },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
