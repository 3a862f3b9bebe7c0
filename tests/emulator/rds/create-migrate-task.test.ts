import { createRamService } from "../../../emulator/ram/ram-service";
import { RDS_FAULT_CODES } from "../../../emulator/rds/rds-faults";
import type { InstanceSeed } from "../../../emulator/rds/rds-options";
import { BUCKET, INSTANCE_ID, positionOf, RdsFixture, refusalOf } from "../support/rds-fixture";

const KEY = "erp_FULL.bak";
const GIB = 1024 ** 3;

interface Refusal {
  when: string;
  instance?: InstanceSeed;
  params?: Record<string, string>;
  prepare?: (fixture: RdsFixture) => unknown;
  status: number;
  code: string;
  message?: string;
}

const REFUSALS: Refusal[] = [
  {
    when: "DBInstanceId is missing",
    params: { DBInstanceId: "" },
    status: 400,
    code: "MissingDBInstanceId",
  },
  { when: "DBName is missing", params: { DBName: "" }, status: 400, code: "MissingDBName" },
  { when: "BackupMode is missing", params: { BackupMode: "" }, status: 400, code: "MissingBackupMode" },
  {
    when: "BackupMode is an old value",
    params: { BackupMode: "DIFF" },
    status: 400,
    code: "InvalidBackupMode.Malformed",
  },
  { when: "IsOnlineDB is missing", params: { IsOnlineDB: "" }, status: 400, code: "MissingIsOnlineDB" },
  {
    when: "IsOnlineDB is in lower case",
    params: { IsOnlineDB: "true" },
    status: 400,
    code: "InvalidIsOnlineDB.Malformed",
  },
  {
    when: "CheckDBMode is unknown",
    params: { CheckDBMode: "None" },
    status: 400,
    code: "InvalidCheckDBMode.Malformed",
  },
  {
    when: "IsOnlineDB is False for FULL",
    params: { IsOnlineDB: "False" },
    status: 400,
    code: "InvalidParameterCombination",
  },
  {
    when: "IsOnlineDB is True for UPDF",
    params: { BackupMode: "UPDF" },
    status: 400,
    code: "InvalidParameterCombination",
  },
  { when: "FULL names a task", params: { MigrateTaskId: "1" }, status: 400, code: "InvalidParameterCombination" },
  {
    when: "the instance does not exist",
    params: { DBInstanceId: "rm-elsewhere" },
    status: 404,
    code: "InvalidDBInstanceId.NotFound",
  },
  {
    when: "the engine is not SQL Server",
    instance: { engine: "MySQL", engineVersion: "8.0" },
    status: 400,
    code: "IncorrectDBInstanceType",
    message: "Current DB instance type does not support this operation.",
  },
  {
    when: "the instance is read-only",
    instance: { instanceType: "Readonly" },
    status: 400,
    code: "IncorrectDBInstanceType",
  },
  {
    when: "the instance is still being created",
    instance: { status: "Creating" },
    status: 403,
    code: "IncorrectDBInstanceState",
    message: "Current DB instance state does not support this operation.",
  },
  {
    when: "the instance is locked",
    instance: { lockMode: "LockByDiskQuota" },
    status: 400,
    code: "IncorrectDBInstanceLockMode",
    message: "Current DB instance lock mode does not support this operation.",
  },
  ...["master", "TempDB", "model", "msdb", "rdscore", " "].map((name) => ({
    when: `the database name is "${name}"`,
    params: { DBName: name },
    status: 403,
    code: "InvalidDBName",
    message: "The specified database name is not allowed.",
  })),
  { when: "the name has 129 characters", params: { DBName: "x".repeat(129) }, status: 403, code: "InvalidDBName" },
  {
    when: "the database exists, with a name in other case",
    prepare: (fixture) => fixture.rds.control.setDatabase({ instanceId: INSTANCE_ID, name: "ERP" }),
    status: 400,
    code: "InvalidDBName.NotFound",
    message: "Specified one or more DB name does not exist or DB status does not support.",
  },
  {
    when: "the database has an active task",
    prepare: (fixture) => fixture.submitFull("ERP"),
    status: 400,
    code: "IncorrectDBState",
    message: "Current DB state does not support this operation.",
  },
  {
    when: "OssObjectPositions is missing",
    params: { OssObjectPositions: "", OSSUrls: "http%3A%2F%2Fx%2Fy" },
    status: 400,
    code: "InvalidOssUrl",
    message: "Specified oss url is not valid.",
  },
  ...[
    "backups:erp_FULL.bak",
    `https://oss-cn-hangzhou.aliyuncs.com:${BUCKET}:${KEY}`,
    `oss-cn-beijing.aliyuncs.com:${BUCKET}:${KEY}`,
    `127.0.0.1:${BUCKET}:${KEY}`,
    positionOf(KEY, "nobucket"),
    positionOf("absent.bak"),
    positionOf("/erp_FULL.bak"),
    positionOf("a:b.bak"),
    positionOf("a@b.bak"),
    positionOf("数据.bak"),
    `${positionOf(KEY)}|${positionOf("other.bak")}`,
  ].map((position) => ({
    when: `the position is ${position}`,
    prepare: (fixture: RdsFixture) => fixture.upload("other.bak"),
    params: { OssObjectPositions: position },
    status: 400,
    code: "InvalidOssUrl",
  })),
  {
    when: "the bucket is in another region",
    prepare: (fixture) => fixture.world.putBucket({ name: BUCKET, region: "cn-beijing" }),
    status: 400,
    code: "InvalidOssUrl",
  },
  {
    when: "the object is archived",
    prepare: (fixture) => fixture.world.putObject({ bucket: BUCKET, key: KEY, storageClass: "Archive" }),
    status: 400,
    code: "InvalidOssUrl",
  },
  {
    when: "the object is encrypted by the server",
    prepare: (fixture) => fixture.world.putObject({ bucket: BUCKET, key: KEY, serverSideEncryption: "AES256" }),
    status: 400,
    code: "InvalidOssUrl",
  },
  {
    when: "the import role is missing",
    prepare: (fixture) => createRamService(fixture.world).control.removeRole({ name: "AliyunRDSImportRole" }),
    status: 400,
    code: "InvalidOssUrl",
  },
  {
    when: "the import role trusts another service",
    prepare: (fixture) =>
      createRamService(fixture.world).control.setRole({
        name: "AliyunRDSImportRole",
        trustedServices: ["ecs.aliyuncs.com"],
      }),
    status: 400,
    code: "InvalidOssUrl",
  },
  ...["erp.zip", "erp.zip.log.gz", "erp"].map((key) => ({
    when: `the object is ${key}`,
    prepare: (fixture: RdsFixture) => fixture.upload(key),
    params: { OssObjectPositions: positionOf(key) },
    status: 400,
    code: "IncorrectFileExtension",
    message: "The file extension does not support.",
  })),
  {
    when: "the file is larger than 3 TB",
    instance: { storageGb: 4000 },
    prepare: (fixture) => fixture.world.putObject({ bucket: BUCKET, key: KEY, sizeBytes: 3e12 + 1 }),
    status: 400,
    code: "BakFileSizeExceeded",
    message: "Exceeding the allowed bak file size.",
  },
  {
    when: "the file is larger than the instance's storage",
    instance: { storageGb: 20 },
    prepare: (fixture) => fixture.world.putObject({ bucket: BUCKET, key: KEY, sizeBytes: 20 * GIB + 1 }),
    status: 400,
    code: "FileSizeExceeded",
    message: "Exceeding the allowed file size of DB instance.",
  },
  {
    when: "the RAM user lacks the permission",
    prepare: (fixture) => fixture.rds.control.forbidAction({ action: "CreateMigrateTask" }),
    status: 403,
    code: "Forbidden.RAM",
  },
];

