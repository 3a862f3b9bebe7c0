import { formatLock, lockKey, parseLock } from "../../../provider/submission-lock/lock";
import { Fixture, messages, type Recorded } from "../../../testing/fixture";

const KEY = "erp.bak";
let fixture: Fixture;
let args: { backup: string; pollInterval: string };

beforeEach(async () => {
  fixture = await Fixture.open();
  // As if the service refused no second task: what keeps us from sending one must not be the service.
  await fixture.emulator.rds.setSecondTasks({ become: "accepted" });
  const { bucket } = fixture.emulator;
  await fixture.emulator.oss.putObject(bucket, KEY, await fixture.backup("erp.bak"));
  args = { backup: `oss://${bucket}/${KEY}`, pollInterval: "50ms" };
});
afterEach(() => fixture.close());

const place = () => ({
  ...{ bucket: fixture.emulator.bucket, objectKey: KEY },
  ...{ instanceId: fixture.emulator.instanceId, databaseName: "erp" },
});
const store = () => fixture.process().session.clients.store({});
const claims = (): string[] =>
  fixture.emulator.oss
    .objects(fixture.emulator.bucket)
    .map(({ key }) => key)
    .filter((key) => key.endsWith(".claim"));
const readClaim = async (generation = 1) =>
  parseLock((await store().getText(fixture.emulator.bucket, lockKey(place(), generation)))?.text ?? "");

/** What a run leaves that was killed after it had written its claim. */
async function leaveClaim(taskId?: string): Promise<void> {
  const { instanceId, databaseName } = place();
  const crc64 = fixture.emulator.oss.objects(fixture.emulator.bucket).find(({ key }) => key === KEY)?.crc64;
  const claim = { instanceId, databaseName, crc64, claimedAt: new Date().toISOString(), writer: "somebody", taskId };
  await store().putText(fixture.emulator.bucket, lockKey(place(), 1), formatLock(claim));
}

const noList = () =>
  fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, unsupportedActions: ["DescribeMigrateTasks"] });

test("a task is claimed before it is asked for, the claim gets its id, and goes when the migration is settled", async () => {
  const submitted = await fixture.up({ ...args, wait: "submitted" });
  const actions = fixture.emulator.journal.entries.map(({ action }) => action);
  expect(actions.indexOf("PutObject")).toBeLessThan(actions.indexOf("CreateMigrateTask"));
  expect(await readClaim()).toMatchObject({
    ...{ instanceId: fixture.emulator.instanceId, databaseName: "erp" },
    ...{ crc64: submitted.outputs.objectCrc64, taskId: submitted.outputs.migrateTaskId },
  });
  const done = await fixture.up(args, submitted);
  expect(done.outputs).toMatchObject({ status: "online", warnings: [] });
  expect(claims()).toEqual([]);
});

test("a claim goes when the task has failed, and when the migration is destroyed", async () => {
  await fixture.emulator.rds.shapeRestore({ failWith: "Failed to open database erp." });
  await fixture.up(args);
  expect(claims()).toEqual([]);

  const crm = await fixture.up({ ...args, databaseName: "crm", wait: "submitted" });
  expect(claims()).toHaveLength(1);
  await fixture.destroy(crm);
  expect(claims()).toEqual([]);
});

test("of many runs at once one creates the task and the others take it up, though the service would take them all", async () => {
  fixture.emulator.faults.add({ match: { action: "CreateMigrateTask" }, effect: { kind: "delay", ms: 200 } });
  const runs = await Promise.all([1, 2, 3, 4].map(() => fixture.up(args)));
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
  const [task] = await fixture.tasks();
  for (const { outputs } of runs) expect(outputs).toMatchObject({ status: "online", migrateTaskId: task?.id });
  const others = runs.filter(({ log }) => /continues migration task/.test(messages(log, "info").join()));
  expect(others).toHaveLength(3);
  expect(claims()).toEqual([]);
});

