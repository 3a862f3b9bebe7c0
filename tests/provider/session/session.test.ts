import { SHARED_FACTS_MAX_AGE_MS } from "../../../provider/session/lookups";
import { openSession, type Session } from "../../../provider/session/session";
import { Fixture } from "../../../testing/fixture";

let fixture: Fixture;
let session: Session;
let nowMs: number;
beforeEach(async () => {
  fixture = await Fixture.open();
  nowMs = Date.now();
  const config: Record<string, string> = { "alicloud:region": fixture.emulator.region };
  session = openSession(
    { config: (key) => config[key], env: (name) => fixture.env[name] },
    { write: () => {} },
    { now: () => nowMs, sleep: async () => {} },
    { rdsRetryDelayMs: 1 },
  );
});
afterEach(() => fixture.close());

const ids = () => Array.from({ length: 50 }, () => fixture.emulator.instanceId);

test("fifty migrations share one request for their instance, bucket and databases", async () => {
  await Promise.all(ids().map((id) => session.lookups.instance({}, id)));
  await Promise.all(ids().map(() => session.lookups.bucket({}, fixture.emulator.bucket)));
  await Promise.all(ids().map((id) => session.lookups.databases({}, id, nowMs)));
  expect(fixture.since(0)).toEqual(["rds:DescribeDBInstanceAttribute", "oss:GetBucketInfo", "rds:DescribeDatabases"]);
});

test("an instance is fetched again when the cached facts are too old", async () => {
  await session.lookups.instance({}, fixture.emulator.instanceId);
  await fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, lockMode: "ManualLock" });
  nowMs += SHARED_FACTS_MAX_AGE_MS + 1;
  expect((await session.lookups.instance({}, fixture.emulator.instanceId)).lockMode).toBe("ManualLock");
});

test("a list of databases older than requested is not returned", async () => {
  const { instanceId } = fixture.emulator;
  expect(await session.lookups.databases({}, instanceId, nowMs)).toEqual([]);
  await fixture.emulator.rds.setDatabase({ instanceId, name: "erp" });
  expect(await session.lookups.databases({}, instanceId, nowMs)).toEqual([]);
  nowMs += 1;
  expect(await session.lookups.databases({}, instanceId, nowMs)).toMatchObject([{ name: "erp" }]);
});

test("each region, account and endpoint has its own client", () => {
  expect(session.clients.rds({})).toBe(session.clients.rds({ endpoint: "internal" }));
  expect(session.clients.rds({})).not.toBe(session.clients.rds({ region: "cn-shanghai" }));
  expect(session.clients.rds({})).not.toBe(session.clients.rds({ assumeRoleArn: "acs:ram::1:role/x" }));
  expect(session.clients.store({})).not.toBe(session.clients.store({ region: "cn-shanghai" }));
  expect(session.lookups.taskList({}, "rm-1")).toBe(session.lookups.taskList({}, "rm-1"));
  expect(session.lookups.taskList({}, "rm-1")).not.toBe(session.lookups.taskList({}, "rm-2"));
});
