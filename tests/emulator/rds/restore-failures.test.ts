import type { InstanceSeed } from "../../../emulator/rds/rds-options";
import type { BackupFixture } from "../support/backup-fixture";
import { BUCKET, INSTANCE_ID, RdsFixture, TASK_MS } from "../support/rds-fixture";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const FILE = "Erp_FULL.bak";
const CORRUPTED = `Failed to verify ${FILE}, backup file was corrupted or newer edition than RDS.`;

interface Failure {
  when: string;
  fixture?: BackupFixture;
  instance?: InstanceSeed;
  /** Runs after the upload and before the submission. */
  prepare?: (fixture: RdsFixture) => unknown;
  /** Runs after the submission and before the task advances. */
  meanwhile?: (fixture: RdsFixture) => unknown;
  description: string;
  fileStatus: string;
}

const FAILURES: Failure[] = [
  {
    when: "it is a differential backup",
    fixture: { type: "differential" },
    description: `Backup set (${FILE}) is a Database Differential backup, we only accept a FULL Backup.`,
    fileStatus: "CheckFailed",
  },
  {
    when: "it is a log backup",
    fixture: { type: "log" },
    description: `Backup set (${FILE}) is a Transaction Log backup, we only accept a FULL Backup.`,
    fileStatus: "CheckFailed",
  },
  ...[
    { when: "it is not a backup", fixture: { container: null } },
    { when: "it is damaged", fixture: { problem: "block checksum" } },
    { when: "it is one of two stripes", fixture: { stripes: 2 } },
    { when: "it is encrypted", fixture: { encrypted: true } },
    { when: "it is a partial backup", fixture: { type: "partial" as const } },
    { when: "it comes from a newer SQL Server", fixture: { databaseVersion: 957 } },
    { when: "it comes from SQL Server 2000", fixture: { databaseVersion: 539 } },
  ].map((failure) => ({
    ...failure,
    instance: { engineVersion: "2019_std_ha" },
    description: CORRUPTED,
    fileStatus: "CheckFailed",
  })),
  {
    when: "the restored files do not fit",
    fixture: { restoredBytes: 9 * GIB },
    instance: { storageGb: 10, systemBytes: 2 * GIB },
    description: "Not Enough Disk Space for restoring, space left (8192 MB) < needed (9216 MB)",
    fileStatus: "RestoreFailed",
  },
  {
    when: "the backup file itself does not fit",
    instance: { storageGb: 10, systemBytes: 2 * GIB },
    prepare: (fixture) => fixture.world.putObject({ bucket: BUCKET, key: FILE, sizeBytes: 9 * GIB }),
    description: "Not Enough Disk Space, space left 8192 MB < bak file 9216 MB",
    fileStatus: "DownloadFailed",
  },
  {
    when: "the instance has its maximum number of databases",
    instance: { dbMaxQuantity: 1 },
    prepare: (fixture) => fixture.rds.control.setDatabase({ instanceId: INSTANCE_ID, name: "Other" }),
    description: "The database (Erp) migration failed due to databases count limitation.",
    fileStatus: "RestoreFailed",
  },
  {
    when: "the database is created meanwhile",
    meanwhile: (fixture) => fixture.rds.control.setDatabase({ instanceId: INSTANCE_ID, name: "Erp" }),
    description: "The database (Erp) is already exist on RDS, please backup and drop it, then try again.",
    fileStatus: "RestoreFailed",
  },
  {
    when: "the object is deleted meanwhile",
    meanwhile: (fixture) => fixture.world.removeObject(BUCKET, FILE),
    description: `Failed to download backup file ${FILE}.`,
    fileStatus: "DownloadFailed",
  },
  {
    when: "the object is overwritten meanwhile",
    meanwhile: (fixture) => fixture.upload(FILE, { restoredBytes: 1 }),
    description: `Failed to verify the MD5 of backup file ${FILE}.`,
    fileStatus: "VerifyFailed",
  },
  {
    when: "the edition lacks a feature of the database",
    prepare: (fixture) => fixture.rds.control.shapeRestore({ dbName: "erp", failToOpen: true }),
    description: "Failed to open database Erp.",
    fileStatus: "RestoreFailed",
  },
  {
    when: "a test sets failWith",
    prepare: (fixture) => fixture.rds.control.shapeRestore({ failWith: "The restore failed for another reason." }),
    description: "The restore failed for another reason.",
    fileStatus: "RestoreFailed",
  },
];