test("a claim of a killed run is waited out, then followed by one more, and both go in the end", async () => {
  await leaveClaim();
  const { outputs, log } = await fixture.up(args);
  const second = fixture.requests("PutObject").findIndex(({ detail }) => String(detail.key).endsWith("-2.claim"));
  expect(fixture.requests("PutObject")[second]?.request).toBeLessThan(
    fixture.requests("CreateMigrateTask")[0]?.request ?? 0,
  );
  expect(messages(log, "status")).toContainEqual(expect.stringContaining("another run that has claimed this backup"));
  expect(outputs.status).toBe("online");
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
  expect(claims()).toEqual([]);
});

test("many runs that find a void claim make one task", async () => {
  await leaveClaim();
  const runs = await Promise.all([1, 2, 3].map(() => fixture.up(args)));
  expect(runs.map(({ outputs }) => outputs.status)).toEqual(["online", "online", "online"]);
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
});

test("a reply that got lost and a list that is slow to show the task make no second one", async () => {
  await fixture.emulator.rds.setListDelay({ ms: 800 });
  await fixture.emulator.rds.shapeRestore({ holdAt: "restoring" });
  fixture.emulator.faults.add({
    match: { action: "CreateMigrateTask" },
    times: 1,
    effect: { kind: "reset", at: "after" },
  });
  const { outputs } = await fixture.up({ ...args, wait: "submitted" });
  expect(outputs.migrateTaskId).toBe((await fixture.tasks())[0]?.id);
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
});

test("members of one instance's migration share a recent list behind their first claims; who follows a void claim looks anew", async () => {
  const process = fixture.process();
  const member = (databaseName: string) =>
    fixture.up({ ...args, databaseName, deferred: true, wait: "submitted" }, undefined, { process });
  for (const name of ["crm", "hr", "shop"]) expect((await member(name)).outputs.status).toBe("submitted");
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(3);
  expect(fixture.requests("DescribeMigrateTasks")).toHaveLength(1);
  expect(claims()).toHaveLength(3);

  await leaveClaim();
  expect((await member("erp")).outputs.status).toBe("submitted");
  expect(fixture.requests("DescribeMigrateTasks").length).toBeGreaterThan(1);
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(4);
});

test("what stands in a claim's place and is none is left there and counts by its age", async () => {
  await store().putText(fixture.emulator.bucket, lockKey(place(), 1), "<html>not a claim</html>");
  const { outputs } = await fixture.up(args);
  expect(outputs.status).toBe("online");
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
});

test("a writer that is held up for too long sends nothing under its claim and begins again", async () => {
  // The first look is the preview's, the second one is that behind the claim.
  fixture.emulator.faults.add({
    match: { action: "DescribeMigrateTasks" },
    nth: 2,
    effect: { kind: "delay", ms: 950 },
  });
  const { outputs } = await fixture.up(args);
  expect(outputs.status).toBe("online");
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
  // Two claims that were written, one that was refused while the first held, and the id of the task.
  const written = fixture.requests("PutObject").filter(({ status }) => status === 200);
  expect(written).toHaveLength(3);
  expect(claims()).toEqual([]);
});

describe("an edition that does not list tasks", () => {
  beforeEach(noList);

  test("a task that a killed run created is found by its claim", async () => {
    const lost = await fixture.upToRestoring(args);
    // Its database is in the way of a new migration by now; the claim tells that it is this one's.
    const previewed = await fixture.preview(args);
    expect(previewed.failures).toEqual([]);
    const taskId = String(lost.outputs.migrateTaskId);
    expect(messages(previewed.log, "info")).toContainEqual(
      expect.stringContaining(`continues migration task ${taskId}`),
    );
    await fixture.emulator.rds.clearShapes({});
    const { outputs, log } = await fixture.up(args);
    expect(outputs).toMatchObject({ status: "online", migrateTaskId: lost.outputs.migrateTaskId, warnings: [] });
    expect(messages(log, "info")).toContainEqual(expect.stringContaining("by the claim that"));
    expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
  });

  test("a claim without its task stops: only a person can tell, who then says so", async () => {
    await leaveClaim();
    const stopped = await fixture.up(args);
    const [key = ""] = claims();
    expect(stopped.failed?.reasons).toEqual([expect.stringMatching(/^CLAIM_UNDECIDED: .*set `adopt` to its id/)]);
    expect(stopped.failed?.reasons[0]).toContain(`oss://${fixture.emulator.bucket}/${key}`);
    expect(stopped.failed?.reasons[0]).toContain(
      "its edition does not list migration tasks; there is no database erp.",
    );
    expect(fixture.requests("CreateMigrateTask")).toEqual([]);
    // As the remedy says: there is neither a task nor a database, so the claim is deleted by hand.
    fixture.emulator.oss.removeObject(fixture.emulator.bucket, key);
    expect((await fixture.up(args, stopped)).outputs.status).toBe("online");
  });
});

