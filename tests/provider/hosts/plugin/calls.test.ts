import { repeatedInputs } from "../../../../provider/model/inputs";
import type { PlainObject } from "../../../../provider/model/plain";
import { UNKNOWN_VALUE } from "../../../../provider/model/unknown";
import { Fixture, until } from "../../../../testing/fixture";
import { type EngineServer, startEngineServer } from "../../support/engine-server";
import { nativeUrn, PluginClient, URN } from "../../support/plugin-client";
import type { Failed } from "../../support/provider-process";

let fixture: Fixture;
let engine: EngineServer;
let plugin: PluginClient;

beforeEach(async () => {
  fixture = await Fixture.open();
  engine = await startEngineServer();
  plugin = await PluginClient.start(engine.address);
  await plugin.configure(providerOf(fixture));
});
afterEach(async () => {
  plugin.close();
  engine.vanish();
  await fixture.close();
});

/** The arguments of a provider; objects are JSON, as the SDKs send them. */
const providerOf = ({ emulator: { endpoint, region, accessKeyId, accessKeySecret } }: Fixture): PlainObject => ({
  ...{ region, accessKey: accessKeyId, secretKey: accessKeySecret },
  endpoints: JSON.stringify({ rds: endpoint, oss: endpoint, ram: endpoint, sts: endpoint }),
});

/** The arguments of a program. */
const args = async (more: PlainObject = {}, { emulator: { instanceId, bucket } } = fixture): Promise<PlainObject> => ({
  ...{ instanceId, bucket, backup: await fixture.backup("erp.bak"), pollInterval: "50ms", timeout: "20s" },
  ...more,
});

const failureOf = (call: Promise<unknown>): Promise<Failed> =>
  call.then(
    () => ({ message: "nothing failed" }),
    (failed: Failed) => failed,
  );

const rows = (kept = true) =>
  engine.rows.filter(({ ephemeral }) => ephemeral !== kept).map(({ message }) => message.split("\n")[0]);

test("the whole life of a migration: preview, create, no change, refresh, destroy", async () => {
  const { inputs, failures } = await plugin.check(await args());
  expect(failures).toEqual([]);
  const previewed = await plugin.create(inputs, { preview: true });
  expect(previewed).toMatchObject({ id: "", outputs: { ...inputs, status: UNKNOWN_VALUE, warnings: UNKNOWN_VALUE } });
  expect(previewed.outputs).not.toHaveProperty("chain");
  expect(fixture.requests("CreateMigrateTask")).toEqual([]);

  const { id, outputs } = await plugin.create(inputs);
  expect(id).toBe(`${fixture.emulator.instanceId}/erp`);
  expect(outputs).toMatchObject({ ...repeatedInputs(inputs), status: "online", __stateVersion: 2 });
  for (const name of ["__resourceUrn", "__preview", "__provider"]) expect(outputs).not.toHaveProperty(name);

  const again = await plugin.check(await args(), inputs);
  expect(await plugin.diff({ inputs, outputs }, again.inputs)).toMatchObject({ changes: false, properties: {} });
  expect(await plugin.read(id, { inputs, outputs })).toMatchObject({ id, inputs, outputs: { status: "online" } });
  await plugin.delete(id, outputs);
  expect(await fixture.databases()).toMatchObject([{ name: "erp", status: "Running" }]);

  expect(new Set(engine.rows.map(({ urn }) => urn))).toEqual(new Set([URN]));
  expect(rows(false)).toContainEqual(expect.stringMatching(/^task \d+ Success/));
  expect(rows()).toEqual([
    expect.stringMatching(/^not checked: the source.s collation/),
    expect.stringMatching(/^uploaded, /),
    expect.stringMatching(/^created migration task /),
    expect.stringMatching(/^erp stays on rm-/),
  ]);
});

test("unknown values of every type are checked at up, and an unknown role may not exist yet", async () => {
  const bucket = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";
  const access = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7";
  const unknown = await plugin.check(await args({ bucket, access }));
  expect(unknown).toMatchObject({ failures: [], inputs: { bucket: UNKNOWN_VALUE, __roleMayNotExistYet: true } });
  expect(rows()).toContainEqual(expect.stringMatching(/^not checked: the bucket/));
  expect((await plugin.create(unknown.inputs, { preview: true })).outputs).toMatchObject({ bucket: UNKNOWN_VALUE });
  const known = await plugin.check(await args({ access: "acs:ram::1:role/reader" }));
  for (const { inputs } of [unknown, known]) expect(inputs).not.toHaveProperty("access");
  expect(known.inputs).not.toHaveProperty("__roleMayNotExistYet");
});

