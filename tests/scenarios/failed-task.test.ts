import { hosts, messages, openScenario, type Scenario, steps } from "./harness";

jest.setTimeout(240_000);

describe.each(hosts)("with $title", (engine) => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await openScenario(engine);
  });
  afterEach(() => scenario.close());

  test("a failed task is reported with its remedy and is submitted again only after its cause is fixed", async () => {
    const { declare, backup, run, recorded, emulator, count } = scenario;
    const { instanceId } = emulator;
    declare({ erp: { backup: await backup("erp") } });
    const failWith = "The database (erp) is already exist on RDS, please backup and drop it, then try again.";
    await emulator.rds.shapeRestore({ dbName: "erp", failWith });

    const first = await run({ kind: "up" });
    expect(first.exitCode).not.toBe(0);
    expect(messages(first)).toContain("is already exist on RDS");
    expect(messages(first)).toContain("Check what that database holds. Choose another databaseName");
    expect(messages(first)).toContain("To see all databases at any time: npx --no sqlserver-migration status");
    expect(await recorded("erp")).toMatchObject({ status: "failed", failure: { code: "TASK_DATABASE_EXISTS" } });

    await emulator.rds.setDatabase({ instanceId, name: "erp" });
    const preview = await run({ kind: "preview" });
    expect(steps(preview)).toEqual(["erp: update"]);
    const second = await run({ kind: "up" });
    expect(second.exitCode).not.toBe(0);
    expect(messages(second)).toContain("Check what that database holds. Choose another databaseName");
    expect(count("CreateMigrateTask")).toBe(1);

    await emulator.rds.removeDatabase({ instanceId, name: "erp" });
    const third = await run({ kind: "up" });
    expect(messages(third)).not.toMatch(/^error/m);
    expect(third.exitCode).toBe(0);
    expect(await recorded("erp")).toMatchObject({ status: "online" });
    expect(count("CreateMigrateTask")).toBe(2);
  });

  test("an error at preview names cause and remedy without a stack trace and sends nothing", async () => {
    const { declare, backup, run, emulator, count } = scenario;
    declare({ missing: { backup: "no-such.bak", databaseName: "missing" } });
    const missing = await run({ kind: "preview" });
    expect(missing.exitCode).not.toBe(0);
    expect(messages(missing)).toMatch(/BACKUP_MISSING: \[backup\] .*no-such\.bak does not exist\..*Correct the path/s);

    declare({ erp: { backup: await backup("erp") } });
    await emulator.rds.setDatabase({ instanceId: emulator.instanceId, name: "erp" });
    const taken = await run({ kind: "preview" });
    expect(taken.exitCode).not.toBe(0);
    expect(messages(taken)).toContain("erp already exists on RDS");
    expect(messages(missing) + messages(taken)).not.toMatch(/\n\s+at .*:\d+:\d+/);
    expect(count("CreateMigrateTask") + count("InitiateMultipartUpload") + count("PutObject")).toBe(0);
  });

  test("--replace is refused while the database exists, and migrates again after it was dropped", async () => {
    const { declare, backup, run, recorded, emulator, count } = scenario;
    declare({ erp: { backup: await backup("erp") } });
    const up = await run({ kind: "up" });
    const urn = up.steps.find(({ name }) => name === "erp")?.urn ?? "";

    const preview = await run({ kind: "preview", replace: [urn] });
    expect(messages(preview)).toMatch(/warning: DATABASE_ONLINE_ALREADY: .*REPLACE_BLOCKED/s);
    expect(messages(preview)).not.toContain("continues migration task");
    const refused = await run({ kind: "up", replace: [urn] });
    expect(refused.exitCode).not.toBe(0);
    expect(messages(refused)).toContain("rename that database on RDS and repeat --replace");
    expect(await recorded("erp")).toMatchObject({ status: "online" });
    expect((await run({ kind: "up" })).exitCode).toBe(0);
    expect(count("CreateMigrateTask")).toBe(1);

    await emulator.rds.removeDatabase({ instanceId: emulator.instanceId, name: "erp" });
    const replaced = await run({ kind: "up", replace: [urn] });
    expect(messages(replaced)).not.toMatch(/^error/m);
    expect(replaced.exitCode).toBe(0);
    expect(await recorded("erp")).toMatchObject({ status: "online" });
    expect(count("CreateMigrateTask")).toBe(2);
  });

  test("a replacement during a task adopts the running task", async () => {
    const { declare, backup, run, recorded, emulator, count } = scenario;
    declare({ erp: { backup: await backup("erp"), wait: "submitted" } });
    await emulator.rds.shapeRestore({ dbName: "erp", holdAt: "restoring" });
    const up = await run({ kind: "up" });
    const urn = up.steps.find(({ name }) => name === "erp")?.urn ?? "";

    const replaced = await run({ kind: "up", replace: [urn] });
    expect(messages(replaced)).not.toMatch(/^error/m);
    expect(replaced.exitCode).toBe(0);
    expect(await recorded("erp")).toMatchObject({ migrateTaskId: expect.any(String) });
    expect(count("CreateMigrateTask")).toBe(1);
  });
});
