import { exampleError } from "../../../docs/generate/errors-page";
import type { FaultRuleInput } from "../../../emulator/faults/fault-rule";
import { catalogue, type ErrorCode } from "../../../provider/errors/catalogue";
import type { CatalogueEntry } from "../../../provider/errors/catalogue-entry";
import { isMigrationError } from "../../../provider/errors/migration-error";
import { Fixture } from "../../../testing/fixture";

/** Every entry for an answer of a service, which the emulator gives to the real SDKs. */
const entryOf = (code: ErrorCode): CatalogueEntry<never> => catalogue[code];
const codes = Object.keys(catalogue) as ErrorCode[];

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.open();
});
afterAll(() => fixture.close());
afterEach(() => fixture.emulator.faults.clear());

/** The error of a call that meets a fault; every retry meets the same. */
async function thrownBy(call: () => Promise<unknown>, action: string, effect: FaultRuleInput["effect"]) {
  fixture.emulator.faults.add({ match: { action }, effect });
  const error: unknown = await call().catch((thrown: unknown) => thrown);
  if (!isMigrationError(error)) throw new Error(`no error of the catalogue: ${error}`);
  return error;
}

const createTask = (): Promise<unknown> =>
  fixture
    .process()
    .session.clients.rds({})
    .createMigrateTask({
      instanceId: fixture.emulator.instanceId,
      databaseName: "erp",
      checkDb: "async",
      object: { position: `oss-cn-hangzhou.aliyuncs.com:${fixture.emulator.bucket}:erp.bak` },
    });
const bucketFacts = (): Promise<unknown> =>
  fixture.process().session.clients.store({}).bucketFacts(fixture.emulator.bucket);
const openDatabase = (): Promise<unknown> =>
  fixture
    .process()
    .session.clients.rds({})
    .openDatabase({
      ...{ instanceId: fixture.emulator.instanceId, databaseName: "erp", taskId: "106121", checkDb: "async" },
      clientToken: "token",
    });

describe("a refusal of an OpenAPI service", () => {
  const said = codes.flatMap((code) => (entryOf(code).match?.openApi ?? []).map((theirs) => [theirs, code] as const));

  test.each(said)("%s is %s, with the service's words, status and RequestId, and what to do", async (theirs, code) => {
    const message = "In the service's own words.";
    const status = code === "SERVICE_FAULT" ? 503 : 400;
    const error = await thrownBy(createTask, "CreateMigrateTask", { kind: "refuse", status, code: theirs, message });
    expect(error.code).toBe(code);
    const { requestId = "" } = error.service ?? {};
    expect(requestId).not.toBe("");
    expect(error.what).toContain(
      `CreateMigrateTask (database erp) was refused: ${theirs} "${message}" (HTTP ${status}, RequestId ${requestId}).`,
    );
    expect(error.remedy).not.toBe("");
    expect(error.retry).toBe(entryOf(code).retry);
    expect(error.message).not.toMatch(/(Client|Server|Throttling|Response)Error|\bat \S+\.[jt]s/);
  });

  test("that no document names is shown whole, and is reported as unknown", async () => {
    const effect = { kind: "refuse", status: 409, code: "Some.Thing.New", message: "Never seen." } as const;
    const { code, what } = await thrownBy(createTask, "CreateMigrateTask", effect);
    expect(code).toBe("API_REFUSED");
    expect(what).toMatch(
      /Some\.Thing\.New "Never seen\." \(HTTP 409, RequestId .+\)\.\nThis version of the package does not know this code\./,
    );
  });
});

test.each(codes.flatMap((code) => (entryOf(code).match?.oss ?? []).map((theirs) => [theirs, code] as const)))(
  "OSS's %s is %s, with status and RequestId",
  async (theirs, code) => {
    const effect = { kind: "refuse", status: 403, code: theirs, message: "In its own words." } as const;
    const error = await thrownBy(bucketFacts, "GetBucketInfo", effect);
    expect(error.code).toBe(code);
    expect(error.service).toMatchObject({ status: 403, requestId: expect.stringMatching(/.+/) });
    // Where the code is the whole story the entry leaves the service's words out.
    if (/In its own words/.test(error.what)) expect(error.what).toMatch(/\(HTTP 403, RequestId \S+\)/);
  },
);

