import { INSTANCE_ID, RdsScene, refusalOf, TASK_MS } from "../support/rds-scene";

test("refuses a wish that it does not know instead of ignoring it", async () => {
  const { control } = new RdsScene().rds;
  const misspelt = { dbName: "Erp", failwith: "x" };
  await expect(control.shapeRestore(misspelt)).rejects.toThrow(/failwith/);
});

test("works the same by name with JSON as from code", async () => {
  const scene = new RdsScene();
  const controls = new Map(Object.entries(scene.rds.control));
  await controls.get("setPace")?.(JSON.parse(`{ "taskMs": ${10 * TASK_MS} }`));
  const taskId = await scene.submitFull("Erp");
  scene.world.pass(9 * TASK_MS);
  expect((await scene.task(taskId)).Status).toBe("Running");
  scene.world.pass(TASK_MS);
  expect((await scene.task(taskId)).Status).toBe("Success");
});

test("paces one database apart from the others", async () => {
  const scene = new RdsScene();
  await scene.rds.control.setPace({ dbName: "slow", taskMs: 10 * TASK_MS });
  const slow = await scene.submitFull("Slow");
  const other = await scene.submitFull("Other");
  scene.passTask();
  expect((await scene.task(slow)).Status).toBe("Running");
  expect((await scene.task(other)).Status).toBe("Success");
});

test.each(["queued", "downloading", "checking", "checked", "restoring", "opening"] as const)(
  "holds a task in the stage %s for ever, and lets it go on",
  async (holdAt) => {
    const scene = new RdsScene();
    await scene.rds.control.shapeRestore({ dbName: "erp", holdAt });
    const taskId = await scene.submitFull("Erp");
    scene.world.pass(1000 * TASK_MS);
    expect((await scene.task(taskId)).Status).toBe(holdAt === "queued" ? "NoStart" : "Running");
    await scene.rds.control.setTask({ instanceId: INSTANCE_ID, taskId, holdAt: null });
    scene.passTask();
    expect((await scene.task(taskId)).Status).toBe("Success");
  },
);

test("holds a task that is at work already, and releases all at once", async () => {
  const scene = new RdsScene();
  const taskId = await scene.submitFull("Erp");
  await scene.rds.control.setTask({ instanceId: INSTANCE_ID, taskId, holdAt: "downloading" });
  scene.world.pass(1000 * TASK_MS);
  expect((await scene.files(taskId))[0]?.Status).toBe("Downloading");
  await scene.rds.control.clearShapes({});
  scene.passTask();
  expect((await scene.task(taskId)).Status).toBe("Success");
});

test("shapes only as many tasks as it was asked to, of that database only", async () => {
  const scene = new RdsScene();
  await scene.rds.control.shapeRestore({ dbName: "Erp", times: 2, failWith: "no" });
  const outcomes: (string | undefined)[] = [];
  for (const dbName of ["Erp", "Other", "Erp", "Erp"]) {
    const taskId = await scene.submitFull(dbName);
    scene.passTask();
    outcomes.push((await scene.task(taskId)).Status);
  }
  expect(outcomes).toEqual(["Failed", "Success", "Failed", "Success"]);
});

test("shapes every task until the wishes are cleared", async () => {
  const scene = new RdsScene();
  await scene.rds.control.shapeRestore({ always: true, successDescription: "What the console says tomorrow" });
  for (const dbName of ["a", "b"]) {
    const taskId = await scene.submitFull(dbName);
    scene.passTask();
    expect((await scene.task(taskId)).Description).toBe("What the console says tomorrow");
  }
});

test("shows an unknown status word and any description", async () => {
  const scene = new RdsScene();
  const taskId = await scene.submitFull("Erp");
  await scene.rds.control.setTask({ instanceId: INSTANCE_ID, taskId, status: "Paused", description: "Ask support" });
  expect(await scene.task(taskId)).toMatchObject({ Status: "Paused", Description: "Ask support" });
});

test("forgets a task, a database or an instance as if somebody had deleted it by hand", async () => {
  const scene = new RdsScene();
  const taskId = await scene.submitFull("Erp");
  scene.passTask();
  await scene.rds.control.removeDatabase({ instanceId: INSTANCE_ID, name: "ERP" });
  expect(await scene.databases()).toEqual([]);
  expect((await scene.task(taskId)).Status).toBe("Success");
  await scene.rds.control.removeTask({ instanceId: INSTANCE_ID, taskId });
  expect((await refusalOf(scene.task(taskId))).code).toBe("InvalidMigrateTaskId.NotFound");
  await scene.rds.control.removeInstance({ instanceId: INSTANCE_ID });
  expect((await refusalOf(scene.databases())).code).toBe("InvalidDBInstanceId.NotFound");
});

test("fails a task whose half-restored database somebody dropped", async () => {
  const scene = new RdsScene();
  await scene.rds.control.shapeRestore({ holdAt: "restoring" });
  const taskId = await scene.submitFull("Erp");
  scene.passTask();
  await scene.rds.control.removeDatabase({ instanceId: INSTANCE_ID, name: "Erp" });
  await scene.rds.control.clearShapes({});
  scene.passTask();
  expect(await scene.task(taskId)).toMatchObject({ Status: "Failed", Description: "Failed to open database Erp." });
});

test("changes members of an instance and keeps the others", async () => {
  const scene = RdsScene.withInstance({ storageGb: 77 });
  await scene.rds.control.setInstance({
    id: INSTANCE_ID,
    status: "Restarting",
    unsupportedActions: ["DescribeOssDownloads"],
  });
  const taskRefusal = await refusalOf(scene.submitFull("Erp"));
  expect(taskRefusal.code).toBe("IncorrectDBInstanceState");
  const state = await scene.rds.control.readState({});
  expect(state).toMatchObject({ instances: [{ id: INSTANCE_ID, storageGb: 77, status: "Restarting" }] });
  expect((await refusalOf(scene.files("1"))).code).toBe("EngineVersionNotSupported");
});

test("adds an instance", async () => {
  const scene = new RdsScene();
  await scene.rds.control.setInstance({ id: "rm-second", engineVersion: "2016_web" });
  await scene.send("DescribeDBInstanceAttribute", { DBInstanceId: "rm-second" });
});

test("lowers the limits", async () => {
  const scene = new RdsScene();
  await scene.rds.control.setLimits({ perInstanceAndDay: 1, bakFileBytes: 1000 });
  await scene.submitFull("First");
  expect((await refusalOf(scene.submitFull("Second"))).code).toBe("ConcurrentTaskExceeded");
  await scene.rds.control.setLimits({ bakFileBytes: 1 });
  expect((await refusalOf(scene.submitFull("Third"))).code).toBe("BakFileSizeExceeded");
});

test("forbids an action as often as asked, with the gateway's details", async () => {
  const scene = new RdsScene();
  await scene.rds.control.forbidAction({ action: "DescribeDatabases", times: 1 });
  const refusal = await refusalOf(scene.databases());
  expect([refusal.status, refusal.code]).toEqual([403, "Forbidden.RAM"]);
  expect(refusal.extra).toMatchObject({ AccessDeniedDetail: { AuthAction: "rds:DescribeDatabases" } });
  await scene.databases();
  await scene.rds.control.forbidAction({ action: "*" });
  await refusalOf(scene.databases());
  await refusalOf(scene.databases());
  await scene.rds.control.allowActions({});
  await scene.databases();
});
