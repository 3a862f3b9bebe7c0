import { messages, Scene } from "../../../testing/scene";

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

/** The database as DescribeDatabases shows it from now on. */
const showAs = (status: string): Promise<void> =>
  scene.emulator.rds.setDatabase({ instanceId: scene.emulator.instanceId, name: "erp", status });

test("a database that RDS shows as something else than Running is a warning at refresh, once, and taken back", async () => {
  const done = await scene.up({ backup: await scene.backup("erp.bak") });
  expect(done.outputs.warnings).toEqual([]);
  await showAs("Suspect");
  const suspect = await scene.refresh(done);
  expect(suspect.outputs).toMatchObject({
    status: "online",
    warnings: [expect.stringMatching(/^ONLINE_NOT_ACCESSIBLE: .*shows the database as Suspect/)],
  });
  expect(messages(suspect.log, "warning")).toHaveLength(1);
  expect(messages((await scene.refresh(suspect)).log, "warning")).toEqual([]);
  await showAs("Running");
  expect((await scene.refresh(suspect)).outputs.warnings).toEqual([]);
});

test("is a warning at up too", async () => {
  await scene.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const first = await scene.up({ backup: await scene.backup("erp.bak"), wait: "submitted" });
  const { instanceId } = scene.emulator;
  const taskId = String(first.outputs.migrateTaskId);
  await scene.emulator.rds.setTask({ instanceId, taskId, status: "Success" });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { outputs } = await scene.up({ backup: await scene.backup("erp.bak") }, first);
  expect(outputs).toMatchObject({
    status: "online",
    warnings: [expect.stringMatching(/^ONLINE_NOT_ACCESSIBLE: .*as In Recovery/)],
  });
});

test("that cannot be looked at does not undo the success", async () => {
  const backup = await scene.backup("erp.bak");
  scene.emulator.faults.add({
    match: { action: "DescribeDatabases" },
    nth: [2, 3, 4, 5, 6, 7, 8, 9],
    effect: { kind: "refuse", status: 403, code: "Forbidden.RAM" },
  });
  const { outputs, failed, log } = await scene.up({ backup });
  expect(failed).toBeUndefined();
  expect(outputs).toMatchObject({ status: "online", warnings: [] });
  expect(messages(log, "info")).toContainEqual(expect.stringMatching(/^not checked: whether erp .* is accessible/));
});
