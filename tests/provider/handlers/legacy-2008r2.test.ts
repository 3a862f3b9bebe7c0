import { create } from "../../../provider/handlers/create";
import type { PlainObject } from "../../../provider/model/plain";
import { callOf, Fixture, messages } from "../../../testing/fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
  const { instanceId } = fixture.emulator;
  await fixture.emulator.rds.setInstance({ id: instanceId, engineVersion: "2008r2" });
  await fixture.emulator.rds.setDatabase({ instanceId, name: "erp" });
});
afterEach(() => fixture.close());

/** SQL Server 2008 R2 restores only backups of its own or an older version. */
const backupOf2008 = (name = "erp.bak") =>
  fixture.backup(name, { softwareVersion: { major: 10, minor: 50, build: 6000 } });

/** Lifetime of the first task's URL, seconds. */
async function urlSeconds(): Promise<number> {
  const [task] = await fixture.tasks();
  return Math.round((Number(task?.files[0]?.urlExpiresAtMs) - Number(task?.createdAtMs)) / 1000);
}

test("overwrites the existing database, from a signed URL that is valid for 18 hours", async () => {
  const { outputs } = await fixture.up({ backup: await backupOf2008(), allowOverwrite: true });
  expect(outputs).toMatchObject({ status: "online", allowOverwrite: true });
  expect((await fixture.tasks())[0]).toMatchObject({ replacesDatabase: true });
  expect(fixture.requests("CreateMigrateTask")[0]?.detail).not.toHaveProperty("OssObjectPositions");
  expect(await urlSeconds()).toBeGreaterThan(18 * 3600 - 60);
  expect(await urlSeconds()).toBeLessThanOrEqual(18 * 3600);
});

test("keeps the signed URL out of the state and the log", async () => {
  const { outputs, log } = await fixture.up({ backup: await backupOf2008(), allowOverwrite: true });
  expect(JSON.stringify({ outputs, log })).not.toMatch(/x-oss-signature|https?:/i);
});

test("signs for no longer than the temporary keys are valid, and logs it", async () => {
  const { accountId } = fixture.emulator;
  const assumeRoleArn = `acs:ram::${accountId}:role/migrator`;
  const { outputs, log } = await fixture.up({ backup: await backupOf2008(), allowOverwrite: true, assumeRoleArn });
  expect(outputs.status).toBe("online");
  expect(await urlSeconds()).toBeGreaterThan(3_500);
  expect(await urlSeconds()).toBeLessThanOrEqual(3_600);
  expect(messages(log, "info")).toContainEqual(expect.stringMatching(/RDS has (59m \d+s|1h 0m) to read the backup/));
  // All tokens of the emulator have this prefix.
  expect(JSON.stringify({ outputs, log })).not.toContain("EmulatedToken");
});

describe("warns at preview that a delayed request could restore over the first run", () => {
  const warnings = async (args: PlainObject) =>
    messages((await fixture.preview({ backup: await backupOf2008(), ...args })).log, "warning").join("\n");

  test("on 2008 R2 with allowOverwrite", async () => {
    expect(await warnings({ allowOverwrite: true })).toMatch(
      /^OVERWRITE_MAY_REPEAT: \[allowOverwrite\] .*one run at a time/s,
    );
  });

  test.each(["08r2_ent_ha", "2019_std_ha"])("not on %s, which refuses a second task", async (engineVersion) => {
    const { instanceId } = fixture.emulator;
    await fixture.emulator.rds.setInstance({ id: instanceId, engineVersion });
    expect(await warnings({ allowOverwrite: true, databaseName: "other" })).not.toContain("OVERWRITE_MAY_REPEAT");
  });

  test("not for a migration that sends nothing any more", async () => {
    const args = { backup: await backupOf2008(), allowOverwrite: true };
    const done = await fixture.up(args);
    expect(messages((await fixture.preview(args, done)).log, "warning")).toEqual([]);
  });
});

