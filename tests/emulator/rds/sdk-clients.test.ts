import { $OpenApiUtil } from "@alicloud/openapi-core";
import RamClient, { GetRoleRequest } from "@alicloud/ram20150501";
import RdsClient, * as models from "@alicloud/rds20140815";
import OSS from "ali-oss";
import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { backupBytes } from "../../../testing/backup-writer/write-backup";

const READ_TIMEOUT_MS = 20_000;
const MINUTE_MS = 60_000;

let emulator: Emulator;
let rds: RdsClient;
let ram: RamClient;

beforeAll(async () => {
  emulator = await startEmulator({ taskMs: 100 });
  const { host: endpoint, accessKeyId, accessKeySecret } = emulator;
  const config = new $OpenApiUtil.Config({
    endpoint,
    accessKeyId,
    accessKeySecret,
    protocol: "http",
    regionId: emulator.region,
    readTimeout: READ_TIMEOUT_MS,
  });
  rds = new RdsClient(config);
  ram = new RamClient(config);
  for (const type of ["full", "log"] as const) {
    const bytes = backupBytes({ databaseName: "Erp", type, ...(type === "log" ? LOG_RANGE : {}) });
    await emulator.oss.putObject(emulator.bucket, `folder/erp_${type}.bak`, bytes);
  }
});

afterAll(() => emulator.close());

/** A log that continues the generated full backup. */
const LOG_RANGE = { firstLsn: 34_000000106000001n, lastLsn: 34_000000206000001n };

/** SQL Server 2008 R2. */
const R2 = { softwareVersion: { major: 10, minor: 50, build: 4000 } };

const position = (type: "full" | "log") =>
  `oss-${emulator.region}.aliyuncs.com:${emulator.bucket}:folder/erp_${type}.bak`;

const create = (DBName: string, members: Partial<models.CreateMigrateTaskRequest> = {}) =>
  rds.createMigrateTask(
    new models.CreateMigrateTaskRequest({
      DBInstanceId: emulator.instanceId,
      DBName,
      backupMode: "FULL",
      isOnlineDB: "True",
      checkDBMode: "AsyncExecuteDBCheck",
      ossObjectPositions: position("full"),
      ...members,
    }),
  );

async function describe(
  migrateTaskId: string | undefined,
  DBInstanceId = emulator.instanceId,
): Promise<models.DescribeMigrateTaskByIdResponseBody> {
  const request = new models.DescribeMigrateTaskByIdRequest({ DBInstanceId, migrateTaskId });
  const { body } = await rds.describeMigrateTaskById(request);
  if (body === undefined) throw new Error("no body");
  return body;
}

/** Waits until the task has this status, at most about two seconds. */
async function waitForStatus(
  migrateTaskId: string | undefined,
  status: string,
  instanceId = emulator.instanceId,
): Promise<void> {
  const currentStatus = async () => (await describe(migrateTaskId, instanceId)).status;
  for (let polls = 0; polls < 100 && (await currentStatus()) !== status; polls += 1) {
    await new Promise((done) => setTimeout(done, 20));
  }
  expect(await currentStatus()).toBe(status);
}

const minute = (ms: number): string => new Date(ms).toISOString().replace(/:\d\d\.\d+Z$/, "Z");

test("the RDS client runs a full migration and reads its results", async () => {
  const { body } = await create("Erp");
  expect(body).toMatchObject({ DBInstanceId: emulator.instanceId, DBName: "Erp", backupMode: "FULL" });
  const migrateTaskId = body?.migrateTaskId;
  await waitForStatus(migrateTaskId, "Success");
  expect(await describe(migrateTaskId)).toMatchObject({ DBInstanceName: emulator.instanceId, isDBReplaced: "False" });

  const DBInstanceId = emulator.instanceId;
  const files = await rds.describeOssDownloads(new models.DescribeOssDownloadsRequest({ DBInstanceId, migrateTaskId }));
  expect(files.body?.items?.ossDownload?.[0]).toMatchObject({
    fileName: "erp_full.bak",
    backupMode: "Database",
    status: "Restored",
    isAvailable: "True",
  });
  const window = { startTime: minute(Date.now() - MINUTE_MS), endTime: minute(Date.now() + MINUTE_MS) };
  const list = await rds.describeMigrateTasks(new models.DescribeMigrateTasksRequest({ DBInstanceId, ...window }));
  expect(list.body).toMatchObject({ totalRecordCount: 1, pageRecordCount: 1, pageNumber: 1 });
  expect(list.body?.items?.migrateTask?.[0]).toMatchObject({ DBName: "Erp", status: "Success", migrateTaskId });
  const databases = await rds.describeDatabases(new models.DescribeDatabasesRequest({ DBInstanceId }));
  expect(databases.body?.databases?.database?.[0]).toMatchObject({ DBName: "Erp", DBStatus: "Running", totalCount: 1 });
  const usage = await rds.describeResourceUsage(new models.DescribeResourceUsageRequest({ DBInstanceId }));
  expect(usage.body?.diskUsed).toBeGreaterThan(0);
  const accounts = await rds.describeAccounts(new models.DescribeAccountsRequest({ DBInstanceId }));
  expect(accounts.body?.accounts?.DBInstanceAccount?.[0]).toMatchObject({ accountType: "Super" });
  const attribute = new models.DescribeDBInstanceAttributeRequest({ DBInstanceId });
  const instance = (await rds.describeDBInstanceAttribute(attribute)).body?.items?.DBInstanceAttribute?.[0];
  expect(instance).toMatchObject({ engine: "SQLServer", DBInstanceStorage: 100, DBInstanceStatus: "Running" });
});

