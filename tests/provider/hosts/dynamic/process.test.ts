import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PlainObject } from "../../../../provider/model/plain";
import {
  BUCKET_UPLOADS_PROVIDER_TEXT,
  CUTOVER_GROUP_PROVIDER_TEXT,
  OUTCOME_PROVIDER_TEXT,
  PROVIDER_TEXT,
  VERIFICATION_PROVIDER_TEXT,
} from "../../../../provider/model/provider-text";
import { markNames } from "../../../../provider/model/state-format";
import { baselineText, PLAIN_CONTENTS, PLAIN_DATABASE } from "../../../../testing/baseline/baseline-text";
import { Fixture, URN, until } from "../../../../testing/fixture";
import { type EngineServer, startEngineServer } from "../../support/engine-server";
import { type Failed, ProviderProcess, REPOSITORY } from "../../support/provider-process";

let fixture: Fixture;
let engine: EngineServer;
let started: ProviderProcess[];

beforeEach(async () => {
  fixture = await Fixture.open();
  engine = await startEngineServer();
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((provider) => provider.kill()));
  engine.vanish();
  await fixture.close();
});

/** Keys and region come from the stack's configuration, as the engine sends it: decrypted, all namespaces. */
async function start(config: PlainObject = {}): Promise<ProviderProcess> {
  const { endpoint, region, accessKeyId, accessKeySecret } = fixture.emulator;
  const environment = {
    ALIBABA_CLOUD_ENDPOINT_RDS: endpoint,
    ALIBABA_CLOUD_ENDPOINT_OSS: endpoint,
    ALIBABA_CLOUD_ENDPOINT_RAM: endpoint,
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
  };
  const provider = await ProviderProcess.start(engine.address, environment, {
    "demo:size": "small",
    "alicloud:region": region,
    "alicloud:accessKey": accessKeyId,
    "alicloud:secretKey": accessKeySecret,
    ...config,
  });
  started.push(provider);
  return provider;
}

/** Inputs as the resource class sends them. */
const args = async (more: PlainObject = {}): Promise<PlainObject> =>
  markNames(fixture.args({ backup: await fixture.backup("erp.bak"), __provider: PROVIDER_TEXT, ...more }));

const failureOf = async (call: Promise<unknown>): Promise<Failed> =>
  call.then(
    () => ({ message: "nothing failed" }),
    (failed: Failed) => failed,
  );