describe("a bucket that may only be read", () => {
  beforeEach(() => {
    fixture.emulator.faults.add({
      match: { action: ["PutObject", "DeleteObject"] },
      effect: { kind: "refuse", status: 403, code: "AccessDenied", message: "No." },
    });
  });

  test("is migrated from, with a warning, by the list and the service's refusals alone", async () => {
    const { outputs, log } = await fixture.up(args);
    expect(outputs).toMatchObject({ status: "online", warnings: [] });
    expect(messages(log, "warning")).toEqual([expect.stringMatching(/ may not be written to, .*oss:PutObject/s)]);
    expect((await fixture.up(args)).outputs.migrateTaskId).toBe(outputs.migrateTaskId);
    expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
  });

  test("where there is no list either, the outputs keep the warning", async () => {
    await noList();
    const { outputs } = await fixture.up(args);
    expect(outputs).toMatchObject({ status: "online", warnings: [expect.stringContaining("does not list")] });
  });

  test("two runs at once make one task, by the service's own refusal", async () => {
    await fixture.emulator.rds.setSecondTasks({ become: "refused" });
    fixture.emulator.faults.add({
      match: { action: "CreateMigrateTask" },
      times: 2,
      effect: { kind: "delay", ms: 300 },
    });
    const both = await Promise.all([fixture.up(args), fixture.up(args)]);
    expect(fixture.requests("CreateMigrateTask").map(({ status }) => status)).toEqual([200, 400]);
    expect(both.map(({ outputs }) => outputs.status)).toEqual(["online", "online"]);
  });
});

test("claims that cannot be deleted are named once, and hinder nothing", async () => {
  fixture.emulator.faults.add({
    match: { action: "DeleteObject" },
    effect: { kind: "refuse", status: 403, code: "AccessDenied", message: "No." },
  });
  const done: Recorded = await fixture.up(args);
  expect(done.outputs).toMatchObject({ status: "online", warnings: [] });
  expect(messages(done.log, "info")).toContainEqual(
    expect.stringMatching(/submission locks .* may stay in .*oss:DeleteObject/),
  );
  expect(claims()).toHaveLength(1);
  // The database is dropped on purpose and migrated again: the old claim's task is a thing of the past.
  await fixture.emulator.rds.removeDatabase({ instanceId: fixture.emulator.instanceId, name: "erp" });
  const again = await fixture.replace(args, done);
  expect(again.outputs.status).toBe("online");
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(2);
});

test("another stack that names the database is told whose task is at work there, and nothing is sent twice", async () => {
  await fixture.emulator.rds.setSecondTasks({ become: "refused" });
  await fixture.emulator.rds.shapeRestore({ holdAt: "queued" });
  await fixture.up({ ...args, wait: "submitted" });
  const [task] = await fixture.tasks();
  const other = await fixture.up({ backup: await fixture.backup("other.bak", { dataBytes: 131_072 }) });
  expect(other.failed?.reasons).toEqual([
    expect.stringMatching(new RegExp(`^DATABASE_BUSY: .* migration task ${task?.id} \\(NoStart\\)`)),
  ]);
  expect(await fixture.tasks()).toHaveLength(1);
});