describe("is refused at preview", () => {
  test("without allowOverwrite", async () => {
    const { failures } = await fixture.preview({ backup: await backupOf2008() });
    expect(failures).toEqual([
      expect.stringMatching(/^OVERWRITE_NOT_ALLOWED: \[allowOverwrite\] .*`allowOverwrite: true`/s),
    ]);
  });

  test("without the database", async () => {
    await fixture.emulator.rds.removeDatabase({ instanceId: fixture.emulator.instanceId, name: "erp" });
    const { failures } = await fixture.preview({ backup: await backupOf2008(), allowOverwrite: true });
    expect(failures).toEqual([
      expect.stringMatching(/^DATABASE_MISSING_2008R2: \[databaseName\] .*Create an empty database/s),
    ]);
  });
});

test("is also refused at up, when the preview's requests failed, and sends nothing", async () => {
  const inputs = fixture.args({ backup: await backupOf2008(), databaseName: "erp" });
  const { context, members } = callOf(fixture.process(), inputs);
  const refused = await create(context, members).catch((error) => error);
  expect(refused).toMatchObject({ properties: { status: "failed", failure: { code: "OVERWRITE_NOT_ALLOWED" } } });
  expect(fixture.requests("CreateMigrateTask")).toEqual([]);
  const first = { id: refused.id, inputs, outputs: refused.properties, failed: refused, log: [] };
  expect((await fixture.up({ ...inputs, allowOverwrite: true }, first)).outputs.status).toBe("online");
});

test("an expired URL is a transient failure: the next up signs a new one", async () => {
  await fixture.emulator.rds.shapeRestore({ failWith: "Failed to download backup file since OSS URL was expired." });
  const args = { backup: await backupOf2008(), allowOverwrite: true };
  const first = await fixture.up(args);
  expect(first.outputs).toMatchObject({ status: "failed", failure: { code: "TASK_URL_EXPIRED", retry: "passes" } });
  await fixture.emulator.rds.setDatabase({ instanceId: fixture.emulator.instanceId, name: "erp" });
  expect((await fixture.up(args, first)).outputs.status).toBe("online");
});

test("after a lost reply the task is looked up; a call without a result is not repeated, because it would overwrite twice", async () => {
  const { faults } = fixture.emulator;
  const lost = faults.add({ match: { action: "CreateMigrateTask" }, times: 1, effect: { kind: "reset", at: "after" } });
  const args = { backup: await backupOf2008(), allowOverwrite: true, pollInterval: "20ms" };
  expect((await fixture.up(args)).outputs.status).toBe("online");
  faults.remove(lost);

  await fixture.emulator.rds.setDatabase({ instanceId: fixture.emulator.instanceId, name: "crm" });
  faults.add({ match: { action: "CreateMigrateTask" }, times: 1, effect: { kind: "reset", at: "before" } });
  const before = fixture.requests("CreateMigrateTask").length;
  const unsettled = await fixture.up({ ...args, databaseName: "crm" });
  expect(unsettled.outputs).toMatchObject({ status: "uploaded", failure: { code: "CREATE_UNSETTLED" } });
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(before + 1);
});

test("an online database is never overwritten again: neither by a second up nor by a create whose state was lost", async () => {
  const args = { backup: await backupOf2008(), allowOverwrite: true };
  const done = await fixture.up(args);
  expect((await fixture.preview(args, done)).diff?.changes).toBe(false);
  const { failures } = await fixture.preview(args);
  expect(failures).toEqual([]);
  const again = await fixture.up(args);
  expect(again.outputs).toMatchObject({ status: "online", migrateTaskId: done.outputs.migrateTaskId });
  expect(await fixture.tasks()).toHaveLength(1);
});

test("08r2_ent_ha, with cloud disks, follows the rules of the later versions", async () => {
  const { instanceId } = fixture.emulator;
  await fixture.emulator.rds.setInstance({ id: instanceId, engineVersion: "08r2_ent_ha" });
  await fixture.emulator.rds.removeDatabase({ instanceId, name: "erp" });
  const { outputs } = await fixture.up({ backup: await backupOf2008() });
  expect(outputs.status).toBe("online");
  expect(fixture.requests("CreateMigrateTask")[0]?.detail).toHaveProperty("OssObjectPositions");
});