test.each(REFUSALS)(
  "refuses with $status $code when $when",
  async ({ instance, params, prepare, status, code, message }) => {
    const fixture = RdsFixture.withInstance(instance ?? {});
    const OssObjectPositions = fixture.upload(KEY);
    await prepare?.(fixture);
    const call = fixture.submit({ DBName: "Erp", OssObjectPositions, ...params });
    const refusal = await refusalOf(call);
    expect([refusal.status, refusal.code]).toEqual([status, code]);
    if (message !== undefined) expect(refusal.message).toBe(message);
  },
);

test.each(["a folder/erp_FULL.bak", "x.trn", "x.LOG", "x.diff", "Erp_FULL_20260803120000.bak"])(
  "accepts the object name %s",
  async (key) => {
    const fixture = new RdsFixture();
    await fixture.submit({ DBName: "Erp", OssObjectPositions: fixture.upload(key) });
  },
);

test("accepts the internal endpoint of the region", async () => {
  const fixture = new RdsFixture();
  fixture.upload(KEY);
  await fixture.submit({ DBName: "Erp", OssObjectPositions: `oss-cn-hangzhou-internal.aliyuncs.com:${BUCKET}:${KEY}` });
});

test("accepts a file of exactly 3 TB on an instance with enough storage", async () => {
  const fixture = RdsFixture.withInstance({ storageGb: 4000 });
  fixture.world.putObject({ bucket: BUCKET, key: KEY, sizeBytes: 3e12 });
  await fixture.submit({ DBName: "Erp", OssObjectPositions: positionOf(KEY) });
});

