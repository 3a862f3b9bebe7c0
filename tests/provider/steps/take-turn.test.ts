import { claimKey, formatClaim, parseClaim } from "../../../provider/submission-lock/claim";
import { messages, type Recorded, Scene } from "../../../testing/scene";

const KEY = "erp.bak";
let scene: Scene;
let args: { backup: string; pollInterval: string };

beforeEach(async () => {
  scene = await Scene.open();
  // As if the service refused no second task: what keeps us from sending one must not be the service.
  await scene.emulator.rds.setSecondTasks({ become: "accepted" });
  const { bucket } = scene.emulator;
  await scene.emulator.oss.putObject(bucket, KEY, await scene.backup("erp.bak"));
  args = { backup: `oss://${bucket}/${KEY}`, pollInterval: "50ms" };
});
afterEach(() => scene.close());

const place = () => ({
  ...{ bucket: scene.emulator.bucket, objectKey: KEY },
  ...{ instanceId: scene.emulator.instanceId, databaseName: "erp" },
});
const store = () => scene.process().session.store({});
const claims = (): string[] =>
  scene.emulator.oss
    .objects(scene.emulator.bucket)
    .map(({ key }) => key)
    .filter((key) => key.endsWith(".claim"));
const readClaim = async (generation = 1) =>
  parseClaim((await store().getText(scene.emulator.bucket, claimKey(place(), generation)))?.text ?? "");

/** What a run leaves that was killed after it had written its claim. */
async function leaveClaim(taskId?: string): Promise<void> {
  const { instanceId, databaseName } = place();
  const crc64 = scene.emulator.oss.objects(scene.emulator.bucket).find(({ key }) => key === KEY)?.crc64;
  const claim = { instanceId, databaseName, crc64, claimedAt: new Date().toISOString(), writer: "somebody", taskId };
  await store().putText(scene.emulator.bucket, claimKey(place(), 1), formatClaim(claim));
}

const noList = () =>
  scene.emulator.rds.setInstance({ id: scene.emulator.instanceId, unsupportedActions: ["DescribeMigrateTasks"] });

test("a task is claimed before it is asked for, the claim gets its id, and goes when the migration is settled", async () => {
  const submitted = await scene.up({ ...args, wait: "submitted" });
  const actions = scene.emulator.journal.entries.map(({ action }) => action);
  expect(actions.indexOf("PutObject")).toBeLessThan(actions.indexOf("CreateMigrateTask"));
  expect(await readClaim()).toMatchObject({
    ...{ instanceId: scene.emulator.instanceId, databaseName: "erp" },
    ...{ crc64: submitted.outputs.objectCrc64, taskId: submitted.outputs.migrateTaskId },
  });
  const done = await scene.up(args, submitted);
  expect(done.outputs).toMatchObject({ status: "online", warnings: [] });
  expect(claims()).toEqual([]);
});

test("a claim goes when the task has failed, and when the migration is destroyed", async () => {
  await scene.emulator.rds.shapeRestore({ failWith: "Failed to open database erp." });
  await scene.up(args);
  expect(claims()).toEqual([]);

  const crm = await scene.up({ ...args, databaseName: "crm", wait: "submitted" });
  expect(claims()).toHaveLength(1);
  await scene.destroy(crm);
  expect(claims()).toEqual([]);
});

test("of many runs at once one creates the task and the others take it up, though the service would take them all", async () => {
  scene.emulator.faults.add({ match: { action: "CreateMigrateTask" }, effect: { kind: "delay", ms: 200 } });
  const runs = await Promise.all([1, 2, 3, 4].map(() => scene.up(args)));
  expect(scene.requests("CreateMigrateTask")).toHaveLength(1);
  const [task] = await scene.tasks();
  for (const { outputs } of runs) expect(outputs).toMatchObject({ status: "online", migrateTaskId: task?.id });
  const others = runs.filter(({ log }) => /continues migration task/.test(messages(log, "info").join()));
  expect(others).toHaveLength(3);
  expect(claims()).toEqual([]);
});

