import { openSession, type Session, SHARED_FACTS_MAX_AGE_MS } from "../../../provider/session/session";
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
    { log: () => {}, flush: async () => {}, answers: async () => true },
    { now: () => nowMs, sleep: async () => {} },
    { rdsRetryDelayMs: 1 },
  );
});
afterEach(() => fixture.close());

const ids = () => Array.from({ length: 50 }, () => fixture.emulator.instanceId);

test("fifty migrations share one look at their instance, bucket and databases", async () => {
  await Promise.all(ids().map((id) => session.instance({}, id)));
  await Promise.all(ids().map(() => session.bucket({}, fixture.emulator.bucket)));
  await Promise.all(ids().map((id) => session.databases({}, id, nowMs)));
  expect(fixture.since(0)).toEqual(["rds:DescribeDBInstanceAttribute", "oss:GetBucketInfo", "rds:DescribeDatabases"]);
});

test("an instance is looked at again when a run has gone on for a while", async () => {
  await session.instance({}, fixture.emulator.instanceId);
  await fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, lockMode: "ManualLock" });
  nowMs += SHARED_FACTS_MAX_AGE_MS + 1;
  expect((await session.instance({}, fixture.emulator.instanceId)).lockMode).toBe("ManualLock");
});

test("a list of databases from before what is asked for is not given out", async () => {
  const { instanceId } = fixture.emulator;
  expect(await session.databases({}, instanceId, nowMs)).toEqual([]);
  await fixture.emulator.rds.setDatabase({ instanceId, name: "erp" });
  expect(await session.databases({}, instanceId, nowMs)).toEqual([]);
  nowMs += 1;
  expect(await session.databases({}, instanceId, nowMs)).toMatchObject([{ name: "erp" }]);
});

test("each region, account and endpoint has a client of its own", () => {
  expect(session.rds({})).toBe(session.rds({ endpoint: "internal" }));
  expect(session.rds({})).not.toBe(session.rds({ region: "cn-shanghai" }));
  expect(session.rds({})).not.toBe(session.rds({ assumeRoleArn: "acs:ram::1:role/x" }));
  expect(session.store({})).not.toBe(session.store({ region: "cn-shanghai" }));
  expect(session.board({}, "rm-1")).toBe(session.board({}, "rm-1"));
  expect(session.board({}, "rm-1")).not.toBe(session.board({}, "rm-2"));
});
