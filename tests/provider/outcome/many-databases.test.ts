import { Fixture } from "../../../testing/fixture";
import { runInstance } from "../support/instance-fixture";

const COUNT = 60;
const NAMES = Array.from({ length: COUNT }, (_, index) => `db${String(index).padStart(3, "0")}`);

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

/** The calls since then, without the emulator's own task events. */
const rdsCalls = (mark: number): string[] =>
  fixture.since(mark).filter((call) => call.startsWith("rds:") && call !== "rds:taskStatus");

test(`${COUNT} databases: one call creates each task, the other calls grow with pages, and a second preview sends none`, async () => {
  const { instanceId, rds } = fixture.emulator;
  await rds.setInstance({ id: instanceId, dbMaxQuantity: 500, storageGb: 2_000 });
  const databases = Object.fromEntries(
    await Promise.all(
      NAMES.map(async (name) => [name, { backup: await fixture.backup(`${name}.bak`, { databaseName: name }) }]),
    ),
  );
  const args = { databases };
  const before = fixture.mark;
  const first = await runInstance(fixture, args);
  expect(first.recorded.outcome?.failed).toBeUndefined();
  const calls = rdsCalls(before);
  const creates = calls.filter((call) => call === "rds:CreateMigrateTask").length;
  expect(creates).toBe(COUNT);
  expect(calls.length - creates).toBeLessThanOrEqual(20);

  const mark = fixture.mark;
  const second = await runInstance(fixture, args, { preview: true, prior: first.recorded });
  expect(second).toMatchObject({ failures: [], touched: [] });
  expect(fixture.since(mark).filter((call) => call.startsWith("rds:"))).toEqual([]);
});
