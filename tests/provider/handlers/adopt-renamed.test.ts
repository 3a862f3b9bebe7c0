import { Fixture, type Recorded } from "../../../testing/fixture";

let fixture: Fixture;
let known: Recorded;
let args: { backup: string; databaseName: string; adopt: boolean };
beforeEach(async () => {
  fixture = await Fixture.open();
  const backup = await fixture.backup("erp.bak");
  known = await fixture.up({ backup });
  args = { backup, databaseName: "shop", adopt: true };
});
afterEach(() => fixture.close());

const rename = async (): Promise<void> => {
  const { instanceId } = fixture.emulator;
  await fixture.emulator.rds.removeDatabase({ instanceId, name: "erp" });
  await fixture.emulator.rds.setDatabase({ instanceId, name: "shop" });
};

test("a database that was renamed on RDS keeps the facts of its backup and its task", async () => {
  await rename();
  const missed = await fixture.refresh(known);
  expect((await fixture.preview(args, missed)).diff).toMatchObject({ changes: true, replaces: [] });
  const adopted = await fixture.up(args, missed);
  const { dataAsOf, sizeBytes, migrateTaskId, finishedAt, timeline } = known.outputs;
  expect(dataAsOf).toEqual(expect.any(String));
  expect(adopted.outputs).toMatchObject({
    ...{ status: "online", databaseName: "shop", warnings: [] },
    ...{ dataAsOf, sizeBytes, migrateTaskId, finishedAt, timeline },
  });
  expect((await fixture.preview(args, adopted)).diff?.changes).toBe(false);
  expect((await fixture.refresh(adopted)).outputs.warnings).toEqual([]);
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
});

test("while the old database exists, the other one is recorded without the facts of the old one", async () => {
  await fixture.emulator.rds.setDatabase({ instanceId: fixture.emulator.instanceId, name: "shop" });
  const adopted = await fixture.up(args, known);
  expect(adopted.outputs).toMatchObject({ status: "online", databaseName: "shop" });
  expect(adopted.outputs).not.toHaveProperty("migrateTaskId");
  expect(adopted.outputs).not.toHaveProperty("sizeBytes");
});

test("a new name that RDS does not show is refused", async () => {
  await fixture.emulator.rds.removeDatabase({ instanceId: fixture.emulator.instanceId, name: "erp" });
  await expect(fixture.up(args, known)).rejects.toThrow(/^ADOPT_NO_DATABASE: /);
});
