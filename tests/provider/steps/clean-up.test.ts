import { Scene } from "../../../testing/scene";

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

const keys = (): string[] => scene.emulator.oss.objects(scene.emulator.bucket).map(({ key }) => key);

test("what was uploaded goes once DBCC has answered, and its absence is no change", async () => {
  const args = { backup: await scene.backup("erp.bak"), cleanup: "afterOnline" };
  const first = await scene.up(args);
  expect(first.outputs).toMatchObject({ status: "online", cleanedUp: true, warnings: [] });
  expect(keys()).toEqual([]);
  expect((await scene.preview(args, first)).diff?.changes).toBe(false);
  const refreshed = await scene.refresh(first);
  expect(refreshed.outputs).toMatchObject({ status: "online", cleanedUp: true });
  expect((await scene.preview(args, refreshed)).diff?.changes).toBe(false);
});

test("asked for later it is an update that deletes, and sends nothing to RDS but looks", async () => {
  const args = { backup: await scene.backup("erp.bak") };
  const first = await scene.up(args);
  const wanted = { ...args, cleanup: "afterOnline" };
  expect((await scene.preview(wanted, first)).diff?.changes).toBe(true);
  const second = await scene.up(wanted, first);
  expect(second.outputs.cleanedUp).toBe(true);
  expect(scene.requests("CreateMigrateTask")).toHaveLength(1);
  expect(keys()).toEqual([]);
});

test("nothing is deleted of a damaged database, of what is something else by now, or of what was named in a bucket", async () => {
  await scene.emulator.rds.shapeRestore({ dbName: "erp", checkdbFails: true });
  const damaged = await scene.up({ backup: await scene.backup("erp.bak"), cleanup: "afterOnline" });
  expect(damaged.outputs).toMatchObject({ status: "online", cleanedUp: false });
  expect(damaged.outputs.warnings).toContainEqual(expect.stringMatching(/was not deleted: DBCC CHECKDB found damage/));

  const crm = await scene.backup("crm.bak", { databaseName: "crm" });
  const { bucket } = scene.emulator;
  await scene.emulator.oss.putObject(bucket, "crm.bak", crm);
  const named = await scene.up({ backup: `oss://${bucket}/crm.bak`, cleanup: "afterOnline" });
  expect(named.outputs).toMatchObject({ status: "online" });
  expect(named.outputs).not.toHaveProperty("cleanedUp");

  const args = { backup: await scene.backup("hr.bak", { databaseName: "hr" }) };
  const hr = await scene.up(args);
  await scene.emulator.oss.putObject(bucket, String(hr.outputs.objectKey), crm);
  const other = await scene.up({ ...args, cleanup: "afterOnline" }, hr);
  expect(other.outputs.cleanedUp).toBe(true);
  expect(keys().sort()).toEqual(["crm.bak", damaged.outputs.objectKey, hr.outputs.objectKey].sort());
});

test("a bucket in which nothing may be deleted fails no migration; the next up tries again", async () => {
  const args = { backup: await scene.backup("erp.bak"), cleanup: "afterOnline" };
  scene.emulator.faults.add({
    match: { action: "DeleteObject" },
    effect: { kind: "refuse", status: 403, code: "AccessDenied" },
  });
  const first = await scene.up(args);
  expect(first.failed).toBeUndefined();
  expect(first.outputs).not.toHaveProperty("cleanedUp");
  expect((await scene.preview(args, first)).diff?.changes).toBe(true);
});
