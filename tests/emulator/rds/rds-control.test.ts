import { INSTANCE_ID, RdsFixture, refusalOf, TASK_MS } from "../support/rds-fixture";

test("refuses unknown members of an argument", async () => {
  const { control } = new RdsFixture().rds;
  const misspelt = { dbName: "Erp", failwith: "x" };
  await expect(control.shapeRestore(misspelt)).rejects.toThrow(/failwith/);
});

test("accepts a JSON argument by control name", async () => {
  const fixture = new RdsFixture();
  const controls = new Map(Object.entries(fixture.rds.control));
  await controls.get("setPace")?.(JSON.parse(`{ "taskMs": ${10 * TASK_MS} }`));
  const taskId = await fixture.submitFull("Erp");
  fixture.world.advance(9 * TASK_MS);
  expect((await fixture.task(taskId)).Status).toBe("Running");
  fixture.world.advance(TASK_MS);
  expect((await fixture.task(taskId)).Status).toBe("Success");
});

test("sets the task duration of one database", async () => {
  const fixture = new RdsFixture();
  await fixture.rds.control.setPace({ dbName: "slow", taskMs: 10 * TASK_MS });
  const slow = await fixture.submitFull("Slow");
  const other = await fixture.submitFull("Other");
  fixture.advancePastTask();
  expect((await fixture.task(slow)).Status).toBe("Running");
  expect((await fixture.task(other)).Status).toBe("Success");
});

test.each(["queued", "downloading", "checking", "checked", "restoring", "opening"] as const)(
  "holds a task in the stage %s and releases it",
  async (holdAt) => {
    const fixture = new RdsFixture();
    await fixture.rds.control.shapeRestore({ dbName: "erp", holdAt });
    const taskId = await fixture.submitFull("Erp");
    fixture.world.advance(1000 * TASK_MS);
    expect((await fixture.task(taskId)).Status).toBe(holdAt === "queued" ? "NoStart" : "Running");
    await fixture.rds.control.setTask({ instanceId: INSTANCE_ID, taskId, holdAt: null });
    fixture.advancePastTask();
    expect((await fixture.task(taskId)).Status).toBe("Success");
  },
);

test("holds a running task and releases all tasks", async () => {
  const fixture = new RdsFixture();
  const taskId = await fixture.submitFull("Erp");
  await fixture.rds.control.setTask({ instanceId: INSTANCE_ID, taskId, holdAt: "downloading" });
  fixture.world.advance(1000 * TASK_MS);
  expect((await fixture.files(taskId))[0]?.Status).toBe("Downloading");
  await fixture.rds.control.clearShapes({});
  fixture.advancePastTask();
  expect((await fixture.task(taskId)).Status).toBe("Success");
});

test("overrides the given number of tasks of one database", async () => {
  const fixture = new RdsFixture();
  await fixture.rds.control.shapeRestore({ dbName: "Erp", times: 2, failWith: "no" });
  const outcomes: (string | undefined)[] = [];
  for (const dbName of ["Erp", "Other", "Erp", "Erp"]) {
    const taskId = await fixture.submitFull(dbName);
    fixture.advancePastTask();
    outcomes.push((await fixture.task(taskId)).Status);
  }
  expect(outcomes).toEqual(["Failed", "Success", "Failed", "Success"]);
});

test("overrides every task with `always`", async () => {
  const fixture = new RdsFixture();
  await fixture.rds.control.shapeRestore({ always: true, successDescription: "A future description" });
  for (const dbName of ["a", "b"]) {
    const taskId = await fixture.submitFull(dbName);
    fixture.advancePastTask();
    expect((await fixture.task(taskId)).Description).toBe("A future description");
  }
});

test("shows an unknown status and any description", async () => {
  const fixture = new RdsFixture();
  const taskId = await fixture.submitFull("Erp");
  await fixture.rds.control.setTask({ instanceId: INSTANCE_ID, taskId, status: "Paused", description: "Ask support" });
  expect(await fixture.task(taskId)).toMatchObject({ Status: "Paused", Description: "Ask support" });
});

test("removes a task, a database or an instance", async () => {
  const fixture = new RdsFixture();
  const taskId = await fixture.submitFull("Erp");
  fixture.advancePastTask();
  await fixture.rds.control.removeDatabase({ instanceId: INSTANCE_ID, name: "ERP" });
  expect(await fixture.databases()).toEqual([]);
  expect((await fixture.task(taskId)).Status).toBe("Success");
  await fixture.rds.control.removeTask({ instanceId: INSTANCE_ID, taskId });
  expect((await refusalOf(fixture.task(taskId))).code).toBe("InvalidMigrateTaskId.NotFound");
  await fixture.rds.control.removeInstance({ instanceId: INSTANCE_ID });
  expect((await refusalOf(fixture.databases())).code).toBe("InvalidDBInstanceId.NotFound");
});

test("fails a task whose partly restored database was dropped", async () => {
  const fixture = new RdsFixture();
  await fixture.rds.control.shapeRestore({ holdAt: "restoring" });
  const taskId = await fixture.submitFull("Erp");
  fixture.advancePastTask();
  await fixture.rds.control.removeDatabase({ instanceId: INSTANCE_ID, name: "Erp" });
  await fixture.rds.control.clearShapes({});
  fixture.advancePastTask();
  expect(await fixture.task(taskId)).toMatchObject({ Status: "Failed", Description: "Failed to open database Erp." });
});

test("changes the given members of an instance and keeps the others", async () => {
  const fixture = RdsFixture.withInstance({ storageGb: 77 });
  await fixture.rds.control.setInstance({
    id: INSTANCE_ID,
    status: "Restarting",
    unsupportedActions: ["DescribeOssDownloads"],
  });
  const taskRefusal = await refusalOf(fixture.submitFull("Erp"));
  expect(taskRefusal.code).toBe("IncorrectDBInstanceState");
  const state = await fixture.rds.control.readState({});
  expect(state).toMatchObject({ instances: [{ id: INSTANCE_ID, storageGb: 77, status: "Restarting" }] });
  expect((await refusalOf(fixture.files("1"))).code).toBe("EngineVersionNotSupported");
});

test("adds an instance", async () => {
  const fixture = new RdsFixture();
  await fixture.rds.control.setInstance({ id: "rm-second", engineVersion: "2016_web" });
  await fixture.send("DescribeDBInstanceAttribute", { DBInstanceId: "rm-second" });
});

test("lowers the limits", async () => {
  const fixture = new RdsFixture();
  await fixture.rds.control.setLimits({ perInstanceAndDay: 1, bakFileBytes: 1000 });
  await fixture.submitFull("First");
  expect((await refusalOf(fixture.submitFull("Second"))).code).toBe("ConcurrentTaskExceeded");
  await fixture.rds.control.setLimits({ bakFileBytes: 1 });
  expect((await refusalOf(fixture.submitFull("Third"))).code).toBe("BakFileSizeExceeded");
});

test("forbids an action as many times as set, with the gateway's details", async () => {
  const fixture = new RdsFixture();
  await fixture.rds.control.forbidAction({ action: "DescribeDatabases", times: 1 });
  const refusal = await refusalOf(fixture.databases());
  expect([refusal.status, refusal.code]).toEqual([403, "Forbidden.RAM"]);
  expect(refusal.extra).toMatchObject({ AccessDeniedDetail: { AuthAction: "rds:DescribeDatabases" } });
  await fixture.databases();
  await fixture.rds.control.forbidAction({ action: "*" });
  await refusalOf(fixture.databases());
  await refusalOf(fixture.databases());
  await fixture.rds.control.allowActions({});
  await fixture.databases();
});
