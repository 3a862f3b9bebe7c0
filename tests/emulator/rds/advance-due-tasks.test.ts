import fc from "fast-check";
import { RdsFixture, TASK_MS } from "../support/rds-fixture";

/** Returns the tasks, files and databases that clients can see. */
async function observableState(fixture: RdsFixture, taskIds: string[]): Promise<unknown> {
  const tasks = await Promise.all(taskIds.map((taskId) => fixture.task(taskId)));
  const files = await Promise.all(taskIds.map((taskId) => fixture.files(taskId)));
  return { tasks, files, databases: await fixture.databases() };
}

/** Starts four tasks on an instance with room for two databases. One of them has a wrong backup type. */
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

test("reaches the same state however often clients call", async () => {
  const reference = await startedFixture();
  reference.fixture.world.advance(3 * TASK_MS);
  const expected = await observableState(reference.fixture, reference.taskIds);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 * TASK_MS }), { maxLength: 12 }), async (callTimes) => {
      const { fixture, taskIds } = await startedFixture();
      let elapsedMs = 0;
      for (const atMs of [...callTimes].sort((one, other) => one - other)) {
        fixture.world.advance(atMs - elapsedMs);
        elapsedMs = atMs;
        await observableState(fixture, taskIds);
      }
      fixture.world.advance(3 * TASK_MS - elapsedMs);
      expect(await observableState(fixture, taskIds)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

test("continues after a restart as without it", async () => {
  const { fixture, taskIds } = await startedFixture();
  const reference = await startedFixture();
  fixture.world.advance(TASK_MS / 2);
  await observableState(fixture, taskIds);
  const restarted = fixture.restarted();
  restarted.world.advance(3 * TASK_MS);
  reference.fixture.world.advance(3 * TASK_MS + TASK_MS / 2);
  expect(await observableState(restarted, taskIds)).toEqual(
    await observableState(reference.fixture, reference.taskIds),
  );
});

test("journals each status once, with the time of the change", async () => {
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

test("does not save the state after a call without changes", async () => {
  const fixture = new RdsFixture();
  await fixture.databases();
  expect(fixture.world.saves.get("rds")).toBeUndefined();
});
