import { INSTANCE_ID, RdsFixture, refusalOf, TASK_MS } from "../support/rds-fixture";

const FULL = { type: "full", first: 100n, last: 200n, setGuid: "full-1" } as const;

/** Starts a task whose database Erp is restored to LSN 200 and waits for increments. */
async function waitingFixture(fixture = new RdsFixture()): Promise<{ fixture: RdsFixture; taskId: string }> {
  const taskId = await fixture.submitOpen("Erp", "erp_FULL.bak", FULL);
  fixture.advancePastTask();
  return { fixture, taskId };
}

const openDatabase = (fixture: RdsFixture, taskId: string, params: Record<string, string> = {}) =>
  fixture.send("CreateOnlineDatabaseTask", {
    DBName: "Erp",
    MigrateTaskId: taskId,
    CheckDBMode: "AsyncExecuteDBCheck",
    ...params,
  });

test.each([
  ["HighAvailability", "In Recovery"],
  ["Basic", "Restoring"],
])("leaves the task Waiting and the database closed after the full backup (%s)", async (category, DBStatus) => {
  const { fixture, taskId } = await waitingFixture(RdsFixture.withInstance({ category }));
  expect(await fixture.task(taskId)).toMatchObject({ Status: "Waiting", BackupMode: "UPDF", EndTime: "" });
  expect(await fixture.databases()).toMatchObject([{ DBName: "Erp", DBStatus }]);
  fixture.world.advance(1000 * TASK_MS);
  expect((await fixture.task(taskId)).Status).toBe("Waiting");
});

test("applies a differential and logs in LSN order under the same task id, then opens the database", async () => {
  const { fixture, taskId } = await waitingFixture();
  const files = [
    ["erp_DIFF.bak", { type: "differential", first: 210n, last: 300n, baseGuid: "full-1" }],
    ["erp_LOG1.trn", { type: "log", first: 250n, last: 350n }],
    ["erp_LOG2.trn", { type: "log", first: 350n, last: 360n }],
  ] as const;
  for (const [file, backup] of files) {
    expect(await fixture.submitOpen("Erp", file, backup, taskId)).toBe(taskId);
    expect((await fixture.task(taskId)).Status).toBe("Running");
    fixture.advancePastTask();
    expect((await fixture.task(taskId)).Status).toBe("Waiting");
  }
  await openDatabase(fixture, taskId);
  expect((await fixture.task(taskId)).Status).toBe("Running");
  fixture.advancePastTask();
  expect(await fixture.task(taskId)).toMatchObject({
    Status: "Success",
    Description: "Success to DBCC checkdb asynchronously.",
  });
  expect(await fixture.databases()).toMatchObject([{ DBName: "Erp", DBStatus: "Running" }]);
  expect((await fixture.files(taskId)).map(({ BackupMode, Status }) => `${BackupMode} ${Status}`)).toEqual([
    "Database Restored",
    "Differential_Database Restored",
    "Transaction_Log Restored",
    "Transaction_Log Restored",
  ]);
});

const REFUSED_FILES = [
  {
    what: "a log that starts after the restored LSN",
    fixture: { type: "log", first: 201n, last: 300n },
    description:
      "The log in this backup set begins at LSN 201, which is too recent to apply to the database. RESTORE LOG is terminating abnormally.",
    fileStatus: "RestoreFailed",
  },
  {
    what: "a log that is already contained",
    fixture: { type: "log", first: 150n, last: 200n },
    description:
      "The log in this backup set terminates at LSN 200, which is too early to apply to the database. RESTORE LOG is terminating abnormally.",
    fileStatus: "RestoreFailed",
  },
  {
    what: "a differential of another full backup",
    fixture: { type: "differential", first: 201n, last: 300n, baseGuid: "full-2" },
    description:
      "This differential backup cannot be restored because the database has not been restored to the correct earlier state. RESTORE DATABASE is terminating abnormally.",
    fileStatus: "RestoreFailed",
  },
  {
    what: "another full backup",
    fixture: { type: "full", first: 300n, last: 400n },
    description:
      "Backup set (next.bak) is a Database FULL backup, we only accept transaction log or differential backup.",
    fileStatus: "CheckFailed",
  },
] as const;

test.each(REFUSED_FILES)("refuses $what; the task fails, the database stays closed", async (refused) => {
  const { fixture, taskId } = await waitingFixture();
  await fixture.submitOpen("Erp", "next.bak", refused.fixture, taskId);
  fixture.advancePastTask();
  expect(await fixture.task(taskId)).toMatchObject({ Status: "Failed", Description: refused.description });
  expect((await fixture.files(taskId)).map(({ Status }) => Status)).toEqual(["Restored", refused.fileStatus]);
  expect(await fixture.databases()).toMatchObject([{ DBStatus: "In Recovery" }]);
  const again = fixture.submitOpen("Erp", "next.trn", { type: "log", first: 150n, last: 300n }, taskId);
  expect((await refusalOf(again)).code).toBe("IncorrectDBState");
});

