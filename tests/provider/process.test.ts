import type { PlainObject } from "../../provider/host/plain";
import { PROVIDER_TEXT } from "../../provider/provider-text";
import { type EngineServer, startEngineServer } from "./support/engine-server";
import { type Failed, ProviderProcess, REPOSITORY } from "./support/provider-process";
import { Scene, URN, until } from "./support/scene";

let scene: Scene;
let engine: EngineServer;
let provider: ProviderProcess;

/** Keys and region come from the stack's configuration here, as the engine sends it: decrypted, all namespaces. */
const config = (): PlainObject => ({
  "demo:size": "small",
  "alicloud:region": scene.emulator.region,
  "alicloud:accessKey": scene.emulator.accessKeyId,
  "alicloud:secretKey": scene.emulator.accessKeySecret,
});

const environment = (): NodeJS.ProcessEnv => ({
  ALIBABA_CLOUD_ENDPOINT_RDS: scene.emulator.endpoint,
  ALIBABA_CLOUD_ENDPOINT_OSS: scene.emulator.endpoint,
  ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
});

beforeEach(async () => {
  scene = await Scene.open();
  engine = await startEngineServer();
  provider = await ProviderProcess.start(engine.address, environment(), config());
});
afterEach(async () => {
  await provider.kill();
  engine.vanish();
  await scene.close();
});

const args = async (more: PlainObject = {}): Promise<PlainObject> =>
  scene.args({ backup: await scene.backup("erp.bak"), __provider: PROVIDER_TEXT, ...more });

/** Check without an earlier state, then create. */
async function create(more: PlainObject = {}): Promise<{ id: string; inputs: PlainObject; outputs: PlainObject }> {
  const { inputs, failures } = await provider.check({}, await args(more));
  expect(failures).toEqual([]);
  return { inputs, ...(await provider.create(inputs)) };
}

const failureOf = async (call: Promise<unknown>): Promise<Failed> =>
  call.then(
    () => ({ message: "nothing failed" }),
    (failed: Failed) => failed,
  );

test("what is written to state is this text: short, without a path of any machine, the same for ever", () => {
  // Changing it shows up as a change of every migration that anybody has: see provider-text.ts.
  expect(PROVIDER_TEXT).toBe(
    'exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-alicloud-sqlserver-migration/provider")',
  );
  expect(Buffer.byteLength(PROVIDER_TEXT)).toBeLessThanOrEqual(200);
});

test("a whole life: check, create, diff, refresh, destroy", async () => {
  const { id, inputs, outputs } = await create();
  expect(id).toBe(`${scene.emulator.instanceId}/erp`);
  expect(outputs).toMatchObject({ status: "online", __provider: PROVIDER_TEXT });

  const again = await provider.check(inputs, await args());
  expect(await provider.diff(id, outputs, again.inputs)).toEqual({ changes: false, replaces: [] });

  const read = await provider.read(id, outputs);
  expect(read).toEqual({ id, outputs });
  await provider.delete(id, outputs);
  expect(await scene.databases()).toMatchObject([{ name: "erp", status: "Running" }]);

  const rows = engine.rows.filter(({ severity }) => severity !== "debug");
  expect(new Set(rows.map(({ urn }) => urn))).toEqual(new Set([URN]));
  expect(rows.filter(({ ephemeral }) => ephemeral).map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^uploading \d+ % of/),
  );
  expect(rows.filter(({ ephemeral }) => !ephemeral).map(({ message }) => message)).toEqual([
    expect.stringMatching(/^uploaded /),
    expect.stringMatching(/^created migration task /),
  ]);

  await scene.emulator.rds.removeInstance({ instanceId: scene.emulator.instanceId });
  expect((await provider.read(id, outputs)).id).toBe("");
});

test("two first calls at once both see the configuration", async () => {
  const crm = await scene.backup("crm.bak", { databaseName: "crm" });
  const both = await Promise.all([
    provider.check({}, await args()),
    provider.check({}, await args({ backup: crm, resourceUrn: `${URN}2` })),
  ]);
  expect(both.map(({ failures }) => failures)).toEqual([[], []]);
  // Without the keys of the configuration it would have warned: not checked.
  expect(engine.rows.filter(({ severity }) => severity === "warning")).toEqual([]);
  expect(scene.requests("DescribeDBInstanceAttribute")).toHaveLength(1);
});

