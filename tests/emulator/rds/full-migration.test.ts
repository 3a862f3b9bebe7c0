import { INSTANCE_ID, RdsScene, TASK_MS } from "../support/rds-scene";

const MIB = 1024 ** 2;

test("answers CreateMigrateTask with strings under the documented names", async () => {
  const scene = new RdsScene();
  const position = scene.upload("erp_FULL_20260803120000.bak");
  const params = { DBName: "Erp", BackupMode: "FULL", IsOnlineDB: "True", OssObjectPositions: position };
  expect(await scene.send("CreateMigrateTask", params)).toEqual({
    DBInstanceId: INSTANCE_ID,
    DBName: "Erp",
    BackupMode: "FULL",
    MigrateTaskId: "106121",
    TaskId: "106122",
  });
});

test("walks a full migration from NoStart to Success, its file from NoStart to Restored", async () => {
  const scene = new RdsScene();
  const taskId = await scene.submitFull("Erp");
  const seen: string[] = [];
  for (let step = 0; step < 40; step += 1) {
    const [file] = await scene.files(taskId);
    const pair = `${(await scene.task(taskId)).Status}/${file?.Status}`;
    if (seen.at(-1) !== pair) seen.push(pair);
    scene.world.pass(TASK_MS / 20);
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
  expect(scene.journalled(taskId)).toEqual(["NoStart", "Running", "Success"]);
});

test("shows the restored database and its size on the disk after Success", async () => {
  const scene = new RdsScene();
  const usedBefore = Number((await scene.send("DescribeResourceUsage")).DiskUsed);
  expect(await scene.databases()).toEqual([]);
  await scene.submitFull("Erp", { restoredBytes: 300 * MIB });
  scene.passTask();
  const [database] = await scene.databases();
  expect(database).toMatchObject({ DBName: "Erp", DBStatus: "Running", Engine: "SQLServer" });
  expect(Number((await scene.send("DescribeResourceUsage")).DiskUsed)).toBe(usedBefore + 300 * MIB);
});