test.each(FAILURES)("fails the task and its file with RDS's description when $when", async (failure) => {
  const fixture = RdsFixture.withInstance(failure.instance ?? {});
  const OssObjectPositions = fixture.upload(FILE, failure.fixture);
  await failure.prepare?.(fixture);
  const taskId = await fixture.submit({ DBName: "Erp", OssObjectPositions });
  await failure.meanwhile?.(fixture);
  fixture.advancePastTask();
  expect(await fixture.task(taskId)).toMatchObject({ Status: "Failed", Description: failure.description });
  expect(await fixture.files(taskId)).toMatchObject([
    { FileName: FILE, Status: failure.fileStatus, Description: failure.description, IsAvailable: "False" },
  ]);
  const notRunning = (await fixture.databases()).filter(({ DBStatus }) => DBStatus !== "Running");
  expect(notRunning).toEqual([]);
});

test("accepts a backup of the instance's version and of SQL Server 2005", async () => {
  for (const databaseVersion of [904, 611]) {
    const fixture = RdsFixture.withInstance({ engineVersion: "2019_std_ha" });
    const taskId = await fixture.submitFull("Erp", { databaseVersion });
    fixture.advancePastTask();
    expect((await fixture.task(taskId)).Status).toBe("Success");
  }
});

test("accepts a database that exactly fits in addition to its backup file", async () => {
  const fixture = RdsFixture.withInstance({ storageGb: 10, systemBytes: 2 * GIB });
  const taskId = await fixture.submitFull("Erp", { restoredBytes: 8 * GIB - MIB });
  fixture.advancePastTask();
  expect((await fixture.task(taskId)).Status).toBe("Success");
});

test("counts the databases and backup files of other tasks as used space", async () => {
  const fixture = RdsFixture.withInstance({ storageGb: 10, systemBytes: 0 });
  await fixture.rds.control.shapeRestore({ dbName: "First", holdAt: "restoring" });
  await fixture.submitFull("First", { restoredBytes: 6 * GIB });
  const second = await fixture.submitFull("Second", { restoredBytes: 6 * GIB });
  fixture.advancePastTask();
  expect((await fixture.task(second)).Description).toMatch(
    /^Not Enough Disk Space for restoring, space left \(409[56] MB\)/,
  );
});

test("gives the last free database slot to the task that was submitted first", async () => {
  const fixture = RdsFixture.withInstance({ dbMaxQuantity: 1 });
  const first = await fixture.submitFull("First");
  fixture.world.advance(1);
  const second = await fixture.submitFull("Second");
  fixture.advancePastTask();
  expect((await fixture.task(first)).Status).toBe("Success");
  expect((await fixture.task(second)).Status).toBe("Failed");
});

test("succeeds with a warning when the instance has no privileged account", async () => {
  const fixture = RdsFixture.withInstance({ accounts: [{ name: "app", type: "Normal" }] });
  const taskId = await fixture.submitFull("Erp", {}, { CheckDBMode: "SyncExecuteDBCheck" });
  fixture.advancePastTask();
  expect(await fixture.task(taskId)).toMatchObject({
    Status: "Success",
    Description:
      "Your RDS doesn't have any init account yet, please create one and grant permissions on RDS console to this migrated database (Erp).",
  });
});

test.each([
  [false, "Success to DBCC checkdb asynchronously."],
  [
    true,
    "asynchronously DBCC checkdb failed: CHECKDB found 0 allocation errors and 2 consistency errors in table 'Orders' (object ID 2105058535).",
  ],
])(
  "reports the asynchronous DBCC after Success, only in the description (errors found: %s)",
  async (checkdbFails, text) => {
    const fixture = new RdsFixture();
    await fixture.rds.control.shapeRestore({ checkdbFails });
    const taskId = await fixture.submitFull("Erp");
    fixture.world.advance(TASK_MS);
    expect(await fixture.task(taskId)).toMatchObject({ Status: "Success", Description: "" });
    fixture.world.advance(TASK_MS);
    expect(await fixture.task(taskId)).toMatchObject({ Status: "Success", Description: text });
    expect((await fixture.databases())[0]?.DBStatus).toBe("Running");
  },
);

test("fails a task whose synchronous DBCC finds errors, and keeps the database", async () => {
  const fixture = new RdsFixture();
  await fixture.rds.control.shapeRestore({ checkdbFails: true });
  const taskId = await fixture.submitFull("Erp", {}, { CheckDBMode: "SyncExecuteDBCheck" });
  fixture.advancePastTask();
  expect(await fixture.task(taskId)).toMatchObject({ Status: "Failed", Description: "DBCC checkdb failed" });
  expect(await fixture.databases()).toMatchObject([{ DBName: "Erp", DBStatus: "Running" }]);
});
