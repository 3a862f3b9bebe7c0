import { INSTANCE_ID, listOf, RdsFixture, refusalOf } from "../support/rds-fixture";

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const minute = (ms: number): string => new Date(ms).toISOString().replace(/:\d\d\.\d+Z$/, "Z");

/** Lists the tasks of the last day, unless `params` set another window. */
function list(fixture: RdsFixture, params: Record<string, string> = {}) {
  const nowMs = fixture.world.now();
  const window = { StartTime: minute(nowMs - DAY_MS), EndTime: minute(nowMs + MINUTE_MS) };
  return fixture.send("DescribeMigrateTasks", { ...window, ...params });
}

async function listedNames(fixture: RdsFixture, params: Record<string, string> = {}): Promise<string[]> {
  const { Items } = await list(fixture, params);
  return listOf(Items, "MigrateTask").map(({ DBName }) => String(DBName));
}

test("lists a task with the fields of the SDK's model and times with seconds", async () => {
  const fixture = new RdsFixture();
  await fixture.submitFull("Erp");
  fixture.world.advance(MINUTE_MS);
  expect(await list(fixture)).toEqual({
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

test("describes one task in a flat reply that names the instance DBInstanceName", async () => {
  const fixture = new RdsFixture();
  const taskId = await fixture.submitFull("Erp");
  const task = await fixture.task(taskId);
  expect(task).toMatchObject({ DBInstanceName: INSTANCE_ID, MigrateTaskId: taskId, DBName: "Erp", EndTime: "" });
  expect(task).not.toHaveProperty("DBInstanceId");
});

test("describes the files of a task as strings, with sizes in MB", async () => {
  const fixture = new RdsFixture();
  fixture.world.putObject({ bucket: "b", key: "a folder/x.bak", sizeBytes: 3 * 1024 ** 2 + 1 });
  const taskId = await fixture.submit({
    DBName: "Erp",
    OssObjectPositions: "oss-cn-hangzhou.aliyuncs.com:b:a folder/x.bak",
  });
  expect(await fixture.send("DescribeOssDownloads", { MigrateTaskId: taskId })).toEqual({
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
  const fixture = new RdsFixture();
  await fixture.submitFull("Erp");
  const createdAt = "2026-08-03T12:00Z";
  expect(await listedNames(fixture, { StartTime: createdAt, EndTime: "2026-08-03T12:01Z" })).toEqual(["Erp"]);
  expect(await listedNames(fixture, { StartTime: "2026-08-03T11:59Z", EndTime: createdAt })).toEqual(["Erp"]);
  expect(await listedNames(fixture, { StartTime: "2026-08-03T12:01Z", EndTime: "2026-08-03T12:02Z" })).toEqual([]);
  expect(await listedNames(fixture, { StartTime: "2026-08-03T11:58Z", EndTime: "2026-08-03T11:59Z" })).toEqual([]);
});

test("does not list a task of the current minute when the window ends at the start of that minute", async () => {
  const fixture = new RdsFixture();
  fixture.world.advance(30_000);
  await fixture.submitFull("Erp");
  expect(await listedNames(fixture, { StartTime: "2026-08-03T11:00Z", EndTime: "2026-08-03T12:00Z" })).toEqual([]);
});

test("stops listing tasks after a week, but still describes them by id", async () => {
  const fixture = new RdsFixture();
  const taskId = await fixture.submitFull("Erp");
  const StartTime = minute(fixture.world.now() - DAY_MS);
  fixture.world.advance(7 * DAY_MS);
  expect(await listedNames(fixture, { StartTime })).toEqual(["Erp"]);
  fixture.world.advance(1);
  expect(await listedNames(fixture, { StartTime })).toEqual([]);
  expect((await fixture.task(taskId)).DBName).toBe("Erp");
});

test("lists one task for a whole chain, if it lists UPDF tasks", async () => {
  const fixture = new RdsFixture();
  const taskId = await fixture.submitOpen("Erp", "full.bak", { last: 200n });
  fixture.advancePastTask();
  await fixture.submitOpen("Erp", "log.trn", { type: "log", first: 150n, last: 300n }, taskId);
  fixture.advancePastTask();
  expect(await listedNames(fixture)).toEqual([]);
  await fixture.rds.control.setTaskList({ showsOpenTasks: true });
  expect(await listedNames(fixture)).toEqual(["Erp"]);
});

test("returns pages with the newest task first", async () => {
  const fixture = new RdsFixture();
  const OssObjectPositions = fixture.upload("x.bak");
  for (let number = 1; number <= 35; number += 1) {
    await fixture.submit({ DBName: `db${number}`, OssObjectPositions });
    fixture.world.advance(1000);
  }
  expect(await list(fixture)).toMatchObject({ PageRecordCount: 30, TotalRecordCount: 35, PageNumber: 1 });
  expect(await listedNames(fixture, { PageNumber: "2", PageSize: "30" })).toEqual(["db5", "db4", "db3", "db2", "db1"]);
  expect(await listedNames(fixture, { PageNumber: "3" })).toEqual([]);
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
  const refusal = await refusalOf(list(new RdsFixture(), params));
  expect([refusal.status, refusal.code]).toEqual([400, code]);
});

test.each(["DescribeMigrateTaskById", "DescribeOssDownloads", "TerminateMigrateTask"])(
  "%s refuses a task of another instance",
  async (action) => {
    const fixture = new RdsFixture({ instances: [{}, { id: "rm-other" }] });
    const taskId = await fixture.submitFull("Erp");
    const refusal = await refusalOf(fixture.send(action, { DBInstanceId: "rm-other", MigrateTaskId: taskId }));
    expect([refusal.status, refusal.code]).toEqual([404, "InvalidMigrateTaskId.NotFound"]);
  },
);

test.each([
  ["2017_ent", true, true],
  ["2019_ent", false, true],
  ["2022_ent", false, false],
  ["2017_std_ha", false, false],
])("on %s the task list is refused: %s, the file list: %s", async (engineVersion, noList, noFiles) => {
  const fixture = RdsFixture.withInstance({ engineVersion });
  const taskId = await fixture.submitFull("Erp");
  const refused = async (call: Promise<unknown>) =>
    call.then(
      () => false,
      (error: { code?: string }) => error.code,
    );
  expect(await refused(list(fixture))).toBe(noList ? "EngineVersionNotSupported" : false);
  expect(await refused(fixture.files(taskId))).toBe(noFiles ? "EngineVersionNotSupported" : false);
});

test("terminates a running task as Failed and drops its database", async () => {
  const fixture = new RdsFixture();
  await fixture.rds.control.shapeRestore({ holdAt: "restoring" });
  const taskId = await fixture.submitFull("Erp");
  fixture.advancePastTask();
  expect(await fixture.databases()).toHaveLength(1);
  expect(await fixture.send("TerminateMigrateTask", { MigrateTaskId: taskId })).toEqual({});
  expect(await fixture.task(taskId)).toMatchObject({ Status: "Failed", EndTime: expect.stringMatching(/Z$/) });
  expect(await fixture.databases()).toEqual([]);
  fixture.advancePastTask();
  expect((await fixture.task(taskId)).Status).toBe("Failed");
});

test("refuses to terminate a finished task and keeps its database", async () => {
  const fixture = new RdsFixture();
  const taskId = await fixture.submitFull("Erp");
  fixture.advancePastTask();
  const refusal = await refusalOf(fixture.send("TerminateMigrateTask", { MigrateTaskId: taskId }));
  expect([refusal.status, refusal.code]).toEqual([400, "InvalideStatus"]);
  expect(await fixture.databases()).toHaveLength(1);
});

test("keeps the overwritten database of 2008 R2 when its task is terminated", async () => {
  const fixture = RdsFixture.withInstance({ engineVersion: "2008r2" });
  await fixture.send("CreateDatabase", { DBName: "Erp" });
  fixture.upload("x.bak", { databaseVersion: 661 });
  fixture.world.signedUrls.set("http://x.example/x.bak", { bucket: "backups", key: "x.bak" });
  await fixture.rds.control.shapeRestore({ holdAt: "restoring" });
  const taskId = await fixture.submit({ DBName: "Erp", OSSUrls: encodeURIComponent("http://x.example/x.bak") });
  fixture.advancePastTask();
  await fixture.send("TerminateMigrateTask", { MigrateTaskId: taskId });
  expect(await fixture.databases()).toMatchObject([{ DBName: "Erp", DBStatus: "Running" }]);
});
