import { diff } from "../../../provider/handlers/diff";
import { callOf, Fixture, messages, type Recorded, until } from "../../../testing/fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

const submitted = async (): Promise<Recorded> =>
  fixture.up({ backup: await fixture.backup("erp.bak"), wait: "submitted" });

const ended = (): Promise<void> => until(() => fixture.isTaskAt("succeeded", "failed"));

/** Read-only requests: a refresh never changes anything in the cloud. */
const ACTING = /Create|Terminate|Upload|Initiate|Complete|Abort|Delete|Put/;

/** The engine calls diff once more after a refresh, with olds and news swapped. */
const driftOf = (before: Recorded, after: Recorded) =>
  diff(callOf(fixture.process(), before.inputs).context, after.outputs, before.inputs).changes;

test("updates a submitted migration to restoring, then to online with its end time", async () => {
  await fixture.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const first = await submitted();
  await until(() => fixture.isTaskAt("restoring"));
  const restoring = await fixture.refresh(first);
  expect(restoring.outputs).toMatchObject({ status: "restoring", statusText: "Running" });
  await fixture.emulator.rds.clearShapes({});
  await ended();
  const mark = fixture.mark;
  const online = await fixture.refresh(restoring);
  expect(online.id).toBe(first.id);
  expect(online.outputs).toMatchObject({
    ...first.outputs,
    status: "online",
    finishedAt: expect.any(String),
    statusText: expect.any(String),
  });
  expect(fixture.since(mark).filter((action) => ACTING.test(action))).toEqual([]);
  expect(driftOf(first, online)).toBe(false);
});

test("records a failed task with its remedy, and the next preview is an update", async () => {
  await fixture.emulator.rds.shapeRestore({ failWith: "Failed to open database erp." });
  const first = await submitted();
  await ended();
  const failed = await fixture.refresh(first);
  expect(failed.outputs).toMatchObject({ status: "failed", failure: { code: "TASK_OPEN_FAILED" } });
  expect(driftOf(first, failed)).toBe(true);
  expect(messages(failed.log, "error")).toEqual([expect.stringMatching(/^TASK_OPEN_FAILED: /)]);
  expect(messages((await fixture.refresh(failed)).log, "error")).toEqual([]);
});

test("keeps a failed migration and its failure", async () => {
  await fixture.emulator.rds.shapeRestore({ failWith: "Failed to open database erp." });
  const failed = await fixture.up({ backup: await fixture.backup("erp.bak") });
  const refreshed = await fixture.refresh(failed);
  expect(refreshed.outputs).toEqual(failed.outputs);
});

test("adds the late result of DBCC CHECKDB, once", async () => {
  await fixture.emulator.rds.shapeRestore({ holdAt: "verifying", checkdbFails: true });
  const first = await fixture.up({ backup: await fixture.backup("erp.bak") });
  expect(first.outputs).toMatchObject({ status: "online", warnings: [] });
  await fixture.emulator.rds.clearShapes({});
  await ended();
  const damaged = await fixture.refresh(first);
  expect(damaged.outputs).toMatchObject({ status: "online", warnings: [expect.stringContaining("found damage")] });
  expect(messages(damaged.log, "warning")).toEqual(damaged.outputs.warnings);
  const again = await fixture.refresh(damaged);
  expect(again.outputs).toEqual(damaged.outputs);
  expect(messages(again.log, "warning")).toEqual([]);
});

test("warns later that no account can access the database, once", async () => {
  const { instanceId } = fixture.emulator;
  const first = await fixture.up({ backup: await fixture.backup("erp.bak") });
  expect(first.outputs).toMatchObject({ status: "online", warnings: [] });
  const description =
    "Your RDS doesn't have any init account yet, please create one and grant permissions on RDS console to this migrated database (erp).";
  await fixture.emulator.rds.setTask({ instanceId, taskId: String(first.outputs.migrateTaskId), description });
  const warned = await fixture.refresh(first);
  expect(warned.outputs).toMatchObject({
    status: "online",
    warnings: [expect.stringMatching(/^ONLINE_NO_ACCOUNT: .*init account.*privileged account in the console/s)],
  });
  expect(messages((await fixture.refresh(warned)).log, "warning")).toEqual([]);
});