test("the state holds this constant text, without a path of a machine", () => {
  // Changing it would show a change of every existing migration: see provider-text.ts.
  expect(PROVIDER_TEXT).toBe(
    'exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-alicloud-sqlserver-migration/provider")',
  );
  expect(Buffer.byteLength(PROVIDER_TEXT)).toBeLessThanOrEqual(200);
  expect(BUCKET_UPLOADS_PROVIDER_TEXT).toBe(PROVIDER_TEXT.replace(/\/provider"\)$/, '/provider/bucket-uploads")'));
  expect(OUTCOME_PROVIDER_TEXT).toBe(PROVIDER_TEXT.replace(/\/provider"\)$/, '/provider/outcome")'));
  expect(VERIFICATION_PROVIDER_TEXT).toBe(PROVIDER_TEXT.replace(/\/provider"\)$/, '/provider/verification")'));
});

test("the whole lifecycle: check, create, diff, refresh, destroy, and an empty id when the instance is deleted", async () => {
  const provider = await start();
  const { inputs, failures } = await provider.check({}, await args());
  expect(failures).toEqual([]);
  const { id, outputs } = await provider.create(inputs);
  expect(id).toBe(`${fixture.emulator.instanceId}/erp`);
  expect(outputs).toMatchObject({ status: "online", __provider: PROVIDER_TEXT });

  const again = await provider.check(inputs, await args());
  expect(await provider.diff(id, outputs, again.inputs)).toEqual({ changes: false, replaces: [] });

  const read = await provider.read(id, outputs);
  expect(read).toMatchObject({ id, outputs: { status: "online", warnings: [], __provider: PROVIDER_TEXT } });
  await provider.delete(id, outputs);
  expect(await fixture.databases()).toMatchObject([{ name: "erp", status: "Running" }]);

  const rows = engine.rows.filter(({ severity }) => severity !== "debug");
  expect(new Set(rows.map(({ urn }) => urn))).toEqual(new Set([URN]));
  expect(rows.filter(({ ephemeral }) => ephemeral).map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^uploading: \d+ % of/),
  );
  expect(rows.filter(({ ephemeral }) => !ephemeral).map(({ message }) => message)).toEqual([
    expect.stringMatching(/^not checked: the source.s collation/),
    expect.stringMatching(/^uploaded, /),
    expect.stringMatching(/^created migration task /),
    expect.stringMatching(/^erp stays on rm-\S+: only the record of its migration is deleted$/),
  ]);

  await fixture.emulator.rds.removeInstance({ instanceId: fixture.emulator.instanceId });
  // The process above caches facts for a minute; the next refresh is its own run in its own process.
  expect((await (await start()).read(id, outputs)).id).toBe("");
});

test("the retries of a call appear in the row of the resource whose handler waits for it", async () => {
  const provider = await start();
  fixture.emulator.faults.add({
    match: { action: "DescribeDBInstanceAttribute" },
    times: 3,
    effect: { kind: "refuse", status: 503, code: "ServiceUnavailable" },
  });
  const { failures } = await provider.check({}, await args());
  expect(failures).toEqual([]);
  const retries = engine.rows.filter(({ message }) => message.startsWith("RDS: retry 2 of 6 of "));
  expect(retries).toMatchObject([{ urn: URN, ephemeral: false }]);
});

test("the warnings of diff are logged after a check, and not at a refresh, which has none", async () => {
  const provider = await start();
  const failure = { code: "TASK_FAILED", cause: "cause", remedy: "", retry: "never", retryable: false };
  const inputs = await args({ databaseName: "erp" });
  const outputs = { ...inputs, status: "failed", migrateTaskId: "7", warnings: [], failure };
  await provider.diff("rm-1/erp", outputs, inputs);
  expect(engine.rows).toEqual([]);
  await provider.check(inputs, inputs);
  await provider.diff("rm-1/erp", outputs, inputs);
  expect(engine.rows.map(({ message }) => message)).toContainEqual(expect.stringMatching(/^TASK_FAILED: cause/));
});

test("two concurrent first calls both get the configuration", async () => {
  const provider = await start();
  const crm = await fixture.backup("crm.bak", { databaseName: "crm" });
  const both = await Promise.all([
    provider.check({}, await args()),
    provider.check({}, await args({ backup: crm, resourceUrn: `${URN}2` })),
  ]);
  expect(both.map(({ failures }) => failures)).toEqual([[], []]);
  // Without the keys of the configuration it would warn: not checked.
  expect(engine.rows.filter(({ severity }) => severity === "warning")).toEqual([]);
  expect(fixture.requests("DescribeDBInstanceAttribute")).toHaveLength(1);
});

test("migrations and their outcome, each with its own provider module, share one session", async () => {
  const provider = await start();
  const member = await args({ databaseName: "erp", deferred: true, bucket: "UPPER" });
  expect((await provider.check({}, member)).failures).toEqual([]);
  const outcome = {
    ...{ instanceId: fixture.emulator.instanceId, __preview: true, __provider: OUTCOME_PROVIDER_TEXT },
    __resourceUrn: URN.replace("DatabaseMigration::erp", "MigrationOutcome::erp-outcome"),
    members: [{ name: "erp", database: "erp", status: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }],
  };
  const { failures } = await provider.check({}, outcome);
  expect(failures).toEqual([expect.stringMatching(/^INSTANCE_FINDINGS: 1 of 1 .*erp: INPUT_INVALID/s)]);
  expect(engine.rows).toContainEqual(expect.objectContaining({ severity: "error", urn: URN }));
});

test("an init error has the properties that the engine saves, update continues from them, and no error has a stack or a path", async () => {
  const provider = await start();
  await fixture.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const { inputs } = await provider.check({}, await args({ timeout: "2s" }));
  const { init } = await failureOf(provider.create(inputs));
  expect(init).toMatchObject({
    id: `${fixture.emulator.instanceId}/erp`,
    properties: { status: "restoring", migrateTaskId: (await fixture.tasks())[0]?.id, __provider: PROVIDER_TEXT },
    reasons: [expect.stringContaining("not finished within 2s")],
  });
  const { id, properties } = init ?? { id: "", properties: {} };

  await fixture.emulator.rds.forbidAction({ action: "*" });
  const failures = [
    await failureOf(provider.delete(id, { ...properties, onDestroy: "stop" })),
    await failureOf(provider.create(await args({ bucket: "UPPER" }))),
    await failureOf(provider.create(await args({ adopt: "1", databaseName: "erp" }))),
  ];
  expect(failures.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^NOT_AUTHORIZED: /),
    expect.stringMatching(/^INPUT_INVALID: \[bucket\]/),
    expect.stringMatching(/^NOT_AUTHORIZED: /),
  ]);
  const output = [...failures.map(({ message }) => message), ...provider.printed].join("\n");
  expect(output).not.toContain(REPOSITORY);
  expect(output).not.toMatch(/^\s+at /m);

  await fixture.emulator.rds.allowActions({});
  await fixture.emulator.rds.clearShapes({});
  const outputs = await provider.update(id, properties, { ...inputs, timeout: "20s" });
  expect(outputs).toMatchObject({ status: "online", __provider: PROVIDER_TEXT });
});

