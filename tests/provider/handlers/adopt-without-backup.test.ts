import { Fixture } from "../../../testing/fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

const adopting = (adopt: boolean | string) => ({ bucket: undefined, databaseName: "erp", adopt });

test("a database that is there is recorded without a bucket and a backup, and stays clean", async () => {
  await fixture.emulator.rds.setDatabase({ instanceId: fixture.emulator.instanceId, name: "erp" });
  const args = adopting(true);
  expect((await fixture.preview(args)).failures).toEqual([]);
  const known = await fixture.up(args);
  expect(known.outputs).toMatchObject({ status: "online", databaseName: "erp" });
  expect((await fixture.preview(args, known)).diff?.changes).toBe(false);
  expect((await fixture.refresh(known)).outputs.status).toBe("online");
  expect(fixture.requests("CreateMigrateTask")).toEqual([]);
  await fixture.destroy(known);
});

test("a task that is named is followed without a bucket and a backup", async () => {
  const first = await fixture.up({ backup: await fixture.backup("erp.bak"), wait: "submitted" });
  const known = await fixture.up(adopting(String(first.outputs.migrateTaskId)));
  expect(known.outputs).toMatchObject({ status: "online", migrateTaskId: first.outputs.migrateTaskId });
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
});

test.each([undefined, false])("with adopt %p both are required", async (adopt) => {
  const { failures } = await fixture.preview({ bucket: undefined, databaseName: "erp", adopt });
  expect(failures).toEqual([
    expect.stringMatching(/^INPUT_INVALID: \[bucket\] is missing/),
    expect.stringMatching(/^INPUT_INVALID: \[backup\] is missing/),
  ]);
});

test("its phase goes one way too, although no backup is named", async () => {
  await fixture.emulator.rds.setDatabase({ instanceId: fixture.emulator.instanceId, name: "erp" });
  const known = await fixture.up({ ...adopting(true), phase: "online" });
  const { failures } = await fixture.preview({ ...adopting(true), phase: "restoring" }, known);
  expect(failures).toEqual([expect.stringMatching(/^PHASE_ONE_WAY/)]);
});
