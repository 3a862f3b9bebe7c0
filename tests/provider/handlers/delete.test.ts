import { messages, type Recorded, Scene, until } from "../../../testing/scene";
import { writeHistory } from "../increments/chain-scene";

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

const restoring = async (onDestroy?: "keep" | "stop"): Promise<Recorded> =>
  scene.upToRestoring({ backup: await scene.backup("erp.bak"), onDestroy });

const uploading = async (): Promise<Recorded> =>
  scene.upToUploading({ backup: await scene.backup("erp.bak", { dataBytes: 1_000_000 }) });

test("aborts the unfinished upload of an increment too", async () => {
  const [full = "", log = ""] = await writeHistory(scene, ["full", "log"], { logBytes: 1_000_000 });
  const waiting = await scene.up({ backup: full, phase: "restoring" });
  expect(waiting.outputs.status).toBe("waitingForIncrements");
  const upload = { partSize: 102_400, parallel: 1, rateLimit: 400_000 };
  const args = { backup: full, phase: "restoring", increments: [log], upload };
  const isHalfDone = () => scene.emulator.oss.uploads().some(({ parts }) => parts.length >= 3);
  const stopped = await scene.upUntil(isHalfDone, args, waiting);
  expect(scene.emulator.oss.uploads()).toHaveLength(1);
  await scene.destroy(stopped);
  expect(scene.emulator.oss.uploads()).toEqual([]);
});

test("forgets a finished migration with a single look for a claim, and its database stays", async () => {
  const done = await scene.up({ backup: await scene.backup("erp.bak"), onDestroy: "stop" });
  const mark = scene.mark;
  await scene.destroy(done);
  expect(scene.since(mark)).toEqual(["oss:GetObject"]);
  expect(await scene.databases()).toMatchObject([{ name: "erp", status: "Running" }]);
});

test("leaves a running task alone and says what still runs", async () => {
  const log = await scene.destroy(await restoring());
  const [task] = await scene.tasks();
  expect(task?.stage).toBe("restoring");
  expect(messages(log, "info")).toEqual([
    expect.stringMatching(new RegExp(`task ${task?.id} of erp is still Running .*left alone`)),
  ]);
});

test("ends a running task where the program says so", async () => {
  const log = await scene.destroy(await restoring("stop"));
  const [task] = await scene.tasks();
  expect(task).toMatchObject({ stage: "failed", description: expect.stringContaining("terminated") });
  expect(messages(log, "info")).toEqual([`ended migration task ${task?.id} of erp on ${scene.emulator.instanceId}`]);
});

test("never ends a task that waits for increments: what that does to its database is not documented", async () => {
  const known = await restoring("stop");
  const taskId = String(known.outputs.migrateTaskId);
  await scene.emulator.rds.setTask({ instanceId: scene.emulator.instanceId, taskId, status: "Waiting" });
  const log = await scene.destroy(known);
  expect(scene.requests("TerminateMigrateTask")).toEqual([]);
  expect(messages(log, "info")).toEqual([expect.stringContaining("is still Waiting")]);
});

test("takes a task as ended when the reply to its end got lost", async () => {
  const known = await restoring("stop");
  scene.emulator.faults.add({
    match: { action: "TerminateMigrateTask" },
    times: 1,
    effect: { kind: "reset", at: "after" },
  });
  await scene.destroy(known);
  expect((await scene.tasks())[0]?.stage).toBe("failed");
});

test("a task that ended in the meantime is left as it is", async () => {
  const known = await scene.up({ backup: await scene.backup("erp.bak"), wait: "submitted", onDestroy: "stop" });
  await until(() => scene.isTaskAt("succeeded"));
  await scene.destroy(known);
  expect(scene.requests("TerminateMigrateTask")).toEqual([]);
  expect(await scene.databases()).toMatchObject([{ status: "Running" }]);
});

test("aborts its own unfinished upload and no other one", async () => {
  const known = await uploading();
  const crm = await scene.backup("crm.bak", { databaseName: "crm", dataBytes: 1_000_000 });
  const slow = { partSize: 102_400, parallel: 1, rateLimit: 102_400 };
  // A part tells that the other run has got the id of its upload and will record it.
  const isUnderWay = () =>
    scene.emulator.oss.uploads().some(({ key, parts }) => key.startsWith("crm_") && parts.length > 0);
  await scene.upUntil(isUnderWay, { backup: crm, upload: slow });
  await scene.destroy(known);
  expect(scene.emulator.oss.uploads().map(({ key }) => key)).toEqual([expect.stringMatching(/^crm_/)]);
});