test("an init error arrives with what the engine saves, and update goes on from it", async () => {
  await scene.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const { inputs } = await provider.check({}, await args({ timeout: "2s" }));
  const { init } = await failureOf(provider.create(inputs));
  expect(init).toMatchObject({
    id: `${scene.emulator.instanceId}/erp`,
    properties: { status: "restoring", migrateTaskId: (await scene.tasks())[0]?.id, __provider: PROVIDER_TEXT },
    reasons: [expect.stringContaining("not finished within 2s")],
  });
  await scene.emulator.rds.clearShapes({});
  const news = { ...inputs, timeout: "20s" };
  const outputs = await provider.update(init?.id ?? "", init?.properties ?? {}, news);
  expect(outputs).toMatchObject({ status: "online", __provider: PROVIDER_TEXT });
});

test("errors carry no stack and no path of this machine", async () => {
  await scene.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const { id, outputs } = await create({ wait: "submitted", onDestroy: "stop" });
  await scene.emulator.rds.forbidAction({ action: "*" });
  const failures = [
    await failureOf(provider.delete(id, outputs)),
    await failureOf(provider.create(await args({ bucket: "UPPER" }))),
    await failureOf(provider.create(await args({ adopt: "1", databaseName: "erp" }))),
  ];
  expect(failures.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^NOT_AUTHORIZED: /),
    expect.stringMatching(/^INPUT_INVALID: \[bucket\]/),
    expect.stringMatching(/^NOT_AUTHORIZED: /),
  ]);
  const said = [...failures.map(({ message }) => message), ...provider.printed].join("\n");
  expect(said).not.toContain(REPOSITORY);
  expect(said).not.toMatch(/^\s+at /m);
});

test("nothing that it says or keeps holds a secret", async () => {
  const { outputs } = await create();
  const wrong = await ProviderProcess.start(engine.address, environment(), {
    ...config(),
    "alicloud:secretKey": "PLANTED-SECRET-0123456789",
    "alicloud:securityToken": "PLANTED-TOKEN-0123456789",
  });
  try {
    const { failures } = await wrong.check({}, await args({ resourceUrn: `${URN}2` }));
    const refused = await failureOf(wrong.read("x", { ...outputs, status: "restoring" }));
    const kept = [outputs, failures, refused, engine.rows, provider.printed, wrong.printed];
    const said = JSON.stringify(kept);
    for (const secret of [scene.emulator.accessKeySecret, "PLANTED-SECRET", "PLANTED-TOKEN"]) {
      expect(said).not.toContain(secret);
    }
    expect(failures.length).toBeGreaterThan(0);
  } finally {
    await wrong.kill();
  }
});

test("when the engine is gone, a provider that waits ends within ten seconds, and so does an idle one", async () => {
  await scene.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const idle = await ProviderProcess.start(engine.address, environment(), config());
  try {
    await idle.check({}, await args({ resourceUrn: `${URN}2` }));
    const { inputs } = await provider.check({}, await args());
    const waiting = failureOf(provider.create(inputs));
    await until(() => scene.requests("CreateMigrateTask").length > 0);
    engine.vanish();
    const [workingMs, idleMs] = await Promise.all([provider.exited(), idle.exited()]);
    expect(workingMs).toBeLessThan(10_000);
    expect(idleMs).toBeLessThan(10_000);
    expect((await waiting).init?.properties).toMatchObject({ migrateTaskId: (await scene.tasks())[0]?.id });
  } finally {
    await idle.kill();
  }
});

test("SIGINT makes it return its state and end, before the engine would kill it", async () => {
  await scene.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const { inputs } = await provider.check({}, await args());
  const waiting = failureOf(provider.create(inputs));
  await until(async () => (await scene.tasks())[0]?.stage === "restoring");
  const began = Date.now();
  provider.signal("SIGINT");
  const { init } = await waiting;
  expect(init).toMatchObject({
    properties: { migrateTaskId: (await scene.tasks())[0]?.id, __provider: PROVIDER_TEXT },
    reasons: [expect.stringContaining("stopped by SIGINT")],
  });
  await provider.exited();
  expect(Date.now() - began).toBeLessThan(5_000);
});
