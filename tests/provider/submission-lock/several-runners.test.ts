import { Fixture } from "../../../testing/fixture";
import { type InstanceArgs, runInstance } from "../support/instance-fixture";

jest.setTimeout(60_000);

const NAMES = ["crm", "dwh", "erp", "hr"];

let fixture: Fixture;
let args: InstanceArgs;
beforeEach(async () => {
  fixture = await Fixture.open();
  const databases: InstanceArgs["databases"] = {};
  for (const databaseName of NAMES)
    databases[databaseName] = { backup: await fixture.backup(`${databaseName}.bak`, { databaseName }) };
  args = { databases };
});
afterEach(() => fixture.close());

const share = (names: string[]): InstanceArgs => ({
  databases: Object.fromEntries(names.map((name) => [name, args.databases[name] ?? {}])),
});
/** The databases of the tasks that the service accepted. */
const tasks = () =>
  fixture.emulator.journal.entries
    .filter(({ action, status }) => action === "CreateMigrateTask" && status === 200)
    .map(({ detail }) => `${detail.DBName}`)
    .sort();
const statuses = ({ recorded }: Awaited<ReturnType<typeof runInstance>>) =>
  Object.values(recorded.outcome?.outputs.summary as { status: string }[]).map(({ status }) => status);

test("stacks whose shares overlap create one task for each backup, and both end online", async () => {
  const [one, other] = await Promise.all([
    runInstance(fixture, share(["crm", "dwh", "erp"])),
    runInstance(fixture, share(["dwh", "erp", "hr"])),
  ]);
  expect([one, other].map(statuses)).toEqual([
    ["online", "online", "online"],
    ["online", "online", "online"],
  ]);
  expect(tasks()).toEqual(NAMES);
  // The stack that takes over a finished share continues the tasks of the other.
  expect(statuses(await runInstance(fixture, args))).toEqual(["online", "online", "online", "online"]);
  expect(tasks()).toEqual(NAMES);
});

test("runners that meet the day's quota together defer what is left, and the next run of each submits it", async () => {
  await fixture.emulator.rds.setLimits({ perInstanceAndDay: 2 });
  const shares = [share(["crm", "dwh"]), share(["erp", "hr"])];
  const runs = await Promise.all(shares.map((each) => runInstance(fixture, each)));
  expect(runs.flatMap(({ failures }) => failures)).toEqual([]);
  expect(runs.flatMap(statuses).sort()).toEqual(["online", "online", "planned", "planned"]);
  expect(tasks()).toHaveLength(2);
  await fixture.emulator.rds.setLimits({ perInstanceAndDay: 500 });
  const next = await Promise.all(shares.map((each, at) => runInstance(fixture, each, { prior: runs[at]?.recorded })));
  expect(next.flatMap(statuses)).toEqual(["online", "online", "online", "online"]);
  expect(tasks()).toEqual(NAMES);
});
