import { bucketUploadsHandlers } from "../../../provider/handlers/bucket-uploads";
import type { PlainObject } from "../../../provider/model/plain";
import { callOf, Fixture, messages } from "../../../testing/fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

const recorded = (more: PlainObject = {}): PlainObject => ({
  ...{ bucket: fixture.emulator.bucket, region: fixture.emulator.region, forceDestroy: true },
  ...more,
});

/** Leaves an unfinished upload of each database. */
async function upload(...databases: string[]): Promise<void> {
  for (const databaseName of databases) {
    const backup = await fixture.backup(`${databaseName}.bak`, { databaseName, dataBytes: 1_000_000 });
    const slow = { partSize: 102_400, parallel: 1, rateLimit: 204_800 };
    const isUnderWay = () =>
      fixture.emulator.oss.uploads().some(({ key, parts }) => key.startsWith(databaseName) && parts.length > 0);
    await fixture.upUntil(isUnderWay, { backup, upload: slow });
  }
}

async function destroy(props: PlainObject) {
  const process = fixture.process();
  await bucketUploadsHandlers.delete(callOf(process, props).context, props);
  return process.log;
}

test("aborts the unfinished uploads of every key", async () => {
  await upload("crm", "erp");
  expect(fixture.emulator.oss.uploads()).toHaveLength(2);
  const log = await destroy(recorded());
  expect(fixture.emulator.oss.uploads()).toEqual([]);
  expect(messages(log, "info")).toEqual([`aborted 2 unfinished uploads of ${fixture.emulator.bucket}`]);
});

test("logs nothing without an upload or a bucket, and keeps the uploads without forceDestroy", async () => {
  expect(await destroy(recorded())).toEqual([]);
  expect(await destroy(recorded({ bucket: "deleted-bucket" }))).toEqual([]);
  await upload("erp");
  expect(await destroy(recorded({ forceDestroy: false }))).toEqual([]);
  expect(fixture.emulator.oss.uploads()).toHaveLength(1);
});

test("a missing right is a warning, because the engine reports a bucket that OSS does not delete", async () => {
  fixture.emulator.faults.add({
    match: { action: "ListMultipartUploads" },
    effect: { kind: "refuse", status: 403, code: "AccessDenied", message: "No." },
  });
  expect(messages(await destroy(recorded()), "warning")).toEqual([
    expect.stringMatching(/^unfinished uploads of .* may stay.*\nOSS_ACCESS_DENIED: .*oss:ListMultipartUploads/s),
  ]);
});

test("another bucket replaces the resource, and another forceDestroy is recorded", () => {
  const { context } = callOf(fixture.process(), {});
  const diff = (news: PlainObject) => bucketUploadsHandlers.diff(context, recorded(), recorded(news));
  expect(diff({})).toEqual({ changes: false, replaces: [] });
  expect(diff({ forceDestroy: false })).toEqual({ changes: true, replaces: [] });
  expect(diff({ bucket: "other" })).toEqual({ changes: true, replaces: ["bucket"] });
});