describe("counts as done", () => {
  test("an upload that is gone", async () => {
    const known = await uploading();
    await scene.destroy(known);
    await expect(scene.destroy(known)).resolves.toEqual([]);
  });

  test("a bucket that is gone", async () => {
    const known = await uploading();
    scene.emulator.oss.removeBucket(scene.emulator.bucket);
    await expect(scene.destroy(known)).resolves.toEqual([]);
  });

  test("an instance that is gone", async () => {
    const known = await restoring("stop");
    await scene.emulator.rds.removeInstance({ instanceId: scene.emulator.instanceId });
    await expect(scene.destroy(known)).resolves.toEqual([]);
  });

  test("a task that is gone", async () => {
    const known = await restoring("stop");
    const taskId = String(known.outputs.migrateTaskId);
    await scene.emulator.rds.removeTask({ instanceId: scene.emulator.instanceId, taskId });
    await expect(scene.destroy(known)).resolves.toEqual([]);
  });
});

test("a missing permission is reported, not swallowed: the record has to stay", async () => {
  const known = await restoring("stop");
  await scene.emulator.rds.forbidAction({ action: "*" });
  await expect(scene.destroy(known)).rejects.toThrow(/^NOT_AUTHORIZED: /);
});

describe("a replacement in one run: delete, then create", () => {
  test("of a running task takes the task up again, and makes no second one", async () => {
    const known = await restoring();
    const replacing = scene.replace({ backup: known.inputs.backup }, known);
    const looks = scene.requests("DescribeOssDownloads").length;
    await until(() => scene.requests("DescribeOssDownloads").length > looks + 1);
    await scene.emulator.rds.clearShapes({});
    const again = await replacing;
    expect(again.outputs).toMatchObject({ status: "online", migrateTaskId: known.outputs.migrateTaskId });
    expect(await scene.tasks()).toHaveLength(1);
  });

  test("of a running task that ends just then keeps what it brought, and names the way out", async () => {
    const known = await restoring();
    const again = await scene.replace({ backup: known.inputs.backup }, known, async () => {
      await scene.emulator.rds.clearShapes({});
      await until(() => scene.isTaskAt("succeeded"));
    });
    expect(again.failed?.reasons).toEqual([expect.stringMatching(/^REPLACE_BLOCKED: .*Drop or rename/)]);
    expect(again.outputs).toMatchObject({ status: "online", migrateTaskId: known.outputs.migrateTaskId });
    expect(await scene.tasks()).toHaveLength(1);
  });

  test("of a running task that is to be stopped makes a new one, after the first was ended", async () => {
    const known = await restoring("stop");
    const again = await scene.replace({ backup: known.inputs.backup, onDestroy: "stop" }, known);
    expect(again.outputs.status).toBe("online");
    expect(again.outputs.migrateTaskId).not.toBe(known.outputs.migrateTaskId);
    expect((await scene.tasks()).map(({ stage }) => stage)).toEqual([
      "failed",
      expect.stringMatching(/verifying|succeeded/),
    ]);
  });

  test("of a finished one whose database was dropped migrates again", async () => {
    const known = await scene.up({ backup: await scene.backup("erp.bak") });
    await scene.emulator.rds.removeDatabase({ instanceId: scene.emulator.instanceId, name: "erp" });
    const again = await scene.replace({ backup: known.inputs.backup }, known);
    expect(again.outputs).toMatchObject({ status: "online" });
    expect(again.outputs.migrateTaskId).not.toBe(known.outputs.migrateTaskId);
    expect(await scene.tasks()).toHaveLength(2);
  });

  test("of a finished one whose database is still there is refused at preview, which names the way out", async () => {
    const known = await scene.up({ backup: await scene.backup("erp.bak") });
    const mark = scene.mark;
    const replacing = scene.replace({ backup: known.inputs.backup }, known);
    await expect(replacing).rejects.toThrow(/DATABASE_EXISTS: .*Drop or rename/);
    expect(scene.since(mark).filter((each) => each === "rds:CreateMigrateTask")).toEqual([]);
  });
});
