import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version as alicloudVersion } from "@pulumi/alicloud/package.json";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ConfigureRequest, ConstructRequest, type ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { compiledFile } from "../../../engine/repository";
import { version } from "../../../package.json";
import { ALICLOUD_VERSION } from "../../../plugin/construct/alicloud-by-token";
import { pluginDownloadURL } from "../../../plugin/schema.json";
import { grpc } from "../../../provider/hosts/sdk-grpc";
import { UNKNOWN_VALUE } from "../../../provider/model/unknown";
import { type RecordingMonitor, startMonitor } from "./recording-monitor";

const PROVIDERS = "urn:pulumi:test::demo::pulumi:providers:";
const OWN = `${PROVIDERS}sqlserver-migration::default::1`;
const OTHER = `${PROVIDERS}sqlserver-migration::second::2`;
const ALICLOUD = `${PROVIDERS}alicloud::main::3`;

let monitor: RecordingMonitor;
let plugin: ChildProcess;
let client: ResourceProviderClient;
beforeAll(async () => {
  monitor = await startMonitor();
  // A process of its own: jest counts every unhandled rejection as a failure of the test.
  plugin = spawn(process.execPath, [compiledFile("plugin/main.js"), monitor.address], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await once(plugin.stdout as NodeJS.ReadableStream, "data");
  client = new ResourceProviderClient(`127.0.0.1:${String(port).trim()}`, grpc.credentials.createInsecure());
  const [urn = "", id = ""] = OWN.split(/::(?=\d$)/);
  const request = new ConfigureRequest().setUrn(urn).setId(id).setArgs(Struct.fromJavaScript({}));
  await new Promise<void>((resolve, reject) =>
    client.configure(request, (error) => (error ? reject(error) : resolve())),
  );
});
afterAll(() => {
  client.close();
  plugin.kill();
  monitor.close();
});
beforeEach(() => {
  monitor.registered.length = 0;
  monitor.logged.length = 0;
  monitor.refused.clear();
  monitor.recorded.clear();
});

interface Options {
  dryRun?: boolean;
  providers?: Record<string, string>;
  dependencies?: Record<string, string[]>;
}

function start(type: string, name: string, inputs: Record<string, unknown>, options: Options = {}) {
  const request = new ConstructRequest();
  request.setType(`sqlserver-migration:index:${type}`);
  request.setName(name);
  request.setOrganization("acme");
  request.setProject("demo");
  request.setStack("test");
  request.setParallel(16);
  request.setDryrun(options.dryRun ?? false);
  request.setMonitorendpoint(monitor.address);
  request.setInputs(Struct.fromJavaScript(inputs as Record<string, JavaScriptValue>));
  for (const [key, reference] of Object.entries(options.providers ?? {})) request.getProvidersMap().set(key, reference);
  for (const [key, urns] of Object.entries(options.dependencies ?? {})) {
    const dependencies = new ConstructRequest.PropertyDependencies();
    dependencies.setUrnsList(urns);
    request.getInputdependenciesMap().set(key, dependencies);
  }
  return new Promise<ConstructResponse>((resolve, reject) =>
    client.construct(request, (error, response) => (error ? reject(new Error(error.details)) : resolve(response))),
  );
}

const stateOf = (response: ConstructResponse) => response.getState()?.toJavaScript() ?? {};
const inputsOf = (request: RegisterResourceRequest | undefined) => request?.getObject()?.toJavaScript() ?? {};
const child = (type: string) => monitor.registered.find((request) => request.getType().endsWith(type));

/** An instance whose only database is an object of a bucket: nothing is read before the preview. */
const INSTANCE = {
  instanceId: "rm-1",
  bucketName: "backups",
  backups: [{ database: "erp", backup: "oss://backups/erp.bak" }],
};

test("an InstanceMigration returns its outputs; its children carry the package's release and go to the component's provider", async () => {
  const response = await start("InstanceMigration", "sql", INSTANCE);
  expect(response.getUrn()).toBe("urn:pulumi:test::demo::sqlserver-migration:index:InstanceMigration::sql");
  expect(Object.keys(stateOf(response)).sort()).toEqual(["counts", "databases", "failures", "skipped", "summary"]);
  const migration = child(":DatabaseMigration");
  expect(inputsOf(migration)).toMatchObject({ instanceId: "rm-1", bucket: "backups", databaseName: "erp" });
  for (const request of monitor.registered.slice(1))
    expect([request.getVersion(), request.getPlugindownloadurl(), request.getProvider()]).toEqual([
      version,
      pluginDownloadURL,
      OWN,
    ]);
});

test("an InstanceMigration takes the share of a runner, and keeps what has begun in its stack", async () => {
  const AT = "2026-12-04T14:00:00.000Z";
  const times = { waveStartsAt: AT, waveEndsAt: AT, submitAt: AT, restoreAt: AT, endAt: AT };
  const item = { version: 1, wave: 1, windowOpensAt: AT, ...times };
  const runners = { crm: 1, erp: 2, hr: 1 };
  const folder = mkdtempSync(join(tmpdir(), "construct-"));
  const plan = join(folder, "plan.json");
  writeFileSync(
    plan,
    JSON.stringify(Object.entries(runners).map(([database, runner]) => ({ ...item, database, runner }))),
  );
  const type = "sqlserver-migration:index:DatabaseMigration";
  monitor.recorded.set(`urn:pulumi:test::demo::${type}::sql-crm`, { type, outputs: { status: "online" } });
  const backups = Object.keys(runners).map((database) => ({ database, backup: `oss://backups/${database}.bak` }));
  await start("InstanceMigration", "sql", { ...INSTANCE, backups, waves: { plan, runner: 2 } });
  rmSync(folder, { recursive: true });
  const migrations = monitor.registered.filter((request) => request.getType() === type);
  expect(migrations.map((request) => request.getName()).sort()).toEqual(["sql-crm", "sql-erp"]);
});

test("the providers of the program take precedence, also for alicloud resources", async () => {
  const providers = { "sqlserver-migration": OTHER, alicloud: ALICLOUD };
  const response = await start("MigrationBucket", "backups", { forceDestroy: true }, { providers });
  expect(stateOf(response)).toEqual({ bucketName: "backups-id" });
  const bucket = child("oss/bucket:Bucket");
  expect([bucket?.getProvider(), bucket?.getVersion()]).toEqual([ALICLOUD, ALICLOUD_VERSION]);
  expect(child(":BucketUploads")?.getProvider()).toBe(OTHER);
});

test("alicloud resources are registered with the version that the tests use, or that of the program", async () => {
  expect(ALICLOUD_VERSION).toBe(alicloudVersion);
  await start("MigrationBucket", "backups", { alicloudVersion: "3.1.0" });
  expect(child("oss/bucket:Bucket")?.getVersion()).toBe("3.1.0");
});

test("a MigrationAccess creates the role and grants the policy of its instance and bucket", async () => {
  const inputs = { createRole: true, instanceId: "rm-1", bucketName: "backups", grantTo: { userName: "ci" } };
  const response = await start("MigrationAccess", "access", inputs);
  const types = monitor.registered.map((request) => request.getType().split(":").at(-1)).sort();
  expect(types).toEqual(["MigrationAccess", "Policy", "Role", "RolePolicyAttachment", "UserPolicyAttachment"]);
  expect(stateOf(response).policy).toMatch(/rm-1/);
  expect(inputsOf(child("userPolicyAttachment:UserPolicyAttachment"))).toMatchObject({ userName: "ci" });
  expect(inputsOf(child("ram/policy:Policy"))).toMatchObject({ policyName: "demo-test-access" });
});

test("a failing child fails its construction only, and another one at the same time completes", async () => {
  monitor.refused.set("Bucket bad", "the name is taken");
  const [bad, good] = await Promise.allSettled([
    start("MigrationBucket", "bad", {}),
    start("InstanceMigration", "good", INSTANCE),
  ]);
  expect(bad).toMatchObject({ status: "rejected", reason: { message: expect.stringMatching("the name is taken") } });
  expect(good.status).toBe("fulfilled");
  expect((await start("MigrationBucket", "next", {})).getUrn()).toMatch(/::next$/);
  expect(monitor.logged.join()).not.toMatch("taken");
});

test("constructions at the same time keep their own preview flag", async () => {
  const [preview, update] = await Promise.all([
    start("InstanceMigration", "preview", { ...INSTANCE, bucketName: UNKNOWN_VALUE }, { dryRun: true }),
    start("InstanceMigration", "update", INSTANCE),
  ]);
  const byName = (name: string) => monitor.registered.find((request) => request.getName() === name);
  expect(inputsOf(byName("preview-erp"))).toMatchObject({ bucket: UNKNOWN_VALUE, __mayNotExistYet: true });
  expect(inputsOf(byName("update-erp"))).not.toHaveProperty("__mayNotExistYet");
  expect([preview.getUrn(), update.getUrn()].map((urn) => urn.split("::").at(-1))).toEqual(["preview", "update"]);
});

test("migrations depend on the role of `access`, which may be missing while its ARN is unknown", async () => {
  const access = "urn:pulumi:test::demo::sqlserver-migration:index:MigrationAccess::access";
  const options = { dependencies: { access: [access] } };
  await start("InstanceMigration", "first", { ...INSTANCE, access: UNKNOWN_VALUE }, { ...options, dryRun: true });
  expect(child(":DatabaseMigration")?.getDependenciesList()).toEqual([access]);
  expect(inputsOf(child(":DatabaseMigration"))).toMatchObject({ __roleMayNotExistYet: true });
  monitor.registered.length = 0;
  await start("InstanceMigration", "first", { ...INSTANCE, access: "acs:ram::1:role/r" }, { ...options, dryRun: true });
  expect(child(":DatabaseMigration")?.getDependenciesList()).toEqual([access]);
  expect(inputsOf(child(":DatabaseMigration"))).not.toHaveProperty("__roleMayNotExistYet");
});

test.each([
  ["backups", { ...INSTANCE, backups: UNKNOWN_VALUE }, /^INPUT_INVALID: \[backups\] is not known/],
  ["backup of a list", { ...INSTANCE, backups: [UNKNOWN_VALUE] }, /^INPUT_INVALID: \[backups\] is not known/],
  ["a misspelt argument", { ...INSTANCE, bucket: "b" }, /^INPUT_INVALID: \[bucket\] is not an argument/],
  ["a missing argument", { backups: "./x", bucketName: "b" }, /^INPUT_INVALID: \[instanceId\] is missing/],
  ["a folder that is missing", { ...INSTANCE, backups: "/no/such" }, /^BACKUPS_FOLDER_MISSING: /],
])("%s: the construction fails with a message that names it", async (_what, inputs, message) => {
  await expect(start("InstanceMigration", "sql", inputs, { dryRun: true })).rejects.toThrow(message);
});
