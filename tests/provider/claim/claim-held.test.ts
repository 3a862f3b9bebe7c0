import { Scene } from "../support/scene";

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

test("a claim whose run may still send is waited for, and named when the time is over", async () => {
  const args = { backup: await scene.backup("erp.bak") };
  scene.emulator.faults.add({ match: { action: "CreateMigrateTask" }, effect: { kind: "reset", at: "before" } });
  const killed = scene.upUntil(() => scene.requests("CreateMigrateTask").length > 0, args);
  await killed.catch(() => undefined);
  scene.emulator.faults.clear();
  const late = await scene.up({ ...args, timeout: "500ms" }).then(
    ({ outputs }) => (outputs.failure as { code?: string } | undefined)?.code,
    (error: Error) => error.message,
  );
  expect(late).toMatch(/^CLAIM_HELD/);
  expect((await scene.tasks()).length).toBeLessThanOrEqual(1);
});