test("an update that throws any other error is an init error with the recorded outputs, also those of a newer version", async () => {
  const provider = await start();
  const { inputs } = await provider.check({}, await args({ wait: "submitted" }));
  const { id, outputs } = await provider.create(inputs);
  const groupInputs = {
    ...{ members: [], __provider: CUTOVER_GROUP_PROVIDER_TEXT, __resourceUrn: `${URN}-group` },
  };
  const group = { status: "waiting", opened: [], __provider: CUTOVER_GROUP_PROVIDER_TEXT };
  const newer = { ...outputs, __stateVersion: 3, later: "kept" };
  const failures = [
    await failureOf(provider.update(id, outputs, { ...inputs, bucket: "UPPER" })),
    await failureOf(provider.update(id, newer, inputs)),
    await failureOf(provider.update("cutover", group, groupInputs)),
  ];
  expect(failures).toMatchObject([
    { init: { id, properties: outputs, reasons: [expect.stringMatching(/^INPUT_INVALID: \[bucket\]/)] } },
    { init: { id, properties: newer, reasons: [expect.stringMatching(/^STATE_NEWER: /)] } },
    { init: { id: "cutover", properties: group, reasons: [expect.stringMatching(/^INPUT_INVALID: \[members\]/)] } },
  ]);
  // The outputs are those before the update, so the same change is still due.
  const changed = await provider.diff(id, failures[0]?.init?.properties ?? {}, { ...inputs, wait: "finished" });
  expect(changed).toEqual({ changes: true, replaces: [] });
});

test("outputs that the native plugin wrote are rewritten once, so that refresh and destroy find the provider in them", async () => {
  const provider = await start();
  const { inputs } = await provider.check({}, await args());
  const { id, outputs } = await provider.create(inputs);
  const { __provider, __resourceUrn, ...native } = outputs;
  const again = await provider.check(inputs, await args());
  expect(await provider.diff(id, native, again.inputs)).toEqual({ changes: true, replaces: [] });
  const tasks = fixture.requests("DescribeMigrateTasks").length;
  const rewritten = await provider.update(id, native, again.inputs);
  expect(rewritten).toEqual(outputs);
  expect(fixture.requests("DescribeMigrateTasks")).toHaveLength(tasks);
  expect(await provider.diff(id, rewritten, again.inputs)).toEqual({ changes: false, replaces: [] });
});

