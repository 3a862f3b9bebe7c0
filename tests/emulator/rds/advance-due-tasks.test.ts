import fc from "fast-check";
import { RdsFixture, TASK_MS } from "../support/rds-fixture";

/** What an outsider can see of a fixture. */
async function visible(fixture: RdsFixture, taskIds: string[]): Promise<unknown> {
  const tasks = await Promise.all(taskIds.map((taskId) => fixture.task(taskId)));
  const files = await Promise.all(taskIds.map((taskId) => fixture.files(taskId)));
  return { tasks, files, databases: await fixture.databases() };
}

/** Three tasks that compete for space and name, two of which cannot succeed. */
async function startedFixture(): Promise<{ fixture: RdsFixture; taskIds: string[] }> {
  const fixture = RdsFixture.withInstance({ dbMaxQuantity: 2, accounts: [] });
  const taskIds = [
    await fixture.submitFull("First"),
    await fixture.submitFull("Second", { type: "log" }),
    await fixture.submitOpen("Third", "third.bak", {}),
  ];
  fixture.world.advance(1);
  taskIds.push(await fixture.submitFull("Fourth"));
  return { fixture, taskIds };
}

test("comes to the same end however often anybody looks", async () => {
  const untouched = await startedFixture();
  untouched.fixture.world.advance(3 * TASK_MS);
  const expected = await visible(untouched.fixture, untouched.taskIds);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 * TASK_MS }), { maxLength: 12 }), async (looks) => {
      const { fixture, taskIds } = await startedFixture();
      let passed = 0;
      for (const at of [...looks].sort((one, other) => one - other)) {
        fixture.world.advance(at - passed);
        passed = at;
        await visible(fixture, taskIds);
      }
      fixture.world.advance(3 * TASK_MS - passed);
      expect(await visible(fixture, taskIds)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

test("goes on after a restart as if nothing had happened", async () => {
  const { fixture, taskIds } = await startedFixture();
  const twin = await startedFixture();
  fixture.world.advance(TASK_MS / 2);
  await visible(fixture, taskIds);
  const restarted = fixture.restarted();
  restarted.world.advance(3 * TASK_MS);
  twin.fixture.world.advance(3 * TASK_MS + TASK_MS / 2);
  expect(await visible(restarted, taskIds)).toEqual(await visible(twin.fixture, twin.taskIds));
});

test("journals each status once, with the moment it happened", async () => {
  const fixture = new RdsFixture();
  const taskId = await fixture.submitFull("Erp");
  const createdAtMs = fixture.world.now();
  fixture.world.advance(100 * TASK_MS);
  await fixture.databases();
  const entries = fixture.world.entries.filter(({ action }) => action === "taskStatus");
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
  const fixture = new RdsFixture();
  await fixture.databases();
  expect(fixture.world.saves.get("rds")).toBeUndefined();
});
