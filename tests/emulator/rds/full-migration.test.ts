import { INSTANCE_ID, RdsFixture, TASK_MS } from "../support/rds-fixture";

const MIB = 1024 ** 2;

test("replies to CreateMigrateTask with strings in the documented members", async () => {
  const fixture = new RdsFixture();
  const position = fixture.upload("erp_FULL_20260803120000.bak");
  const params = { DBName: "Erp", BackupMode: "FULL", IsOnlineDB: "True", OssObjectPositions: position };
  expect(await fixture.send("CreateMigrateTask", params)).toEqual({
    DBInstanceId: INSTANCE_ID,
    DBName: "Erp",
    BackupMode: "FULL",
    MigrateTaskId: "106121",
    TaskId: "106122",
  });
});

test("advances a full migration from NoStart to Success and its file from NoStart to Restored", async () => {
  const fixture = new RdsFixture();
  const taskId = await fixture.submitFull("Erp");
  const seen: string[] = [];
  for (let step = 0; step < 40; step += 1) {
    const [file] = await fixture.files(taskId);
    const pair = `${(await fixture.task(taskId)).Status}/${file?.Status}`;
    if (seen.at(-1) !== pair) seen.push(pair);
    fixture.world.advance(TASK_MS / 20);
  }
  expect(seen).toEqual([
    "NoStart/NoStart",
    "Running/Downloading",
    "Running/Finished",
    "Running/CheckSuccess",
    "Running/Restoring",
    "Running/Restored",
    "Success/Restored",
  ]);
  expect(fixture.journaledStatuses(taskId)).toEqual(["NoStart", "Running", "Success"]);
});

test("shows the restored database and its disk usage after Success", async () => {
  const fixture = new RdsFixture();
  const usedBefore = Number((await fixture.send("DescribeResourceUsage")).DiskUsed);
  expect(await fixture.databases()).toEqual([]);
  await fixture.submitFull("Erp", { restoredBytes: 300 * MIB });
  fixture.advancePastTask();
  const [database] = await fixture.databases();
  expect(database).toMatchObject({ DBName: "Erp", DBStatus: "Running", Engine: "SQLServer" });
  expect(Number((await fixture.send("DescribeResourceUsage")).DiskUsed)).toBe(usedBefore + 300 * MIB);
});