test("a verification needs no credentials, and its state marks the inputs that check adds", async () => {
  const provider = await start({ "alicloud:accessKey": "", "alicloud:secretKey": "" });
  const paths = ["baseline.json", "verify.json"].map((name) => join(fixture.folder, name));
  for (const path of paths) writeFileSync(path, baselineText([PLAIN_DATABASE, PLAIN_CONTENTS]));
  const urn = URN.replace("DatabaseMigration", "MigrationVerification");
  const program = markNames({
    ...{ source: paths[0], target: paths[1], resourceUrn: urn, __provider: VERIFICATION_PROVIDER_TEXT },
  });
  const { inputs, failures } = await provider.check({}, program);
  expect(failures).toEqual([]);
  const { id, outputs } = await provider.create(inputs);
  expect(id).toBe("erp");
  const digest = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(outputs).toMatchObject({ __sourceDigest: digest, __targetDigest: digest, counts: { databases: 1 } });
  expect(await provider.diff(id, outputs, inputs)).toEqual({ changes: false, replaces: [] });
  expect((await provider.read(id, outputs)).outputs).toEqual(outputs);

  writeFileSync(paths[1] ?? "", baselineText([{ ...PLAIN_DATABASE, state: "OFFLINE" }]));
  const changed = await provider.check(inputs, program);
  expect(await provider.diff(id, outputs, changed.inputs)).toEqual({ changes: true, replaces: [] });
  const { init } = await failureOf(provider.update(id, outputs, changed.inputs));
  expect(init).toMatchObject({ properties: outputs, reasons: [expect.stringMatching(/^VERIFICATION_FAILED: /)] });
  await provider.delete(id, outputs);
});

test("no output and no state contains a secret of the configuration", async () => {
  const [right, wrong] = await Promise.all([
    start(),
    start({ "alicloud:secretKey": "PLANTED-SECRET-0123456789", "alicloud:securityToken": "PLANTED-TOKEN-0123456789" }),
  ]);
  const { inputs } = await right.check({}, await args());
  const { outputs } = await right.create(inputs);
  const { failures } = await wrong.check({}, await args({ resourceUrn: `${URN}2` }));
  expect(failures.length).toBeGreaterThan(0);
  const refused = await failureOf(wrong.delete("x", { ...outputs, uploadId: "U" }));
  expect(refused.message).toMatch(/^OSS_CREDENTIALS_/);
  const output = JSON.stringify([inputs, outputs, failures, refused, engine.rows, right.printed, wrong.printed]);
  for (const secret of [fixture.emulator.accessKeySecret, "PLANTED-SECRET", "PLANTED-TOKEN"]) {
    expect(output).not.toContain(secret);
  }
});

test("when the engine has exited, a waiting provider ends within ten seconds, and so does an idle one", async () => {
  const [waiting, idle] = await Promise.all([start(), start()]);
  await fixture.emulator.rds.shapeRestore({ holdAt: "restoring" });
  await idle.check({}, await args({ resourceUrn: `${URN}2` }));
  const { inputs } = await waiting.check({}, await args());
  const creating = failureOf(waiting.create(inputs));
  await until(() => fixture.isTaskAt("restoring"));
  engine.vanish();
  const [waitingMs, idleMs] = await Promise.all([waiting.exited(), idle.exited()]);
  expect(waitingMs).toBeLessThan(10_000);
  expect(idleMs).toBeLessThan(10_000);
  expect((await creating).init?.properties).toMatchObject({ migrateTaskId: (await fixture.tasks())[0]?.id });
});

test("after SIGINT it returns its state and exits before the engine would kill it", async () => {
  const provider = await start();
  await fixture.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const { inputs } = await provider.check({}, await args());
  const creating = failureOf(provider.create(inputs));
  await until(() => fixture.isTaskAt("restoring"));
  const began = Date.now();
  provider.signal("SIGINT");
  const { init } = await creating;
  expect(init).toMatchObject({
    properties: { migrateTaskId: (await fixture.tasks())[0]?.id, __provider: PROVIDER_TEXT },
    reasons: [expect.stringContaining("stopped by SIGINT")],
  });
  await provider.exited();
  expect(Date.now() - began).toBeLessThan(5_000);
});
