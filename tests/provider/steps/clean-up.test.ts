import { Fixture } from "../../../testing/fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

const keys = (): string[] => fixture.emulator.oss.objects(fixture.emulator.bucket).map(({ key }) => key);

test("an uploaded object is deleted once DBCC has answered, and its absence is not a change", async () => {
  const args = { backup: await fixture.backup("erp.bak"), cleanup: "afterOnline" };
  const first = await fixture.up(args);
  expect(first.outputs).toMatchObject({ status: "online", cleanedUp: true, warnings: [] });
  expect(keys()).toEqual([]);
  expect((await fixture.preview(args, first)).diff?.changes).toBe(false);
  const refreshed = await fixture.refresh(first);
  expect(refreshed.outputs).toMatchObject({ status: "online", cleanedUp: true });
  expect((await fixture.preview(args, refreshed)).diff?.changes).toBe(false);
});

test("cleanup that is added later is an update that deletes, and only reads from RDS", async () => {
  const args = { backup: await fixture.backup("erp.bak") };
  const first = await fixture.up(args);
  const wanted = { ...args, cleanup: "afterOnline" };
  expect((await fixture.preview(wanted, first)).diff?.changes).toBe(true);
  const second = await fixture.up(wanted, first);
  expect(second.outputs.cleanedUp).toBe(true);
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
  expect(keys()).toEqual([]);
});

test("keeps the backup of a damaged database, an object with other content, and a backup that was named in a bucket", async () => {
  await fixture.emulator.rds.shapeRestore({ dbName: "erp", checkdbFails: true });
  const damaged = await fixture.up({ backup: await fixture.backup("erp.bak"), cleanup: "afterOnline" });
  expect(damaged.outputs).toMatchObject({ status: "online", cleanedUp: false });
  expect(damaged.outputs.warnings).toContainEqual(expect.stringMatching(/was not deleted: DBCC CHECKDB found damage/));

  const crm = await fixture.backup("crm.bak", { databaseName: "crm" });
  const { bucket } = fixture.emulator;
  await fixture.emulator.oss.putObject(bucket, "crm.bak", crm);
  const named = await fixture.up({ backup: `oss://${bucket}/crm.bak`, cleanup: "afterOnline" });
  expect(named.outputs).toMatchObject({ status: "online" });
  expect(named.outputs).not.toHaveProperty("cleanedUp");

  const args = { backup: await fixture.backup("hr.bak", { databaseName: "hr" }) };
  const hr = await fixture.up(args);
  await fixture.emulator.oss.putObject(bucket, String(hr.outputs.objectKey), crm);
  const other = await fixture.up({ ...args, cleanup: "afterOnline" }, hr);
  expect(other.outputs.cleanedUp).toBe(true);
  expect(keys().sort()).toEqual(["crm.bak", damaged.outputs.objectKey, hr.outputs.objectKey].sort());
});

test("a bucket without permission to delete fails no migration; the next up tries again", async () => {
  const args = { backup: await fixture.backup("erp.bak"), cleanup: "afterOnline" };
  fixture.emulator.faults.add({
    match: { action: "DeleteObject" },
    effect: { kind: "refuse", status: 403, code: "AccessDenied" },
  });
  const first = await fixture.up(args);
  expect(first.failed).toBeUndefined();
  expect(first.outputs).not.toHaveProperty("cleanedUp");
  expect((await fixture.preview(args, first)).diff?.changes).toBe(true);
});