test("accepts 20 migrations of a database in 24 hours, and the 21st a day after the first", async () => {
  const fixture = new RdsFixture();
  for (let migration = 0; migration < 20; migration += 1) {
    await fixture.submitFull("Erp");
    fixture.advancePastTask();
    await fixture.rds.control.removeDatabase({ instanceId: INSTANCE_ID, name: "Erp" });
  }
  const refusal = await refusalOf(fixture.submitFull("Erp"));
  expect([refusal.status, refusal.code]).toEqual([400, "UploadLimitExceeded"]);
  expect(refusal.message).toBe("UploadTimesQuotaExceeded: Exceeding the daily upload times of this DB.");
  await fixture.submitFull("Other");
  fixture.world.advance(24 * 60 * 60 * 1000);
  await fixture.submitFull("Erp");
});

test("accepts 500 migrations of an instance in 24 hours and does not count refused calls", async () => {
  const fixture = new RdsFixture();
  const OssObjectPositions = fixture.upload(KEY);
  await refusalOf(fixture.submit({ DBName: "master", OssObjectPositions }));
  for (let number = 1; number <= 500; number += 1) await fixture.submit({ DBName: `db${number}`, OssObjectPositions });
  const refusal = await refusalOf(fixture.submit({ DBName: "db501", OssObjectPositions }));
  expect([refusal.status, refusal.code]).toEqual([400, "ConcurrentTaskExceeded"]);
  expect(refusal.message).toBe("Concurrent task exceeding the allowed amount.");
});

test("creates one task for two concurrent equal calls", async () => {
  const fixture = new RdsFixture();
  const OssObjectPositions = fixture.upload(KEY);
  const calls = [1, 2].map(() => fixture.submit({ DBName: "Erp", OssObjectPositions }));
  const outcomes = (await Promise.allSettled(calls)).map((outcome) => outcome.status);
  expect(outcomes).toEqual(["fulfilled", "rejected"]);
});

test("saves the task before the reply", async () => {
  const fixture = new RdsFixture();
  const taskId = await fixture.submitFull("Erp");
  expect((await fixture.restarted().task(taskId)).DBName).toBe("Erp");
});

test("contains every code of the vendor's OpenAPI table", () => {
  const vendorTable = [
    "InvalidDBName",
    "IncorrectDBInstanceState",
    "IncorrectDBInstanceType",
    "IncorrectDBInstanceLockMode",
    "InvalidDBName.NotFound",
    "IncorrectDBType",
    "IncorrectDBState",
    "UploadLimitExceeded",
    "ConcurrentTaskExceeded",
    "IncorrectFileExtension",
    "InvalidOssUrl",
    "BakFileSizeExceeded",
    "FileSizeExceeded",
  ];
  expect(RDS_FAULT_CODES).toEqual(expect.arrayContaining(vendorTable));
});