test("keeps the record when the service has forgotten the task", async () => {
  const { instanceId } = fixture.emulator;
  const done = await fixture.up({ backup: await fixture.backup("erp.bak") });
  await fixture.emulator.rds.removeTask({ instanceId, taskId: String(done.outputs.migrateTaskId) });
  const refreshed = await fixture.refresh(done);
  expect(refreshed).toMatchObject({ id: done.id, outputs: done.outputs });
  expect(messages(refreshed.log, "warning")).toEqual([]);
});

test("keeps the record of a manually dropped database, and reports how to migrate it again", async () => {
  const { instanceId } = fixture.emulator;
  const done = await fixture.up({ backup: await fixture.backup("erp.bak") });
  await fixture.emulator.rds.removeDatabase({ instanceId, name: "erp" });
  const refreshed = await fixture.refresh(done);
  expect(refreshed.id).toBe(done.id);
  expect(refreshed.outputs).toMatchObject({
    status: "online",
    warnings: [expect.stringMatching(/dropped or renamed.*--replace/)],
  });
  expect(messages((await fixture.refresh(refreshed)).log, "warning")).toEqual([]);

  await fixture.emulator.rds.setDatabase({ instanceId, name: "erp" });
  expect((await fixture.refresh(refreshed)).outputs.warnings).toEqual([]);
});

test.each(["online", "submitted"])(
  "a deleted instance removes a migration that is %s from the state",
  async (status) => {
    const known =
      status === "online" ? await fixture.up({ backup: await fixture.backup("erp.bak") }) : await submitted();
    await fixture.emulator.rds.removeInstance({ instanceId: fixture.emulator.instanceId });
    const { id } = await fixture.refresh(known);
    expect(id).toBe("");
  },
);

test("a deleted instance keeps the record of an unfinished upload, which destroy must still abort", async () => {
  const backup = await fixture.backup("erp.bak", { dataBytes: 1_000_000 });
  const known = await fixture.upToUploading({ backup });
  await fixture.emulator.rds.removeInstance({ instanceId: fixture.emulator.instanceId });
  const refreshed = await fixture.refresh(known);
  expect(refreshed).toMatchObject({ id: known.id, outputs: { uploadId: known.outputs.uploadId } });
  await fixture.destroy(refreshed);
  expect(fixture.emulator.oss.uploads()).toEqual([]);
});

test.each([
  ["the permission is missing", { kind: "refuse", status: 403, code: "Forbidden.RAM" }],
  ["the reply is a proxy's page", { kind: "html", status: 502 }],
] as const)("keeps what is known when %s, and says so", async (_, effect) => {
  const done = await submitted();
  fixture.emulator.faults.add({ match: { service: "rds" }, effect });
  const refreshed = await fixture.refresh(done);
  expect(refreshed).toMatchObject({ id: done.id, outputs: done.outputs });
  expect(messages(refreshed.log, "warning")).toEqual([
    expect.stringMatching(/^not refreshed; the last known state is kept/),
  ]);
});

test("records that a timed-out upload is complete by now", async () => {
  const { bucket } = fixture.emulator;
  const backup = await fixture.backup("erp.bak", { dataBytes: 1_000_000 });
  const known = await fixture.upToUploading({ backup });
  expect(known.outputs.status).toBe("uploading");
  await fixture.emulator.oss.putObject(bucket, String(known.outputs.objectKey), backup);
  const refreshed = await fixture.refresh(known);
  expect(refreshed.outputs.status).toBe("uploaded");
  expect(refreshed.outputs).not.toHaveProperty("uploadId");
});

test("fifty migrations into one instance are refreshed with one list", async () => {
  const first = await submitted();
  // The service's times have whole seconds: only after this pause is a list certain to be newer than the end.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const process = fixture.process();
  const mark = fixture.mark;
  const all = await Promise.all(Array.from({ length: 50 }, () => fixture.refresh(first, process)));
  expect(all.every(({ outputs }) => outputs.status === "online")).toBe(true);
  expect(fixture.since(mark)).toEqual(["rds:DescribeMigrateTasks", "rds:DescribeDatabases"]);
});