test("a claim of a killed run is waited out, then followed by one more, and both go in the end", async () => {
  await leaveClaim();
  const { outputs, log } = await scene.up(args);
  const second = scene.requests("PutObject").findIndex(({ detail }) => String(detail.key).endsWith("-2.claim"));
  expect(scene.requests("PutObject")[second]?.request).toBeLessThan(
    scene.requests("CreateMigrateTask")[0]?.request ?? 0,
  );
  expect(messages(log, "status")).toContainEqual(expect.stringContaining("another run that has claimed this backup"));
  expect(outputs.status).toBe("online");
  expect(scene.requests("CreateMigrateTask")).toHaveLength(1);
  expect(claims()).toEqual([]);
});

test("many runs that find a void claim make one task", async () => {
  await leaveClaim();
  const runs = await Promise.all([1, 2, 3].map(() => scene.up(args)));
  expect(runs.map(({ outputs }) => outputs.status)).toEqual(["online", "online", "online"]);
  expect(scene.requests("CreateMigrateTask")).toHaveLength(1);
});

test("a reply that got lost and a list that is slow to show the task make no second one", async () => {
  await scene.emulator.rds.setListDelay({ ms: 800 });
  await scene.emulator.rds.shapeRestore({ holdAt: "restoring" });
  scene.emulator.faults.add({
    match: { action: "CreateMigrateTask" },
    times: 1,
    effect: { kind: "reset", at: "after" },
  });
  const { outputs } = await scene.up({ ...args, wait: "submitted" });
  expect(outputs.migrateTaskId).toBe((await scene.tasks())[0]?.id);
  expect(scene.requests("CreateMigrateTask")).toHaveLength(1);
});

test("members of one instance's migration share a recent list behind their first claims; who follows a void claim looks anew", async () => {
  const process = scene.process();
  const member = (databaseName: string) =>
    scene.up({ ...args, databaseName, deferred: true, wait: "submitted" }, undefined, { process });
  for (const name of ["crm", "hr", "shop"]) expect((await member(name)).outputs.status).toBe("submitted");
  expect(scene.requests("CreateMigrateTask")).toHaveLength(3);
  expect(scene.requests("DescribeMigrateTasks")).toHaveLength(1);
  expect(claims()).toHaveLength(3);

  await leaveClaim();
  expect((await member("erp")).outputs.status).toBe("submitted");
  expect(scene.requests("DescribeMigrateTasks").length).toBeGreaterThan(1);
  expect(scene.requests("CreateMigrateTask")).toHaveLength(4);
});

test("what stands in a claim's place and is none is left there and counts by its age", async () => {
  await store().putText(scene.emulator.bucket, claimKey(place(), 1), "<html>not a claim</html>");
  const { outputs } = await scene.up(args);
  expect(outputs.status).toBe("online");
  expect(scene.requests("CreateMigrateTask")).toHaveLength(1);
});

test("a writer that is held up for too long sends nothing under its claim and begins again", async () => {
  // The first look is the preview's, the second one is that behind the claim.
  scene.emulator.faults.add({ match: { action: "DescribeMigrateTasks" }, nth: 2, effect: { kind: "delay", ms: 950 } });
  const { outputs } = await scene.up(args);
  expect(outputs.status).toBe("online");
  expect(scene.requests("CreateMigrateTask")).toHaveLength(1);
  // Two claims that were written, one that was refused while the first held, and the id of the task.
  const written = scene.requests("PutObject").filter(({ status }) => status === 200);
  expect(written).toHaveLength(3);
  expect(claims()).toEqual([]);
});