test("the handlers get secrets in clear, and none is in clear in what the plugin returns and logs", async () => {
  const secret = (value: unknown) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value,
  });
  const folder = secret("planted-folder");
  const program = await args({ folder, upload: { parallel: secret(2) }, databaseName: secret("planted-name") });
  const { inputs, failures } = await plugin.check(program);
  expect({ inputs, failures }).toMatchObject({ inputs: { folder, upload: { parallel: secret(2) } }, failures: [] });
  const { outputs } = await plugin.create(inputs);
  expect(outputs).toMatchObject({
    ...{ status: "online", folder },
    objectKey: secret(expect.stringMatching(/^planted-folder\//)),
  });
  expect(await plugin.diff({ inputs, outputs }, inputs)).toMatchObject({ changes: false });
  const { outputs: refreshed } = await plugin.read("id", { inputs, outputs });
  expect(refreshed).toMatchObject({ folder, objectKey: outputs.objectKey });
  await plugin.delete("id", outputs);
  const { init } = await failureOf(plugin.update("id", outputs, { ...inputs, folder: secret("x"), bucket: "UPPER" }));
  expect(init?.properties).toMatchObject({ databaseName: secret("planted-name") });
  expect(rows()).toContainEqual(expect.stringMatching(/^\[secret\] stays on rm-/));
  expect(JSON.stringify(engine.rows)).not.toContain("planted");
});

test("diff shows the changed arguments only where an update would act, and which one replaces", async () => {
  const { inputs } = await plugin.check(await args({ wait: "submitted", upload: { parallel: 1 } }));
  const { outputs } = await plugin.create(inputs);
  const { wait: _, ...others } = inputs;
  expect(await plugin.diff({ inputs, outputs }, { ...others, upload: { parallel: 2 }, onDestroy: "stop" })).toEqual({
    ...{ changes: true, replaces: [], deleteBeforeReplace: true },
    properties: { wait: "DELETE", "upload.parallel": "UPDATE", onDestroy: "ADD" },
  });
  const polls = fixture.requests("DescribeMigrateTasks").length;
  expect(await plugin.update("id", outputs, { ...others, onDestroy: "stop" }, { preview: true })).toMatchObject({
    ...{ onDestroy: "stop", status: UNKNOWN_VALUE, databaseName: "erp" },
  });
  expect(fixture.requests("DescribeMigrateTasks")).toHaveLength(polls);
  expect(await plugin.diff({ inputs, outputs }, { ...inputs, onDestroy: "stop" })).toMatchObject({
    ...{ changes: false, properties: {} },
  });
  expect(await plugin.diff({ inputs, outputs }, { ...inputs, databaseName: "crm" })).toEqual({
    ...{ changes: true, replaces: ["databaseName"], deleteBeforeReplace: true },
    properties: { databaseName: "UPDATE_REPLACE" },
  });
});

test("refuses an internal name, an unknown argument and a faulty one", async () => {
  const failures = async (more: PlainObject) => (await plugin.check(await args(more))).failures;
  expect(await failures({ backupId: "x" })).toEqual([
    expect.stringMatching(/^INPUT_INVALID: \[backupId\] is not an arg/),
  ]);
  expect(await failures({ bukket: "x" })).toEqual([
    expect.stringMatching(/^INPUT_INVALID: \[bukket\] is not an argument/),
  ]);
  expect(await failures({ bucket: "UPPER" })).toEqual([expect.stringMatching(/^INPUT_INVALID: \[bucket\] /)]);
});

test("an init error has the outputs that the engine saves; the timeout of the resource's options is not one", async () => {
  await fixture.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const { timeout: _, ...untimed } = await args();
  const { inputs } = await plugin.check(untimed);
  const { init } = await failureOf(plugin.create(inputs, { timeout: 1.5 }));
  expect(init).toMatchObject({
    id: `${fixture.emulator.instanceId}/erp`,
    properties: { status: "restoring", migrateTaskId: (await fixture.tasks())[0]?.id },
    reasons: [expect.stringMatching(/not finished within 1500ms/)],
  });
  expect(init?.properties).not.toHaveProperty("timeout");
  await fixture.emulator.rds.clearShapes({});
  const { id, properties } = init ?? { id: "", properties: {} };
  expect(await plugin.update(id, properties, inputs)).toMatchObject({ status: "online" });
});

