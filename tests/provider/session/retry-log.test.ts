import { ResourceLog } from "../../../provider/model/log";
import { withRetryRow } from "../../../provider/session/retry-log";
import { Fixture, type LogRow, type ProviderProcess, URN } from "../../../testing/fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open({ tuning: { ossRetryTimes: { initialDelayMs: 1, maxDelayMs: 1 }, rdsRetryDelayMs: 1 } });
});
afterEach(() => fixture.close());

/** The service refuses this call a number of times. */
const refuse = (action: string, times: number) =>
  fixture.emulator.faults.add({ match: { action }, times, effect: { kind: "refuse", status: 503, code: "Busy" } });

const underRow = <T>({ session }: ProviderProcess, urn: string, call: () => Promise<T>): Promise<T> =>
  withRetryRow(new ResourceLog(session.log, urn), call);

const shown = (log: readonly LogRow[]): string[] => log.map(({ kind, message }) => `${kind}: ${message}`);

test("a call to OSS is reported from its second retry on, when the number of retries has doubled, in the caller's row", async () => {
  const process = fixture.process();
  const { clients } = process.session;
  refuse("GetBucketInfo", 9);
  await underRow(process, URN, () => clients.store({}).bucketFacts(fixture.emulator.bucket));
  expect(shown(process.log)).toEqual([
    expect.stringMatching(/^info: OSS: retry 2 of GetBucketInfo, until \d\d:\d\d:\d\d UTC: Busy, /),
    expect.stringMatching(/^status: OSS: retry 4 of GetBucketInfo, /),
    expect.stringMatching(/^status: OSS: retry 8 of GetBucketInfo, /),
    "status: OSS: GetBucketInfo succeeded after retries",
  ]);
  expect(new Set(process.log.map(({ urn }) => urn))).toEqual(new Set([URN]));
});

test("a call to RDS has a limited number of retries", async () => {
  const process = fixture.process();
  const { clients } = process.session;
  refuse("DescribeDBInstanceAttribute", 5);
  await underRow(process, URN, () => clients.rds({}).describeInstance(fixture.emulator.instanceId));
  expect(shown(process.log)).toEqual([
    expect.stringMatching(/^info: RDS: retry 2 of 6 of DescribeDBInstanceAttribute, until \d\d:\d\d:\d\d UTC: /),
    expect.stringMatching(/^status: RDS: retry 4 of 6 of DescribeDBInstanceAttribute, /),
    "status: RDS: DescribeDBInstanceAttribute succeeded after retries",
  ]);
});

test("one retry is not reported", async () => {
  const process = fixture.process();
  const { clients } = process.session;
  refuse("GetBucketInfo", 1);
  refuse("DescribeDBInstanceAttribute", 1);
  await clients.store({}).bucketFacts(fixture.emulator.bucket);
  await clients.rds({}).describeInstance(fixture.emulator.instanceId);
  expect(process.log).toEqual([]);
});

test("an outage that many resources meet has one line of each service that is kept, and each other row a status", async () => {
  const process = fixture.process();
  const { clients } = process.session;
  const names = ["crm", "erp", "hr"];
  for (const name of names) {
    refuse("GetBucketInfo", 3);
    refuse("DescribeDBInstanceAttribute", 3);
    await underRow(process, name, async () => {
      await clients.store({}).bucketFacts(fixture.emulator.bucket);
      await clients.rds({}).describeInstance(fixture.emulator.instanceId);
    });
  }
  const retries = process.log.filter(({ message }) => message.includes("retry 2"));
  expect(retries.map(({ kind, urn, message }) => `${urn} ${kind} ${message.slice(0, 3)}`)).toEqual([
    ...["crm info OSS", "crm info RDS"],
    ...["erp status OSS", "erp status RDS"],
    ...["hr status OSS", "hr status RDS"],
  ]);
});

test("calls of handlers that run at the same time are reported in their own rows", async () => {
  const process = fixture.process();
  const { clients } = process.session;
  const { bucket } = fixture.emulator;
  refuse("GetBucketInfo", 3);
  refuse("HeadObject", 3);
  await Promise.all([
    underRow(process, "crm", () => clients.store({}).bucketFacts(bucket)),
    underRow(process, "erp", () => clients.store({}).headObject(bucket, "erp.bak")),
  ]);
  expect(process.log.find(({ message }) => message.includes("GetBucketInfo"))?.urn).toBe("crm");
  expect(process.log.find(({ message }) => message.includes("HeadObject"))?.urn).toBe("erp");
});
