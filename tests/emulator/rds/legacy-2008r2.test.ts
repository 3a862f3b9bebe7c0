import { BUCKET, INSTANCE_ID, positionOf, RdsScene, refusalOf, TASK_MS } from "../support/rds-scene";

const HOUR_MS = 60 * 60 * 1000;
const KEY = "Erp_FULL.bak";
const FIXTURE = { databaseVersion: 661 };

/** A 2008 R2 instance on local disks with a database Erp, and a backup of it in the bucket. */
async function legacyScene(): Promise<RdsScene> {
  const scene = RdsScene.withInstance({ engineVersion: "2008r2" });
  scene.upload(KEY, FIXTURE);
  await scene.send("CreateDatabase", { DBName: "Erp", CharacterSetName: "Chinese_PRC_CI_AS" });
  return scene;
}

/** A URL that the memory world honours, valid for so many hours. */
function signedUrl(scene: RdsScene, hours: number): string {
  const url = `http://${BUCKET}.oss-cn-hangzhou.aliyuncs.com/${KEY}?Expires=${(scene.world.now() + hours * HOUR_MS) / 1000}`;
  scene.world.signedUrls.set(url, hours > 0 ? { bucket: BUCKET, key: KEY } : { refused: "expired" });
  return url;
}

const submit = (scene: RdsScene, url: string, params: Record<string, string> = {}) =>
  scene.submit({ DBName: "Erp", OSSUrls: encodeURIComponent(url), ...params });

test("overwrites the existing database and says so", async () => {
  const scene = await legacyScene();
  const taskId = await submit(scene, signedUrl(scene, 2));
  scene.passTask();
  expect(await scene.task(taskId)).toMatchObject({ Status: "Success", IsDBReplaced: "True" });
  expect(await scene.databases()).toMatchObject([{ DBName: "Erp", DBStatus: "Running" }]);
});

test("refuses a name that is not on the instance with the code that later versions give for one that is", async () => {
  const scene = await legacyScene();
  const refusal = await refusalOf(submit(scene, signedUrl(scene, 2), { DBName: "Other" }));
  expect([refusal.status, refusal.code]).toEqual([400, "InvalidDBName.NotFound"]);
});

test("refuses a database whose type takes no migration", async () => {
  const scene = await legacyScene();
  await scene.rds.control.setDatabase({ instanceId: INSTANCE_ID, name: "Erp", migratable: false });
  const refusal = await refusalOf(submit(scene, signedUrl(scene, 2)));
  expect([refusal.status, refusal.code]).toEqual([400, "IncorrectDBType"]);
});

test("refuses a database that is being deleted", async () => {
  const scene = await legacyScene();
  await scene.rds.control.setDatabase({ instanceId: INSTANCE_ID, name: "Erp", status: "Deleting" });
  expect((await refusalOf(submit(scene, signedUrl(scene, 2)))).code).toBe("IncorrectDBState");
});

test("is always opened at once", async () => {
  const scene = await legacyScene();
  const refusal = await refusalOf(submit(scene, signedUrl(scene, 2), { BackupMode: "UPDF", IsOnlineDB: "False" }));
  expect(refusal.code).toBe("InvalidParameterCombination");
});

test("needs OSSUrls, an object position is not enough", async () => {
  const scene = await legacyScene();
  const refusal = await refusalOf(scene.submit({ DBName: "Erp", OssObjectPositions: positionOf(KEY) }));
  expect(refusal.code).toBe("InvalidOssUrl");
});

test.each([
  ["a URL that is refused", (scene: RdsScene) => `${signedUrl(scene, 2)}&changed=1`],
  ["a URL valid for more than 18 hours", (scene: RdsScene) => signedUrl(scene, 18.5)],
  ["two URLs", (scene: RdsScene) => `${signedUrl(scene, 2)}|${signedUrl(scene, 2)}`],
  ["no URL", () => "erp.bak"],
])("refuses %s", async (_, makeUrl) => {
  const scene = await legacyScene();
  expect((await refusalOf(submit(scene, makeUrl(scene)))).code).toBe("InvalidOssUrl");
});

test("refuses text that is not URL-encoded", async () => {
  const scene = await legacyScene();
  const refusal = await refusalOf(scene.submit({ DBName: "Erp", OSSUrls: "%zz" }));
  expect(refusal.code).toBe("InvalidOssUrl");
});

test("measures a V4 URL's validity from its date and its seconds", async () => {
  const scene = await legacyScene();
  const date = new Date(scene.world.now()).toISOString().replace(/[-:]|\.\d+/g, "");
  const url = (seconds: number) => `http://x.example/${KEY}?x-oss-date=${date}&x-oss-expires=${seconds}`;
  for (const seconds of [18 * 3600, 18 * 3600 + 1]) {
    scene.world.signedUrls.set(url(seconds), { bucket: BUCKET, key: KEY });
  }
  expect((await refusalOf(submit(scene, url(18 * 3600 + 1)))).code).toBe("InvalidOssUrl");
  await submit(scene, url(18 * 3600));
});

test("fails the task when the URL had expired already, or does so before the download ends", async () => {
  const scene = await legacyScene();
  const early = await submit(scene, signedUrl(scene, -1));
  scene.passTask();
  const late = await submit(scene, signedUrl(scene, TASK_MS / 10 / HOUR_MS));
  scene.passTask();
  for (const taskId of [early, late]) {
    expect(await scene.task(taskId)).toMatchObject({
      Status: "Failed",
      Description: "Failed to download backup file since OSS URL was expired.",
    });
  }
  expect(await scene.databases()).toMatchObject([{ DBName: "Erp", DBStatus: "Running" }]);
});
