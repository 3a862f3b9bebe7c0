import { INSTANCE_ID, listOf, RdsScene, refusalOf } from "../support/rds-scene";

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const minute = (ms: number): string => new Date(ms).toISOString().replace(/:\d\d\.\d+Z$/, "Z");

/** The list around the present moment, or as said. */
function list(scene: RdsScene, params: Record<string, string> = {}) {
  const nowMs = scene.world.now();
  const window = { StartTime: minute(nowMs - DAY_MS), EndTime: minute(nowMs + MINUTE_MS) };
  return scene.send("DescribeMigrateTasks", { ...window, ...params });
}

async function listedNames(scene: RdsScene, params: Record<string, string> = {}): Promise<string[]> {
  const { Items } = await list(scene, params);
  return listOf(Items, "MigrateTask").map(({ DBName }) => String(DBName));
}

test("lists a task with the fields of the SDK's model and times with seconds", async () => {
  const scene = new RdsScene();
  await scene.submitFull("Erp");
  scene.world.pass(MINUTE_MS);
  expect(await list(scene)).toEqual({
    DBInstanceId: INSTANCE_ID,
    PageNumber: 1,
    PageRecordCount: 1,
    TotalRecordCount: 1,
    Items: {
      MigrateTask: [
        {
          MigrateTaskId: "106121",
          DBName: "Erp",
          BackupMode: "FULL",
          Status: "Success",
          Description: "Success to DBCC checkdb asynchronously.",
          IsDBReplaced: "False",
          CreateTime: "2026-08-03T12:00:00Z",
          EndTime: "2026-08-03T12:00:01Z",
        },
      ],
    },
  });
});

test("describes one task flat and calls its instance DBInstanceName", async () => {
  const scene = new RdsScene();
  const taskId = await scene.submitFull("Erp");
  const task = await scene.task(taskId);
  expect(task).toMatchObject({ DBInstanceName: INSTANCE_ID, MigrateTaskId: taskId, DBName: "Erp", EndTime: "" });
  expect(task).not.toHaveProperty("DBInstanceId");
});

test("describes the files of a task in strings, sizes in MB", async () => {
  const scene = new RdsScene();
  scene.world.putObject({ bucket: "b", key: "a folder/x.bak", sizeBytes: 3 * 1024 ** 2 + 1 });
  const taskId = await scene.submit({
    DBName: "Erp",
    OssObjectPositions: "oss-cn-hangzhou.aliyuncs.com:b:a folder/x.bak",
  });
  expect(await scene.send("DescribeOssDownloads", { MigrateTaskId: taskId })).toEqual({
    DBInstanceId: INSTANCE_ID,
    MigrateTaskId: taskId,
    Items: {
      OssDownload: [
        {
          FileName: "x.bak",
          FileSize: "4",
          BackupMode: "Database",
          Status: "NoStart",
          Description: "",
          IsAvailable: "True",
          CreateTime: "2026-08-03T12:00:00Z",
          EndTime: "",
        },
      ],
    },
  });
});

test("includes both ends of the window and nothing outside it", async () => {
  const scene = new RdsScene();
  await scene.submitFull("Erp");
  const createdAt = "2026-08-03T12:00Z";
  expect(await listedNames(scene, { StartTime: createdAt, EndTime: "2026-08-03T12:01Z" })).toEqual(["Erp"]);
  expect(await listedNames(scene, { StartTime: "2026-08-03T11:59Z", EndTime: createdAt })).toEqual(["Erp"]);
  expect(await listedNames(scene, { StartTime: "2026-08-03T12:01Z", EndTime: "2026-08-03T12:02Z" })).toEqual([]);
  expect(await listedNames(scene, { StartTime: "2026-08-03T11:58Z", EndTime: "2026-08-03T11:59Z" })).toEqual([]);
});

test("leaves out a task of this very minute when the window ends at its beginning", async () => {
  const scene = new RdsScene();
  scene.world.pass(30_000);
  await scene.submitFull("Erp");
  expect(await listedNames(scene, { StartTime: "2026-08-03T11:00Z", EndTime: "2026-08-03T12:00Z" })).toEqual([]);
});

test("forgets tasks after a week, but still describes them by id", async () => {
  const scene = new RdsScene();
  const taskId = await scene.submitFull("Erp");
  const StartTime = minute(scene.world.now() - DAY_MS);
  scene.world.pass(7 * DAY_MS);
  expect(await listedNames(scene, { StartTime })).toEqual(["Erp"]);
  scene.world.pass(1);
  expect(await listedNames(scene, { StartTime })).toEqual([]);
  expect((await scene.task(taskId)).DBName).toBe("Erp");
});

test("shows one task for a whole chain, where it shows tasks that were to stay open at all", async () => {
  const scene = new RdsScene();
  const taskId = await scene.submitOpen("Erp", "full.bak", { last: 200n });
  scene.passTask();
  await scene.submitOpen("Erp", "log.trn", { type: "log", first: 150n, last: 300n }, taskId);
  scene.passTask();
  expect(await listedNames(scene)).toEqual([]);
  await scene.rds.control.setTaskList({ showsOpenTasks: true });
  expect(await listedNames(scene)).toEqual(["Erp"]);
});

