import { Fixture, messages } from "../../../testing/fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

/** Changes the status that DescribeDatabases shows from now on. */
const showAs = (status: string): Promise<void> =>
  fixture.emulator.rds.setDatabase({ instanceId: fixture.emulator.instanceId, name: "erp", status });

test("a database that is not Running gets one warning at refresh, and loses it when it is Running again", async () => {
  const done = await fixture.up({ backup: await fixture.backup("erp.bak") });
  expect(done.outputs.warnings).toEqual([]);
  await showAs("Suspect");
  const suspect = await fixture.refresh(done);
  expect(suspect.outputs).toMatchObject({
    status: "online",
    warnings: [expect.stringMatching(/^ONLINE_NOT_ACCESSIBLE: .*shows the database as Suspect/s)],
  });
  expect(messages(suspect.log, "warning")).toHaveLength(1);
  expect(messages((await fixture.refresh(suspect)).log, "warning")).toEqual([]);
  await showAs("Running");
  expect((await fixture.refresh(suspect)).outputs.warnings).toEqual([]);
});

test("gets the warning at up too", async () => {
  await fixture.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const first = await fixture.up({ backup: await fixture.backup("erp.bak"), wait: "submitted" });
  const { instanceId } = fixture.emulator;
  const taskId = String(first.outputs.migrateTaskId);
  await fixture.emulator.rds.setTask({ instanceId, taskId, status: "Success" });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { outputs } = await fixture.up({ backup: await fixture.backup("erp.bak") }, first);
  expect(outputs).toMatchObject({
    status: "online",
    warnings: [expect.stringMatching(/^ONLINE_NOT_ACCESSIBLE: .*as In Recovery/s)],
  });
});

test("a database that cannot be checked does not undo the success", async () => {
  const backup = await fixture.backup("erp.bak");
  fixture.emulator.faults.add({
    match: { action: "DescribeDatabases" },
    nth: [2, 3, 4, 5, 6, 7, 8, 9],
    effect: { kind: "refuse", status: 403, code: "Forbidden.RAM" },
  });
  const { outputs, failed, log } = await fixture.up({ backup });
  expect(failed).toBeUndefined();
  expect(outputs).toMatchObject({ status: "online", warnings: [] });
  expect(messages(log, "info")).toContainEqual(expect.stringMatching(/^not checked: whether erp .* is accessible/));
});
