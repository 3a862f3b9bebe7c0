import fc from "fast-check";
import { RdsScene, TASK_MS } from "../support/rds-scene";

/** What an outsider can see of a scene. */
async function visible(scene: RdsScene, taskIds: string[]): Promise<unknown> {
  const tasks = await Promise.all(taskIds.map((taskId) => scene.task(taskId)));
  const files = await Promise.all(taskIds.map((taskId) => scene.files(taskId)));
  return { tasks, files, databases: await scene.databases() };
}

/** Three tasks that compete for space and name, two of which cannot succeed. */
async function startedScene(): Promise<{ scene: RdsScene; taskIds: string[] }> {
  const scene = RdsScene.withInstance({ dbMaxQuantity: 2, accounts: [] });
  const taskIds = [
    await scene.submitFull("First"),
    await scene.submitFull("Second", { type: "log" }),
    await scene.submitOpen("Third", "third.bak", {}),
  ];
  scene.world.pass(1);
  taskIds.push(await scene.submitFull("Fourth"));
  return { scene, taskIds };
}

test("comes to the same end however often anybody looks", async () => {
  const untouched = await startedScene();
  untouched.scene.world.pass(3 * TASK_MS);
  const expected = await visible(untouched.scene, untouched.taskIds);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 * TASK_MS }), { maxLength: 12 }), async (looks) => {
      const { scene, taskIds } = await startedScene();
      let passed = 0;
      for (const at of [...looks].sort((one, other) => one - other)) {
        scene.world.pass(at - passed);
        passed = at;
        await visible(scene, taskIds);
      }
      scene.world.pass(3 * TASK_MS - passed);
      expect(await visible(scene, taskIds)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

test("goes on after a restart as if nothing had happened", async () => {
  const { scene, taskIds } = await startedScene();
  const twin = await startedScene();
  scene.world.pass(TASK_MS / 2);
  await visible(scene, taskIds);
  const restarted = scene.restarted();
  restarted.world.pass(3 * TASK_MS);
  twin.scene.world.pass(3 * TASK_MS + TASK_MS / 2);
  expect(await visible(restarted, taskIds)).toEqual(await visible(twin.scene, twin.taskIds));
});

test("journals each status once, with the moment it happened", async () => {
  const scene = new RdsScene();
  const taskId = await scene.submitFull("Erp");
  const createdAtMs = scene.world.now();
  scene.world.pass(100 * TASK_MS);
  await scene.databases();
  const entries = scene.world.entries.filter(({ action }) => action === "taskStatus");
  expect(
    entries.map(({ detail }) => [detail.taskId, detail.status, Number(detail.happenedAtMs) - createdAtMs]),
  ).toEqual([
    [taskId, "NoStart", 0],
    [taskId, "Running", TASK_MS * 0.05],
    [taskId, "Success", TASK_MS],
  ]);
  expect(entries.map(({ request }) => request)).toEqual([1, 0, 0]);
});

test("saves nothing for a call that changes nothing", async () => {
  const scene = new RdsScene();
  await scene.databases();
  expect(scene.world.saves.get("rds")).toBeUndefined();
});