test("RAM's refusal to show the role names the action that is missing", async () => {
  const effect = { kind: "refuse", status: 403, code: "NoPermission", message: "No." } as const;
  const error = await thrownBy(
    () => fixture.process().session.lookups.role({}, "AliyunRDSImportRole"),
    "GetRole",
    effect,
  );
  expect(error.code).toBe("NOT_AUTHORIZED");
  expect(error.what).toContain("GetRole (role AliyunRDSImportRole) was refused: NoPermission");
  expect(error.remedy).toContain('"ram:GetRole"');
});

test.each(codes.filter((code) => entryOf(code).source.startsWith("CreateOnlineDatabaseTask, error codes")))(
  "%s is what CreateOnlineDatabaseTask is refused with, too",
  async (code) => {
    for (const theirs of entryOf(code).match?.openApi ?? []) {
      const effect = { kind: "refuse", status: 400, code: theirs, message: "In its own words." } as const;
      const error = await thrownBy(openDatabase, "CreateOnlineDatabaseTask", effect);
      expect(error.code).toBe(code);
      expect(error.what).toContain(`CreateOnlineDatabaseTask (database erp) was refused: ${theirs}`);
      fixture.emulator.faults.clear();
    }
  },
);

describe("what RDS refuses by its own rules", () => {
  let ruled: Fixture;
  beforeEach(async () => {
    ruled = await Fixture.open();
    await ruled.emulator.oss.putObject(ruled.emulator.bucket, "erp.bak", await ruled.backup("erp.bak"));
  });
  afterEach(() => ruled.close());

  const create = (databaseName = "erp", key = "erp.bak") => {
    const { instanceId, bucket } = ruled.emulator;
    const object = { position: `oss-cn-hangzhou.aliyuncs.com:${bucket}:${key}` };
    return ruled
      .process()
      .session.clients.rds({})
      .createMigrateTask({ instanceId, databaseName, checkDb: "async", object });
  };
  const instance = (seed: object) => ruled.emulator.rds.setInstance({ id: ruled.emulator.instanceId, ...seed });
  const database = (seed: object = {}) =>
    ruled.emulator.rds.setDatabase({ instanceId: ruled.emulator.instanceId, name: "erp", ...seed });

  test.each<[theirs: string, code: ErrorCode, arrange: () => Promise<unknown>, call?: () => Promise<unknown>]>([
    ["InvalidDBName", "API_DB_NAME", async () => {}, () => create("master")],
    ["IncorrectDBInstanceState", "API_INSTANCE_STATE", () => instance({ status: "Restoring" })],
    ["IncorrectDBInstanceType", "API_INSTANCE_TYPE", () => instance({ instanceType: "Readonly" })],
    ["IncorrectDBInstanceLockMode", "API_LOCK_MODE", () => instance({ lockMode: "ManualLock" })],
    ["InvalidDBName.NotFound", "API_DB_NAME_TAKEN", () => database()],
    ["InvalidDBName.NotFound", "API_DB_NAME_TAKEN", () => instance({ engineVersion: "2008r2" })],
    [
      "IncorrectDBType",
      "API_DB_TYPE",
      async () => {
        await instance({ engineVersion: "2008r2" });
        await database({ migratable: false });
      },
    ],
    [
      "IncorrectDBState",
      "API_DB_STATE",
      async () => {
        await ruled.emulator.rds.shapeRestore({ holdAt: "queued" });
        await create();
      },
    ],
    ["UploadLimitExceeded", "API_DAILY_LIMIT_DATABASE", () => ruled.emulator.rds.setLimits({ perDatabaseAndDay: 0 })],
    [
      "ConcurrentTaskExceeded",
      "API_DAILY_LIMIT_INSTANCE",
      () => ruled.emulator.rds.setLimits({ perInstanceAndDay: 0 }),
    ],
    [
      "IncorrectFileExtension",
      "API_FILE_EXTENSION",
      async () => ruled.emulator.oss.putObject(ruled.emulator.bucket, "erp.zip", await ruled.backup("erp.bak")),
      () => create("erp", "erp.zip"),
    ],
    ["InvalidOssUrl", "API_OSS_URL", async () => {}, () => create("erp", "nobody.bak")],
    ["BakFileSizeExceeded", "API_BAK_TOO_LARGE", () => ruled.emulator.rds.setLimits({ bakFileBytes: 1 })],
    ["FileSizeExceeded", "API_NO_SPACE", () => instance({ storageGb: 1e-6 })],
  ])("%s is %s", async (theirs, code, arrange, call = create) => {
    await arrange();
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, service: { code: theirs, requestId: expect.stringMatching(/.+/) } });
  });

  test("a task that it does not know, where one is ended or opened", async () => {
    const { instanceId } = ruled.emulator;
    const error: unknown = await ruled
      .process()
      .session.clients.rds({})
      .openDatabase({ instanceId, databaseName: "erp", taskId: "17", checkDb: "async", clientToken: "token" })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "API_TASK_NOT_FOUND", service: { code: "InvalidMigrateTaskId.NotFound" } });
  });
});