describe("an edition that does not list tasks", () => {
  beforeEach(noList);

  test("a task that a killed run created is found by its claim", async () => {
    const lost = await scene.upToRestoring(args);
    // Its database is in the way of a new migration by now; the claim tells that it is this one's.
    const previewed = await scene.preview(args);
    expect(previewed.failures).toEqual([]);
    const taskId = String(lost.outputs.migrateTaskId);
    expect(messages(previewed.log, "info")).toContainEqual(
      expect.stringContaining(`continues migration task ${taskId}`),
    );
    await scene.emulator.rds.clearShapes({});
    const { outputs, log } = await scene.up(args);
    expect(outputs).toMatchObject({ status: "online", migrateTaskId: lost.outputs.migrateTaskId, warnings: [] });
    expect(messages(log, "info")).toContainEqual(expect.stringContaining("by the claim that"));
    expect(scene.requests("CreateMigrateTask")).toHaveLength(1);
  });

  test("a claim without its task stops: only a person can tell, who then says so", async () => {
    await leaveClaim();
    const stopped = await scene.up(args);
    const [key = ""] = claims();
    expect(stopped.failed?.reasons).toEqual([expect.stringMatching(/^CLAIM_UNDECIDED: .*set `adopt` to its id/)]);
    expect(stopped.failed?.reasons[0]).toContain(`oss://${scene.emulator.bucket}/${key}`);
    expect(stopped.failed?.reasons[0]).toContain(
      "its edition does not list migration tasks; there is no database erp.",
    );
    expect(scene.requests("CreateMigrateTask")).toEqual([]);
    // As the remedy says: there is neither a task nor a database, so the claim is deleted by hand.
    scene.emulator.oss.removeObject(scene.emulator.bucket, key);
    expect((await scene.up(args, stopped)).outputs.status).toBe("online");
  });
});

describe("a bucket that may only be read", () => {
  beforeEach(() => {
    scene.emulator.faults.add({
      match: { action: ["PutObject", "DeleteObject"] },
      effect: { kind: "refuse", status: 403, code: "AccessDenied", message: "No." },
    });
  });

  test("is migrated from, with a warning, by the list and the service's refusals alone", async () => {
    const { outputs, log } = await scene.up(args);
    expect(outputs).toMatchObject({ status: "online", warnings: [] });
    expect(messages(log, "warning")).toEqual([expect.stringMatching(/^Nothing may be written to .*oss:PutObject/s)]);
    expect((await scene.up(args)).outputs.migrateTaskId).toBe(outputs.migrateTaskId);
    expect(scene.requests("CreateMigrateTask")).toHaveLength(1);
  });

  test("where there is no list either, the outputs keep the warning", async () => {
    await noList();
    const { outputs } = await scene.up(args);
    expect(outputs).toMatchObject({ status: "online", warnings: [expect.stringContaining("does not list")] });
  });

  test("two runs at once make one task, by the service's own refusal", async () => {
    await scene.emulator.rds.setSecondTasks({ become: "refused" });
    scene.emulator.faults.add({ match: { action: "CreateMigrateTask" }, times: 2, effect: { kind: "delay", ms: 300 } });
    const both = await Promise.all([scene.up(args), scene.up(args)]);
    expect(scene.requests("CreateMigrateTask").map(({ status }) => status)).toEqual([200, 400]);
    expect(both.map(({ outputs }) => outputs.status)).toEqual(["online", "online"]);
  });
});

test("claims that cannot be deleted are named once, and hinder nothing", async () => {
  scene.emulator.faults.add({
    match: { action: "DeleteObject" },
    effect: { kind: "refuse", status: 403, code: "AccessDenied", message: "No." },
  });
  const done: Recorded = await scene.up(args);
  expect(done.outputs).toMatchObject({ status: "online", warnings: [] });
  expect(messages(done.log, "info")).toContainEqual(expect.stringMatching(/claims .* may stay in .*oss:DeleteObject/));
  expect(claims()).toHaveLength(1);
  // The database is dropped on purpose and migrated again: the old claim's task is a thing of the past.
  await scene.emulator.rds.removeDatabase({ instanceId: scene.emulator.instanceId, name: "erp" });
  const again = await scene.replace(args, done);
  expect(again.outputs.status).toBe("online");
  expect(scene.requests("CreateMigrateTask")).toHaveLength(2);
});

test("another stack that names the database is told whose task is at work there, and nothing is sent twice", async () => {
  await scene.emulator.rds.setSecondTasks({ become: "refused" });
  await scene.emulator.rds.shapeRestore({ holdAt: "queued" });
  await scene.up({ ...args, wait: "submitted" });
  const [task] = await scene.tasks();
  const other = await scene.up({ backup: await scene.backup("other.bak", { dataBytes: 131_072 }) });
  expect(other.failed?.reasons).toEqual([
    expect.stringMatching(new RegExp(`^DATABASE_BUSY: .* migration task ${task?.id} \\(NoStart\\)`)),
  ]);
  expect(await scene.tasks()).toHaveLength(1);
});