test("the RDS client appends a log to a waiting database and opens it", async () => {
  const open = { backupMode: "UPDF", isOnlineDB: "False" };
  const first = await create("Chain", open);
  const migrateTaskId = first.body?.migrateTaskId;
  await waitForStatus(migrateTaskId, "Waiting");
  const second = await create("Chain", { ...open, migrateTaskId, ossObjectPositions: position("log") });
  expect(second.body?.migrateTaskId).toBe(migrateTaskId);
  await waitForStatus(migrateTaskId, "Waiting");
  const DBInstanceId = emulator.instanceId;
  const request = {
    DBInstanceId,
    DBName: "Chain",
    migrateTaskId,
    checkDBMode: "SyncExecuteDBCheck",
    clientToken: "t1",
  };
  await rds.createOnlineDatabaseTask(new models.CreateOnlineDatabaseTaskRequest(request));
  await waitForStatus(migrateTaskId, "Success");
});

test("the RDS client terminates a held task", async () => {
  await emulator.rds.shapeRestore({ dbName: "Held", holdAt: "restoring" });
  const { body } = await create("Held");
  await waitForStatus(body?.migrateTaskId, "Running");
  const request = { DBInstanceId: emulator.instanceId, migrateTaskId: body?.migrateTaskId };
  await rds.terminateMigrateTask(new models.TerminateMigrateTaskRequest(request));
  expect((await describe(body?.migrateTaskId)).status).toBe("Failed");
});

test("the RDS client receives errors with code, status and request id", async () => {
  await expect(create("master")).rejects.toMatchObject({
    code: "InvalidDBName",
    statusCode: 403,
    requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
  });
  await emulator.rds.forbidAction({ action: "CreateMigrateTask", times: 1 });
  await expect(create("Other")).rejects.toMatchObject({
    code: "Forbidden.RAM",
    accessDeniedDetail: { AuthAction: "rds:CreateMigrateTask" },
  });
});

test("2008 R2 accepts a URL signed by ali-oss and fails the task of an expired URL", async () => {
  const DBInstanceId = "rm-legacy";
  await emulator.rds.setInstance({ id: DBInstanceId, engineVersion: "2008r2" });
  await emulator.oss.putObject(emulator.bucket, "old.bak", backupBytes({ databaseName: "Old", type: "full", ...R2 }));
  const signer = new OSS({
    accessKeyId: emulator.accessKeyId,
    accessKeySecret: emulator.accessKeySecret,
    region: `oss-${emulator.region}`,
    bucket: emulator.bucket,
  });
  const outcomes: (string | undefined)[] = [];
  for (const [name, expires] of [
    ["Valid", 600],
    ["Expired", -60],
  ] as const) {
    await emulator.rds.setDatabase({ instanceId: DBInstanceId, name });
    const OSSUrls = encodeURIComponent(signer.signatureUrl("old.bak", { expires }));
    const { body } = await create(name, { DBInstanceId, ossObjectPositions: undefined, OSSUrls });
    await waitForStatus(body?.migrateTaskId, name === "Valid" ? "Success" : "Failed", DBInstanceId);
    outcomes.push((await describe(body?.migrateTaskId, DBInstanceId)).description);
  }
  expect(outcomes[1]).toBe("Failed to download backup file since OSS URL was expired.");
  const forged = encodeURIComponent(`${signer.signatureUrl("old.bak", { expires: 600 })}0`);
  await expect(create("Valid", { DBInstanceId, OSSUrls: forged })).rejects.toMatchObject({ code: "InvalidOssUrl" });
});

test("the RAM client reads the import role, or gets an error when it is missing or forbidden", async () => {
  const request = new GetRoleRequest({ roleName: "AliyunRDSImportRole" });
  const { body } = await ram.getRole(request);
  expect(body?.role?.arn).toBe(`acs:ram::${emulator.accountId}:role/AliyunRDSImportRole`);
  expect(body?.role?.assumeRolePolicyDocument).toContain("rds.aliyuncs.com");
  await emulator.ram.forbidAction({ action: "GetRole", times: 1 });
  await expect(ram.getRole(request)).rejects.toMatchObject({ code: "NoPermission", statusCode: 403 });
  await emulator.ram.removeRole({ name: "AliyunRDSImportRole" });
  await expect(ram.getRole(request)).rejects.toMatchObject({ code: "EntityNotExist.Role", statusCode: 404 });
  await expect(create("Roleless")).rejects.toMatchObject({ code: "InvalidOssUrl" });
});