describe("a network that fails", () => {
  test.each([
    ["NETWORK_FAILED", { kind: "reset", at: "before" }],
    ["NO_ANSWER", { kind: "delay", ms: 1_500, at: "after" }],
    ["ANSWER_UNREADABLE", { kind: "html", status: 502 }],
  ] as const)("is %s when the connection meets %j", async (code, effect) => {
    const error = await thrownBy(createTask, "CreateMigrateTask", effect);
    expect(error).toMatchObject({ code, retry: "passes", stack: "" });
    expect(error.what).toContain("CreateMigrateTask");
  });
});

describe("the task's own words", () => {
  const failures = codes.filter((code) => code.startsWith("TASK_") && entryOf(code).match?.description !== undefined);

  test.each([...failures, "TASK_FAILED" as const])(
    "%s ends the run with the description and a remedy",
    async (code) => {
      const [, description = ""] = /^Migration task \d+: "(.*)"$/m.exec(exampleError(code).what) ?? [];
      expect(description).not.toBe("");
      const databaseName = code.toLowerCase();
      await fixture.emulator.rds.shapeRestore({ dbName: databaseName, failWith: description });
      const backup = await fixture.backup(`${databaseName}.bak`, { databaseName });
      const { outputs, failed } = await fixture.up({ backup });
      expect(outputs).toMatchObject({ status: "failed", failure: { code, retry: entryOf(code).retry } });
      expect(failed?.reasons[0]).toMatch(
        new RegExp(
          `^${code}: the migration of ${databaseName} failed: .+\\.\nMigration task ${outputs.migrateTaskId}: "`,
        ),
      );
      expect(failed?.reasons[0]).toContain(`"${description}"`);
    },
  );

  test.each(["ONLINE_DAMAGED", "ONLINE_NO_ACCOUNT"] as const)("%s is a warning after success", async (code) => {
    const [, description = ""] = /"(.*)"/s.exec(exampleError(code).what) ?? [];
    const databaseName = code.toLowerCase();
    await fixture.emulator.rds.shapeRestore({ dbName: databaseName, successDescription: description });
    const backup = await fixture.backup(`${databaseName}.bak`, { databaseName });
    const { outputs, failed } = await fixture.up({ backup });
    expect(failed).toBeUndefined();
    expect(outputs).toMatchObject({ status: "online", warnings: [expect.stringContaining(`${code}: `)] });
  });
});
