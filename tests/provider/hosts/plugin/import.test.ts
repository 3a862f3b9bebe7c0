import type { PlainObject } from "../../../../provider/model/plain";
import { Fixture } from "../../../../testing/fixture";
import { type EngineServer, startEngineServer } from "../../support/engine-server";
import { nativeUrn, PluginClient } from "../../support/plugin-client";

let fixture: Fixture;
let engine: EngineServer;
let plugin: PluginClient;
let instanceId: string;

beforeEach(async () => {
  fixture = await Fixture.open();
  engine = await startEngineServer();
  plugin = await PluginClient.start(engine.address);
  const { endpoint, region, accessKeyId, accessKeySecret } = fixture.emulator;
  await plugin.configure({
    ...{ region, accessKey: accessKeyId, secretKey: accessKeySecret },
    endpoints: { rds: endpoint, oss: endpoint, ram: endpoint, sts: endpoint },
  });
  instanceId = fixture.emulator.instanceId;
});
afterEach(async () => {
  plugin.close();
  engine.vanish();
  await fixture.close();
});

/** Imports a database and previews the program that Pulumi prints: its arguments are the imported inputs. */
async function importAndPreview(id: string) {
  const imported = await plugin.read(id);
  const { inputs, failures } = await plugin.check(imported.inputs, imported.inputs);
  expect(failures).toEqual([]);
  const { changes } = await plugin.diff(imported, inputs);
  return { ...imported, changes };
}

/** Migrates a database outside of the imported state: by hand, with the vendor's script, or in a state that is lost. */
const migrate = async (more: PlainObject = {}): Promise<string> => {
  const { outputs } = await fixture.up({ backup: await fixture.backup("erp.bak"), databaseName: "ERP", ...more });
  return String(outputs.migrateTaskId);
};

test("a database with a task in the list adopts it, whatever the case of the id, and its preview is empty", async () => {
  const adopt = await migrate();
  expect(await importAndPreview(`${instanceId.toUpperCase()}/erp`)).toMatchObject({
    ...{ id: `${instanceId}/ERP`, changes: false },
    inputs: { instanceId, databaseName: "ERP", adopt },
    outputs: { status: "online", migrateTaskId: adopt, finishedAt: expect.any(String), __stateVersion: 2 },
  });
  // A refresh finds nothing else.
  const imported = await plugin.read(`${instanceId}/ERP`);
  expect((await plugin.read(imported.id, imported)).outputs).toMatchObject({ status: "online", warnings: [] });
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
});

test("the task that brought the database online is adopted, not a later one that failed", async () => {
  await fixture.emulator.rds.shapeRestore({ failWith: "disk full" });
  const program = { backup: await fixture.backup("erp.bak"), databaseName: "ERP" };
  const failed = await fixture.up(program);
  const { outputs } = await fixture.up({ ...program, retryTrigger: "again" }, failed);
  const adopt = outputs.migrateTaskId;
  const taskId = String(failed.outputs.migrateTaskId);
  expect(adopt).not.toBe(taskId);
  await fixture.emulator.rds.setTask({ instanceId, taskId, createdAtMs: Date.now() + 60_000 });
  expect(await importAndPreview(`${instanceId}/ERP`)).toMatchObject({ inputs: { adopt }, changes: false });
});

test("a database of which the service has no task is recorded as it is", async () => {
  await fixture.emulator.rds.setDatabase({ instanceId, name: "Old" });
  const imported = await importAndPreview(`${instanceId}/OLD`);
  expect(imported).toMatchObject({ changes: false, id: `${instanceId}/Old`, outputs: { status: "online" } });
  expect(imported.inputs).toEqual({ instanceId, databaseName: "Old", adopt: true });
});

test("a database that waits for increments stays closed, and needs its task where the service does not list it", async () => {
  const adopt = await migrate({ phase: "restoring", increments: [] });
  await expect(plugin.read(`${instanceId}/ERP`)).rejects.toMatchObject({
    message: expect.stringMatching(
      /^INPUT_INVALID: \[id\] names a database that is In Recovery and has no listed migration task\./,
    ),
  });
  await fixture.emulator.rds.setTaskList({ showsOpenTasks: true });
  const imported = await importAndPreview(`${instanceId}/ERP`);
  expect(imported).toMatchObject({ changes: false, outputs: { status: "waitingForIncrements" } });
  expect(imported.inputs).toEqual({ instanceId, databaseName: "ERP", adopt, phase: "restoring" });
});

test("a restore that still runs is followed by the next up", async () => {
  await fixture.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const adopt = await migrate({ wait: "submitted" });
  expect(await importAndPreview(`${instanceId}/ERP`)).toMatchObject({ inputs: { adopt }, changes: true });
});

test.each([
  ["erp", /^INPUT_INVALID: \[id\] erp is not an instance and a database with a slash between them\./],
  ["/erp", /^INPUT_INVALID: \[id\] \/erp is not an instance and a database/],
  [
    "INSTANCE/none",
    /^INPUT_INVALID: \[id\] names no database of rm-\S+\.\nCorrect none, .*\nDatabases of the instance:\n {2}Old\nMore: docs\/reference\/errors\.md#input_invalid$/,
  ],
  ["rm-absent/erp", /^INSTANCE_NOT_FOUND: /],
])("refuses the id %s", async (id, expected) => {
  await fixture.emulator.rds.setDatabase({ instanceId, name: "Old" });
  await expect(plugin.read(id.replace("INSTANCE", instanceId))).rejects.toMatchObject({
    message: expect.stringMatching(expected),
  });
});

test("other kinds say that they cannot be imported", async () => {
  await expect(plugin.read("x", undefined, nativeUrn("CutoverGroup"))).rejects.toMatchObject({
    message: expect.stringMatching(/^INPUT_INVALID: \[id\] a CutoverGroup cannot be imported\.\nIt only records/),
  });
});