test("can let a task wait for another file after a bad one, which the documents also allow", async () => {
  const { fixture, taskId } = await waitingFixture();
  await fixture.rds.control.setAfterBadIncrement({ becomes: "waiting" });
  await fixture.submitOpen("Erp", "gap.trn", { type: "log", first: 201n, last: 300n }, taskId);
  fixture.advancePastTask();
  expect(await fixture.task(taskId)).toMatchObject({
    Status: "Waiting",
    Description: expect.stringContaining("too recent"),
  });
  await fixture.submitOpen("Erp", "good.trn", { type: "log", first: 150n, last: 300n }, taskId);
  fixture.advancePastTask();
  await openDatabase(fixture, taskId);
  fixture.advancePastTask();
  expect((await fixture.task(taskId)).Status).toBe("Success");
  expect((await fixture.files(taskId)).map(({ Status }) => Status)).toEqual(["Restored", "RestoreFailed", "Restored"]);
});

test("refuses an increment as the first file of a task", async () => {
  const fixture = new RdsFixture();
  const taskId = await fixture.submitOpen("Erp", "log.trn", { type: "log", first: 1n, last: 2n });
  fixture.advancePastTask();
  expect(await fixture.task(taskId)).toMatchObject({
    Status: "Failed",
    Description: "Backup set (log.trn) is a Transaction Log backup, we only accept a FULL Backup.",
  });
  expect(await fixture.databases()).toEqual([]);
});

interface FurtherFile {
  when: string;
  dbName?: string;
  /** @default the id of the waiting task */
  taskId?: string;
  active?: boolean;
  code: string;
}

const FURTHER_FILES: FurtherFile[] = [
  { when: "while the task is active", active: true, code: "IncorrectDBState" },
  { when: "with an unknown task id", taskId: "1", code: "InvalidMigrateTaskId.NotFound" },
  { when: "without a task id, for the waiting database", taskId: "", code: "InvalidDBName.NotFound" },
  { when: "with the id of another database's task", dbName: "Other", code: "InvalidDBName.NotFound" },
];

test.each(FURTHER_FILES)("refuses a further file $when", async ({ dbName = "Erp", taskId, active, code }) => {
  const fixture = new RdsFixture();
  const first = await fixture.submitOpen("Erp", "erp_FULL.bak", FULL);
  if (active !== true) fixture.advancePastTask();
  const log = { type: "log", first: 150n, last: 300n } as const;
  const call = fixture.submitOpen(dbName, "log.trn", log, taskId ?? first);
  expect((await refusalOf(call)).code).toBe(code);
});

test("opens the database once per ClientToken and refuses the token with other parameters", async () => {
  const { fixture, taskId } = await waitingFixture();
  const token = { ClientToken: "token-1" };
  await openDatabase(fixture, taskId, token);
  await openDatabase(fixture, taskId, token);
  fixture.advancePastTask();
  await openDatabase(fixture, taskId, token);
  expect((await fixture.task(taskId)).Status).toBe("Success");
  expect(fixture.journaledStatuses(taskId)).toEqual(["NoStart", "Running", "Waiting", "Running", "Success"]);
  const other = await refusalOf(openDatabase(fixture, taskId, { ...token, CheckDBMode: "SyncExecuteDBCheck" }));
  expect(other.code).toBe("IdempotentParameterMismatch");
});

test.each([
  ["a ClientToken of 65 characters", { ClientToken: "x".repeat(65) }, "InvalidClientToken.Malformed"],
  ["no CheckDBMode", { CheckDBMode: "" }, "MissingCheckDBMode"],
  ["another database's name", { DBName: "Other" }, "InvalidDBName.NotFound"],
  ["an unknown task", { MigrateTaskId: "1" }, "InvalidMigrateTaskId.NotFound"],
])("does not open the database with %s", async (_, params, code) => {
  const { fixture, taskId } = await waitingFixture();
  expect((await refusalOf(openDatabase(fixture, taskId, params))).code).toBe(code);
});

test("returns InvalideStatus, the service's spelling, when the task does not wait", async () => {
  const { fixture, taskId } = await waitingFixture();
  await openDatabase(fixture, taskId);
  const refusal = await refusalOf(openDatabase(fixture, taskId));
  expect([refusal.status, refusal.code]).toEqual([400, "InvalideStatus"]);
});

test("refuses to open on another engine and on 2008 R2", async () => {
  const { fixture, taskId } = await waitingFixture();
  await fixture.rds.control.setInstance({ id: INSTANCE_ID, engine: "MySQL" });
  expect((await refusalOf(openDatabase(fixture, taskId))).code).toBe("EngineNotSupported");
  await fixture.rds.control.setInstance({ id: INSTANCE_ID, engine: "SQLServer", engineVersion: "2008r2" });
  expect((await refusalOf(openDatabase(fixture, taskId))).code).toBe("EngineVersionNotSupported");
});

test("fails the task with RDS's description when the database cannot be opened", async () => {
  const { fixture, taskId } = await waitingFixture();
  await fixture.rds.control.setTask({ instanceId: INSTANCE_ID, taskId, failToOpen: true });
  await openDatabase(fixture, taskId);
  fixture.advancePastTask();
  expect(await fixture.task(taskId)).toMatchObject({ Status: "Failed", Description: "Failed to open database Erp." });
});
