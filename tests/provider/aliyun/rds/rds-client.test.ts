import type { FaultRuleInput } from "../../../../emulator/faults/fault-rule";
import type { CredentialSource } from "../../../../provider/aliyun/object-store";
import { connectRds } from "../../../../provider/aliyun/rds/rds-client";
import type { RdsApi } from "../../../../provider/aliyun/rds-api";
import { isMigrationError } from "../../../../provider/errors/migration-error";
import { Fixture } from "../../../../testing/fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

const staticKeys = (): CredentialSource => ({ get: async () => fixture.emulator });

function connect(credentials = staticKeys()): RdsApi {
  const settings = { config: () => undefined, env: (name: string) => fixture.env[name] };
  return connectRds({ credentials, region: fixture.emulator.region, settings, retryDelayMs: 10 });
}

const codeOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "",
    (error: unknown) => (isMigrationError(error) ? error.code : String(error)),
  );

async function submit(databaseName: string): Promise<string> {
  const { instanceId, bucket } = fixture.emulator;
  const position = `oss-cn-hangzhou.aliyuncs.com:${bucket}:erp.bak`;
  const { taskId } = await connect().createMigrateTask({
    instanceId,
    databaseName,
    checkDb: "async",
    object: { position },
  });
  return taskId;
}

const putBackup = async () =>
  fixture.emulator.oss.putObject(fixture.emulator.bucket, "erp.bak", await fixture.backup("erp.bak"));

const lastHour = () => ({ fromMs: Date.now() - 3_600_000, toMs: Date.now() + 3_600_000 });

test("reads every page of the databases and of the tasks", async () => {
  const { instanceId } = fixture.emulator;
  const names = Array.from({ length: 101 }, (_, number) => `db${number}`);
  for (const name of names) await fixture.emulator.rds.setDatabase({ instanceId, name });
  expect((await connect().listDatabases(instanceId)).map(({ name }) => name).sort()).toEqual([...names].sort());

  await putBackup();
  const taskIds: string[] = [];
  for (const name of names) taskIds.push(await submit(`new_${name}`));
  const listed = await connect().listMigrateTasks(instanceId, lastHour());
  expect(listed?.map(({ taskId }) => taskId).sort()).toEqual([...taskIds].sort());
  expect(fixture.requests("DescribeMigrateTasks")).toHaveLength(2);
});

test("a task that the service does not know is undefined, not an error", async () => {
  expect(await connect().describeMigrateTask(fixture.emulator.instanceId, "999")).toBeUndefined();
});

test("where the edition does not have a call, the answer is undefined; a missing permission is an error", async () => {
  const { instanceId } = fixture.emulator;
  await putBackup();
  const taskId = await submit("erp");
  await fixture.emulator.rds.setInstance({
    id: instanceId,
    unsupportedActions: ["DescribeOssDownloads", "DescribeMigrateTasks"],
  });
  expect(await connect().listTaskFiles(instanceId, taskId)).toBeUndefined();
  expect(await connect().listMigrateTasks(instanceId, lastHour())).toBeUndefined();
  await fixture.emulator.rds.forbidAction({ action: "*" });
  expect(await codeOf(connect().listTaskFiles(instanceId, taskId))).toBe("NOT_AUTHORIZED");
  expect(await codeOf(connect().listMigrateTasks(instanceId, lastHour()))).toBe("NOT_AUTHORIZED");
});

test("an answer that takes longer than the SDK's own three seconds is waited for", async () => {
  fixture.emulator.faults.add({
    match: { action: "DescribeDBInstanceAttribute" },
    effect: { kind: "delay", ms: 3_500 },
  });
  const facts = await connect().describeInstance(fixture.emulator.instanceId);
  expect(facts).toMatchObject({ engine: "SQLServer", status: "Running", region: "cn-hangzhou" });
  expect(fixture.requests("DescribeDBInstanceAttribute")).toHaveLength(1);
});

const PASSING: [string, FaultRuleInput["effect"]][] = [
  ["throttling", { kind: "refuse", status: 400, code: "Throttling.User" }],
  ["a fault of the service", { kind: "refuse", status: 503, code: "ServiceUnavailable" }],
  ["a broken connection", { kind: "reset", at: "before" }],
  ["a proxy's page", { kind: "html", status: 502 }],
];

test.each(PASSING)("%s: a reading call is repeated, which the SDK would not do", async (_, effect) => {
  fixture.emulator.faults.add({ match: { action: "DescribeDatabases" }, times: 2, effect });
  expect(await connect().listDatabases(fixture.emulator.instanceId)).toEqual([]);
  expect(fixture.requests("DescribeDatabases")).toHaveLength(3);
});

test.each(PASSING)("%s: CreateMigrateTask is sent once and never again by itself", async (_, effect) => {
  await putBackup();
  fixture.emulator.faults.add({ match: { action: "CreateMigrateTask" }, effect });
  expect(await codeOf(submit("erp"))).toMatch(/^(THROTTLED|SERVICE_FAULT|NETWORK_FAILED|ANSWER_UNREADABLE)$/);
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
});

test("a refusal is not repeated", async () => {
  expect(await codeOf(connect().describeInstance("rm-nobody"))).toBe("INSTANCE_NOT_FOUND");
  expect(fixture.requests("DescribeDBInstanceAttribute")).toHaveLength(1);
});

test("temporary keys sign too, and each call uses the newest", async () => {
  const old = await fixture.emulator.sts.issue(-60);
  const fresh = await fixture.emulator.sts.issue(600);
  const keys = [old, fresh];
  const rds = connect({ get: async () => keys.shift() ?? fresh });
  expect(await codeOf(rds.describeInstance(fixture.emulator.instanceId))).toBe("TOKEN_EXPIRED");
  expect(await codeOf(rds.describeInstance(fixture.emulator.instanceId))).toBe("");
});

test("a clock that is too far off is named as the cause", async () => {
  fixture.emulator.faults.add({ match: {}, effect: { kind: "clock", offsetMs: 3_600_000 } });
  expect(await codeOf(connect().describeInstance(fixture.emulator.instanceId))).toBe("CLOCK_SKEWED");
});