test("an update that fails otherwise keeps the recorded outputs, and no error has a stack", async () => {
  const { inputs } = await plugin.check(await args());
  const { id, outputs } = await plugin.create(inputs);
  const newer = { ...outputs, __stateVersion: 3, later: "kept" };
  const failures = [
    await failureOf(plugin.update(id, outputs, { ...inputs, bucket: "UPPER" })),
    await failureOf(plugin.update(id, newer, inputs)),
  ];
  expect(failures).toMatchObject([
    { init: { id, properties: outputs, reasons: [expect.stringMatching(/^INPUT_INVALID: \[bucket\]/)] } },
    { init: { id, properties: newer, reasons: [expect.stringMatching(/^STATE_NEWER: /)] } },
  ]);
  expect(JSON.stringify(failures)).not.toMatch(/\\n\s+at /);
});

test("calls that fail at the same time each get their own error, and the others go on", async () => {
  const { inputs } = await plugin.check(await args());
  const [created, ...failed] = await Promise.all([
    plugin.create(inputs),
    failureOf(plugin.create({ ...inputs, bucket: "UPPER" }, { urn: nativeUrn("DatabaseMigration", "two") })),
    failureOf(plugin.create(inputs, { urn: URN.replace("DatabaseMigration", "Later") })),
    failureOf(plugin.create({}, { urn: nativeUrn("CutoverGroup") })),
  ]);
  expect(created.outputs.status).toBe("online");
  expect(failed.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^INPUT_INVALID: \[bucket\]/),
    "this version of the plugin has no resource sqlserver-migration:index:Later",
    expect.stringMatching(/^INPUT_INVALID: \[members\]/),
  ]);
});

test("cancel stops an upload at its next safe point, with an init error from which the next run continues", async () => {
  const big = { backup: await fixture.backup("big.bak", { dataBytes: 4_000_000 }), upload: { rateLimit: 300_000 } };
  const { inputs } = await plugin.check(await args({ ...big, upload: { ...big.upload, partSize: 102_400 } }));
  const creating = failureOf(plugin.create(inputs));
  await until(async () => rows(false).some((row) => /^uploading: [1-9]/.test(row ?? "")));
  await plugin.cancel();
  const { init } = await creating;
  expect(init).toMatchObject({
    properties: { status: "uploading", uploadId: expect.any(String) },
    reasons: [expect.stringMatching(/the run was cancelled; the upload of .* is unfinished/)],
  });
});

test("a preview of an instance's outcome fails with the findings about its databases", async () => {
  const member = { ...(await args({ bucket: "UPPER", databaseName: "erp" })), __deferred: true };
  expect((await plugin.check(member)).failures).toEqual([]);
  const urn = nativeUrn("MigrationOutcome", "erp-outcome");
  const { instanceId } = fixture.emulator;
  const members = [{ name: "erp", database: "erp", status: UNKNOWN_VALUE }];
  const { inputs, failures } = await plugin.check({ instanceId, members }, {}, urn);
  expect(failures).toEqual([]);
  const { message } = await failureOf(plugin.create(inputs, { urn, preview: true }));
  expect(message).toMatch(/^INSTANCE_FINDINGS: 1 of 1 .*erp: INPUT_INVALID/s);
});

test("two accounts: each provider uses its own keys, endpoints and cached facts", async () => {
  const other = await Fixture.open();
  try {
    const second = await PluginClient.start(engine.address);
    await second.configure(providerOf(other));
    const both = [await plugin.check(await args()), await second.check(await args({}, other))];
    expect(both.map(({ failures }) => failures)).toEqual([[], []]);
    for (const { emulator, requests } of [fixture, other].map((each) => ({
      emulator: each.emulator,
      requests: each.requests("DescribeDBInstanceAttribute"),
    }))) {
      expect(requests).toHaveLength(1);
      expect(JSON.stringify(requests)).toContain(emulator.instanceId);
    }
    // The engine configures a provider again after its arguments have changed.
    await second.configure({ ...providerOf(other), secretKey: "wrong" });
    expect(JSON.stringify((await second.check(await args({}, other))).failures)).toMatch(/CREDENTIALS|SIGNATURE/);
    second.close();
  } finally {
    await other.close();
  }
});

test("state of the dynamic host is read as it is, and a refresh leaves it as it is", async () => {
  const { inputs } = await plugin.check(await args());
  const { id, outputs } = await plugin.create(inputs);
  const marks = { __provider: "exports.handler=…", __resourceUrn: "urn:pulumi:test::demo::dynamic::erp" };
  const recorded = { inputs: { ...inputs, ...marks, __preview: true }, outputs: { ...outputs, ...marks } };
  const checked = await plugin.check(await args(), recorded.inputs);
  expect(checked.inputs).toEqual(inputs);
  expect(await plugin.diff(recorded, checked.inputs)).toMatchObject({ changes: false, properties: {} });
  expect((await plugin.read(id, recorded)).outputs).toMatchObject(marks);
  expect(await plugin.update(id, recorded.outputs, inputs)).not.toHaveProperty("__provider");
});
