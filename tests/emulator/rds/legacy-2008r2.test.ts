import { BUCKET, INSTANCE_ID, positionOf, RdsFixture, refusalOf, TASK_MS } from "../support/rds-fixture";

const HOUR_MS = 60 * 60 * 1000;
const KEY = "Erp_FULL.bak";
const FIXTURE = { databaseVersion: 661 };

/** Creates a 2008 R2 instance with a database Erp, and a backup of it in the bucket. */
async function legacyFixture(): Promise<RdsFixture> {
  const fixture = RdsFixture.withInstance({ engineVersion: "2008r2" });
  fixture.upload(KEY, FIXTURE);
  await fixture.send("CreateDatabase", { DBName: "Erp", CharacterSetName: "Chinese_PRC_CI_AS" });
  return fixture;
}

/** Returns a URL that the memory world accepts for this many hours. */
function signedUrl(fixture: RdsFixture, hours: number): string {
  const url = `http://${BUCKET}.oss-cn-hangzhou.aliyuncs.com/${KEY}?Expires=${(fixture.world.now() + hours * HOUR_MS) / 1000}`;
  fixture.world.signedUrls.set(url, hours > 0 ? { bucket: BUCKET, key: KEY } : { refused: "expired" });
  return url;
}

const submit = (fixture: RdsFixture, url: string, params: Record<string, string> = {}) =>
  fixture.submit({ DBName: "Erp", OSSUrls: encodeURIComponent(url), ...params });

test("overwrites the existing database and reports it", async () => {
  const fixture = await legacyFixture();
  const taskId = await submit(fixture, signedUrl(fixture, 2));
  fixture.advancePastTask();
  expect(await fixture.task(taskId)).toMatchObject({ Status: "Success", IsDBReplaced: "True" });
  expect(await fixture.databases()).toMatchObject([{ DBName: "Erp", DBStatus: "Running" }]);
});

test("refuses a missing database, with the code that later versions return for an existing one", async () => {
  const fixture = await legacyFixture();
  const refusal = await refusalOf(submit(fixture, signedUrl(fixture, 2), { DBName: "Other" }));
  expect([refusal.status, refusal.code]).toEqual([400, "InvalidDBName.NotFound"]);
});

test("refuses a database whose type cannot be migrated", async () => {
  const fixture = await legacyFixture();
  await fixture.rds.control.setDatabase({ instanceId: INSTANCE_ID, name: "Erp", migratable: false });
  const refusal = await refusalOf(submit(fixture, signedUrl(fixture, 2)));
  expect([refusal.status, refusal.code]).toEqual([400, "IncorrectDBType"]);
});

test("refuses a database that is being deleted", async () => {
  const fixture = await legacyFixture();
  await fixture.rds.control.setDatabase({ instanceId: INSTANCE_ID, name: "Erp", status: "Deleting" });
  expect((await refusalOf(submit(fixture, signedUrl(fixture, 2)))).code).toBe("IncorrectDBState");
});

test("refuses increments", async () => {
  const fixture = await legacyFixture();
  const refusal = await refusalOf(submit(fixture, signedUrl(fixture, 2), { BackupMode: "UPDF", IsOnlineDB: "False" }));
  expect(refusal.code).toBe("InvalidParameterCombination");
});

test("requires OSSUrls instead of OssObjectPositions", async () => {
  const fixture = await legacyFixture();
  const refusal = await refusalOf(fixture.submit({ DBName: "Erp", OssObjectPositions: positionOf(KEY) }));
  expect(refusal.code).toBe("InvalidOssUrl");
});

test.each([
  ["a changed URL", (fixture: RdsFixture) => `${signedUrl(fixture, 2)}&changed=1`],
  ["a URL valid for more than 18 hours", (fixture: RdsFixture) => signedUrl(fixture, 18.5)],
  ["two URLs", (fixture: RdsFixture) => `${signedUrl(fixture, 2)}|${signedUrl(fixture, 2)}`],
  ["no URL", () => "erp.bak"],
])("refuses %s", async (_, makeUrl) => {
  const fixture = await legacyFixture();
  expect((await refusalOf(submit(fixture, makeUrl(fixture)))).code).toBe("InvalidOssUrl");
});

test("refuses text that is not URL-encoded", async () => {
  const fixture = await legacyFixture();
  const refusal = await refusalOf(fixture.submit({ DBName: "Erp", OSSUrls: "%zz" }));
  expect(refusal.code).toBe("InvalidOssUrl");
});

test("computes a V4 URL's validity from x-oss-date and x-oss-expires", async () => {
  const fixture = await legacyFixture();
  const date = new Date(fixture.world.now()).toISOString().replace(/[-:]|\.\d+/g, "");
  const url = (seconds: number) => `http://x.example/${KEY}?x-oss-date=${date}&x-oss-expires=${seconds}`;
  for (const seconds of [18 * 3600, 18 * 3600 + 1]) {
    fixture.world.signedUrls.set(url(seconds), { bucket: BUCKET, key: KEY });
  }
  expect((await refusalOf(submit(fixture, url(18 * 3600 + 1)))).code).toBe("InvalidOssUrl");
  await submit(fixture, url(18 * 3600));
});

test("fails the task when the URL has expired at submission or expires during the download", async () => {
  const fixture = await legacyFixture();
  const expired = await submit(fixture, signedUrl(fixture, -1));
  fixture.advancePastTask();
  const expiring = await submit(fixture, signedUrl(fixture, TASK_MS / 10 / HOUR_MS));
  fixture.advancePastTask();
  for (const taskId of [expired, expiring]) {
    expect(await fixture.task(taskId)).toMatchObject({
      Status: "Failed",
      Description: "Failed to download backup file since OSS URL was expired.",
    });
  }
  expect(await fixture.databases()).toMatchObject([{ DBName: "Erp", DBStatus: "Running" }]);
});