test("pages newest first", async () => {
  const scene = new RdsScene();
  const OssObjectPositions = scene.upload("x.bak");
  for (let number = 1; number <= 35; number += 1) {
    await scene.submit({ DBName: `db${number}`, OssObjectPositions });
    scene.world.pass(1000);
  }
  expect(await list(scene)).toMatchObject({ PageRecordCount: 30, TotalRecordCount: 35, PageNumber: 1 });
  expect(await listedNames(scene, { PageNumber: "2", PageSize: "30" })).toEqual(["db5", "db4", "db3", "db2", "db1"]);
  expect(await listedNames(scene, { PageNumber: "3" })).toEqual([]);
});

test.each([
  ["no StartTime", { StartTime: "" }, "MissingStartTime"],
  ["no EndTime", { EndTime: "" }, "MissingEndTime"],
  ["seconds in a time", { StartTime: "2026-08-03T12:00:00Z" }, "InvalidStartTime.Malformed"],
  ["a time that does not exist", { EndTime: "2026-13-03T12:00Z" }, "InvalidEndTime.Malformed"],
  [
    "an end that is not after the start",
    { StartTime: "2026-08-03T12:00Z", EndTime: "2026-08-03T12:00Z" },
    "InvalidEndTime.Malformed",
  ],
  ["a page size of 29", { PageSize: "29" }, "InvalidPageSize.Malformed"],
  ["a page size of 101", { PageSize: "101" }, "InvalidPageSize.Malformed"],
  ["page 0", { PageNumber: "0" }, "InvalidPageNumber.Malformed"],
])("refuses to list with %s", async (_, params, code) => {
  const refusal = await refusalOf(list(new RdsScene(), params));
  expect([refusal.status, refusal.code]).toEqual([400, code]);
});

test.each(["DescribeMigrateTaskById", "DescribeOssDownloads", "TerminateMigrateTask"])(
  "%s refuses a task that is not the instance's",
  async (action) => {
    const scene = new RdsScene({ instances: [{}, { id: "rm-other" }] });
    const taskId = await scene.submitFull("Erp");
    const refusal = await refusalOf(scene.send(action, { DBInstanceId: "rm-other", MigrateTaskId: taskId }));
    expect([refusal.status, refusal.code]).toEqual([404, "InvalidMigrateTaskId.NotFound"]);
  },
);

test.each([
  ["2017_ent", true, true],
  ["2019_ent", false, true],
  ["2022_ent", false, false],
  ["2017_std_ha", false, false],
])("on %s the task list is refused: %s, the file list: %s", async (engineVersion, noList, noFiles) => {
  const scene = RdsScene.withInstance({ engineVersion });
  const taskId = await scene.submitFull("Erp");
  const refused = async (call: Promise<unknown>) =>
    call.then(
      () => false,
      (error: { code?: string }) => error.code,
    );
  expect(await refused(list(scene))).toBe(noList ? "EngineVersionNotSupported" : false);
  expect(await refused(scene.files(taskId))).toBe(noFiles ? "EngineVersionNotSupported" : false);
});

test("ends a running task as Failed and takes away what it had restored", async () => {
  const scene = new RdsScene();
  await scene.rds.control.shapeRestore({ holdAt: "restoring" });
  const taskId = await scene.submitFull("Erp");
  scene.passTask();
  expect(await scene.databases()).toHaveLength(1);
  expect(await scene.send("TerminateMigrateTask", { MigrateTaskId: taskId })).toEqual({});
  expect(await scene.task(taskId)).toMatchObject({ Status: "Failed", EndTime: expect.stringMatching(/Z$/) });
  expect(await scene.databases()).toEqual([]);
  scene.passTask();
  expect((await scene.task(taskId)).Status).toBe("Failed");
});

test("terminates no task that has ended, and touches no database then", async () => {
  const scene = new RdsScene();
  const taskId = await scene.submitFull("Erp");
  scene.passTask();
  const refusal = await refusalOf(scene.send("TerminateMigrateTask", { MigrateTaskId: taskId }));
  expect([refusal.status, refusal.code]).toEqual([400, "InvalideStatus"]);
  expect(await scene.databases()).toHaveLength(1);
});

test("leaves the overwritten database of 2008 R2 there when its task is terminated", async () => {
  const scene = RdsScene.withInstance({ engineVersion: "2008r2" });
  await scene.send("CreateDatabase", { DBName: "Erp" });
  scene.upload("x.bak", { databaseVersion: 661 });
  scene.world.signedUrls.set("http://x.example/x.bak", { bucket: "backups", key: "x.bak" });
  await scene.rds.control.shapeRestore({ holdAt: "restoring" });
  const taskId = await scene.submit({ DBName: "Erp", OSSUrls: encodeURIComponent("http://x.example/x.bak") });
  scene.passTask();
  await scene.send("TerminateMigrateTask", { MigrateTaskId: taskId });
  expect(await scene.databases()).toMatchObject([{ DBName: "Erp", DBStatus: "Running" }]);
});
