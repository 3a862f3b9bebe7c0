import { rmSync } from "node:fs";
import { InitError } from "../../../provider/model/init-error";
import { messages, type Recorded, Scene } from "../../../testing/scene";

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

const sends = (): number => scene.requests("CreateMigrateTask").length;

describe("resumes", () => {
  test("a run that ended while the service restores, without a request for another task", async () => {
    const args = { backup: await scene.backup("erp.bak") };
    const first = await scene.upToRestoring(args);
    await scene.emulator.rds.clearShapes({});
    const { outputs } = await scene.up(args, first);
    expect(outputs).toMatchObject({
      status: "online",
      migrateTaskId: first.outputs.migrateTaskId,
      startedAt: first.outputs.startedAt,
    });
    expect(sends()).toBe(1);
  });

  test("an upload, with the parts that are there, although another machine has another path", async () => {
    const backup = await scene.backup("erp.bak", { dataBytes: 1_000_000 });
    const first = await scene.upToUploading({ backup });
    const there = scene.emulator.oss.uploads()[0]?.parts.length ?? 0;
    expect(there).toBeGreaterThan(0);
    const moved = await scene.backup("moved.bak", { dataBytes: 1_000_000 });
    const mark = scene.mark;
    const { outputs } = await scene.up({ backup: moved }, first);
    expect(outputs).toMatchObject({ status: "online", objectKey: first.outputs.objectKey });
    expect(outputs).not.toHaveProperty("uploadId");
    const sent = scene.since(mark).filter((each) => each === "oss:UploadPart").length;
    expect(sent).toBeLessThanOrEqual(Math.ceil(Number(first.outputs.sizeBytes) / 102_400) - there);
  });

  test("where the backup's file is gone, from the object that was uploaded", async () => {
    scene.emulator.faults.add({
      match: { action: "CreateMigrateTask" },
      times: 1,
      effect: { kind: "refuse", status: 403, code: "Forbidden.RAM" },
    });
    const backup = await scene.backup("erp.bak");
    const first = await scene.up({ backup });
    expect(first.outputs).toMatchObject({ failure: { code: "NOT_AUTHORIZED" } });
    rmSync(backup);
    const { outputs } = await scene.up({ backup }, first);
    expect(outputs.status).toBe("online");
  });

  test("from submitted to finished when the program wants more", async () => {
    const args = { backup: await scene.backup("erp.bak") };
    const first = await scene.up({ ...args, wait: "submitted" });
    expect((await scene.preview({ ...args, wait: "submitted" }, first)).diff?.changes).toBe(false);
    const { outputs } = await scene.up({ ...args, wait: "finished" }, first);
    expect(outputs.status).toBe("online");
    expect(sends()).toBe(1);
  });
});

describe("another backup", () => {
  test("before any task: it is uploaded under a key of its own, and the upload of the first is ended", async () => {
    const first = await scene.upToUploading({ backup: await scene.backup("erp.bak", { dataBytes: 1_000_000 }) });
    expect(first.outputs.status).toBe("uploading");
    const newer = await scene.backup("newer.bak", { startDate: "2024-06-01T02:00:00" });
    const { outputs } = await scene.up({ backup: newer }, first);
    expect(outputs).toMatchObject({ status: "online", backup: newer, objectKey: "erp_FULL_20240601020000.bak" });
    expect(scene.emulator.oss.uploads()).toEqual([]);
  });

  test("while the task of the first runs: that one goes on, and the record stays with what it restores", async () => {
    const backup = await scene.backup("erp.bak");
    const first = await scene.upToRestoring({ backup });
    const newer = await scene.backup("newer.bak", { startDate: "2024-06-01T02:00:00" });
    const timedOut = await scene.up({ backup: newer, timeout: "2s" }, first);
    expect(timedOut.outputs).toMatchObject({ status: "restoring", backup, backupId: first.outputs.backupId });
    await scene.emulator.rds.clearShapes({});
    const { outputs } = await scene.up({ backup: newer }, timedOut);
    expect(outputs).toMatchObject({ status: "online", backup, backupId: first.outputs.backupId });
    expect(sends()).toBe(1);
  });

  test("after the end: nothing is done, and every preview says so", async () => {
    const backup = await scene.backup("erp.bak");
    const done = await scene.up({ backup });
    const newer = await scene.backup("newer.bak", { startDate: "2024-06-01T02:00:00" });
    let state: Recorded = done;
    for (let run = 0; run < 2; run += 1) {
      const mark = scene.mark;
      state = await scene.up({ backup: newer }, state);
      expect(messages(state.log, "warning")).toEqual([expect.stringContaining(`already online from ${backup}`)]);
      expect(scene.since(mark)).toEqual([]);
    }
    expect(state.outputs).toEqual(done.outputs);
  });

  test("after a failed task: the new one is migrated", async () => {
    await scene.emulator.rds.shapeRestore({
      failWith: "Failed to verify erp.bak, backup file was corrupted or newer edition than RDS.",
    });
    const failed = await scene.up({ backup: await scene.backup("erp.bak") });
    const newer = await scene.backup("newer.bak", { startDate: "2024-06-01T02:00:00" });
    const { outputs } = await scene.up({ backup: newer }, failed);
    expect(outputs).toMatchObject({ status: "online", backup: newer, objectKey: "erp_FULL_20240601020000.bak" });
    expect(outputs).not.toHaveProperty("failure");
  });
});

describe("a failed task", () => {
  const EXISTS = "The database (erp) is already exist on RDS, please backup and drop it, then try again.";

  test("ends the run with the service's words and the catalogue's remedy, and always previews as an update", async () => {
    await scene.emulator.rds.shapeRestore({ failWith: "Failed to open database erp." });
    const args = { backup: await scene.backup("erp.bak") };
    const state = await scene.up(args);
    const [task] = await scene.tasks();
    expect(state.outputs).toMatchObject({
      status: "failed",
      statusText: "Failed: Failed to open database erp.",
      migrateTaskId: task?.id,
      failure: { code: "TASK_OPEN_FAILED", retry: "never", retryable: false },
    });
    expect(state.failed?.reasons).toEqual([
      expect.stringMatching(/^TASK_OPEN_FAILED: .*"Failed to open database erp\.".*dm_db_persisted_sku_features/),
    ]);
    const { diff } = await scene.preview(args, state);
    expect(diff).toEqual({ changes: true, replaces: [], deleteBeforeReplace: true });
  });

  test("that cannot pass is said again with the same failure, and nothing is sent or uploaded", async () => {
    await scene.emulator.rds.shapeRestore({ failWith: "Failed to open database erp." });
    const args = { backup: await scene.backup("erp.bak") };
    const first = await scene.up(args);
    const mark = scene.mark;
    const second = await scene.up(args, first);
    expect(second.failed?.reasons).toEqual(first.failed?.reasons);
    expect(second.outputs).toEqual(first.outputs);
    expect(scene.since(mark)).toEqual([]);
  });

  test("over a taken name is submitted again only when the name is free", async () => {
    const { instanceId } = scene.emulator;
    const args = { backup: await scene.backup("erp.bak") };
    await scene.emulator.rds.shapeRestore({ failWith: EXISTS });
    const first = await scene.up(args);
    expect(first.outputs).toMatchObject({
      failure: { code: "TASK_DATABASE_EXISTS", retry: "afterFix", retryable: true },
    });

    await scene.emulator.rds.setDatabase({ instanceId, name: "ERP" });
    const second = await scene.up(args, first);
    expect(second.outputs).toMatchObject({ status: "failed", failure: first.outputs.failure });
    expect(sends()).toBe(1);

    await scene.emulator.rds.removeDatabase({ instanceId, name: "ERP" });
    const third = await scene.up(args, second);
    expect(third.outputs).toMatchObject({ status: "online", migrateTaskId: (await scene.tasks())[1]?.id });
    expect(third.outputs).not.toHaveProperty("failure");
    expect(sends()).toBe(2);
  });

  test("for want of space is submitted again only when there is room", async () => {
    const { instanceId } = scene.emulator;
    await scene.emulator.rds.setInstance({ id: instanceId, storageGb: 20, systemBytes: 19.99 * 2 ** 30 });
    const args = { backup: await scene.backup("erp.bak") };
    const first = await scene.up(args);
    expect(first.outputs).toMatchObject({ failure: { code: "TASK_NO_SPACE" } });
    const second = await scene.up(args, first);
    expect(second.outputs.status).toBe("failed");
    expect(sends()).toBe(1);
    await scene.emulator.rds.setInstance({ id: instanceId, storageGb: 40 });
    expect((await scene.up(args, second)).outputs.status).toBe("online");
  });

  test("for too many databases is submitted again only when one is gone", async () => {
    const { instanceId } = scene.emulator;
    await scene.emulator.rds.setDatabase({ instanceId, name: "other" });
    const args = { backup: await scene.backup("erp.bak") };
    // The preview would refuse an instance that is full already: it fills up behind it.
    await scene.emulator.rds.shapeRestore({ holdAt: "downloading" });
    const submitted = await scene.up({ ...args, wait: "submitted" });
    await scene.emulator.rds.setInstance({ id: instanceId, dbMaxQuantity: 1 });
    await scene.emulator.rds.clearShapes({});
    const first = await scene.up(args, submitted);
    expect(first.outputs).toMatchObject({ failure: { code: "TASK_DATABASE_COUNT" } });
    expect((await scene.up(args, first)).outputs.status).toBe("failed");
    expect(sends()).toBe(1);
    await scene.emulator.rds.removeDatabase({ instanceId, name: "other" });
    expect((await scene.up(args, first)).outputs.status).toBe("online");
  });

  test("that passes by itself is submitted again at once", async () => {
    await scene.emulator.rds.shapeRestore({ failWith: "The migration task is terminated." });
    const args = { backup: await scene.backup("erp.bak") };
    const first = await scene.up(args);
    expect(first.outputs).toMatchObject({ failure: { code: "TASK_TERMINATED", retry: "passes" } });
    const { outputs } = await scene.up(args, first);
    expect(outputs).toMatchObject({ status: "online", warnings: [] });
  });

  test("is submitted again when an input that the service acts on changed", async () => {
    await scene.emulator.rds.shapeRestore({ checkdbFails: true });
    const args = { backup: await scene.backup("erp.bak") };
    const first = await scene.up({ ...args, checkDb: "sync" });
    expect(first.outputs).toMatchObject({ failure: { code: "TASK_CHECKDB_FAILED" } });
    await scene.emulator.rds.removeDatabase({ instanceId: scene.emulator.instanceId, name: "erp" });
    const { outputs } = await scene.up({ ...args, checkDb: "async" }, first);
    expect(outputs.status).toBe("online");
  });

  test("of a backup in the bucket is submitted again when the object was replaced", async () => {
    const { bucket } = scene.emulator;
    await scene.emulator.oss.putObject(bucket, "erp.bak", await scene.backup("erp.bak"));
    await scene.emulator.rds.shapeRestore({ failWith: "Failed to verify erp.bak, backup file was corrupted." });
    const args = { backup: `oss://${bucket}/erp.bak` };
    const first = await scene.up(args);
    const second = await scene.up(args, first);
    expect(second.outputs).toMatchObject({ failure: { code: "TASK_VERIFY_FAILED" } });
    expect(sends()).toBe(1);
    const better = await scene.backup("better.bak", { startDate: "2024-06-01T02:00:00" });
    await scene.emulator.oss.putObject(bucket, "erp.bak", better);
    expect((await scene.up(args, second)).outputs.status).toBe("online");
  });

  test("twice: the first failure is not taken for the answer to the third submission", async () => {
    await scene.emulator.rds.shapeRestore({ failWith: "The migration task is terminated.", times: 2 });
    const args = { backup: await scene.backup("erp.bak") };
    const first = await scene.up(args);
    const second = await scene.up(args, first);
    expect(second.outputs.status).toBe("failed");
    expect(second.outputs.migrateTaskId).not.toBe(first.outputs.migrateTaskId);
    const third = await scene.up(args, second);
    expect(third.outputs.status).toBe("online");
    expect(await scene.tasks()).toHaveLength(3);
  });

  test("that a killed run had begun anew is found, not sent once more", async () => {
    await scene.emulator.rds.shapeRestore({ failWith: "The migration task is terminated." });
    const args = { backup: await scene.backup("erp.bak") };
    const first = await scene.up(args);
    await scene.up(args, first); // its result never reached the state
    const { outputs } = await scene.up(args, first);
    expect(outputs).toMatchObject({ status: "online", migrateTaskId: (await scene.tasks())[1]?.id });
    expect(await scene.tasks()).toHaveLength(2);
  });
});

describe("a task that the service has forgotten", () => {
  const LONG_AGO = "2020-01-01T00:00:00.000Z";
  const forget = async (state: Recorded): Promise<Recorded> => {
    const { instanceId } = scene.emulator;
    await scene.emulator.rds.removeTask({ instanceId, taskId: String(state.outputs.migrateTaskId) });
    return { ...state, outputs: { ...state.outputs, startedAt: LONG_AGO } };
  };

  test("is finished where its database is online, with a warning", async () => {
    const args = { backup: await scene.backup("erp.bak") };
    const first = await scene.up({ ...args, wait: "submitted" });
    await scene.emulator.rds.setDatabase({ instanceId: scene.emulator.instanceId, name: "erp" });
    const { outputs } = await scene.up(args, await forget(first));
    expect(outputs).toMatchObject({ status: "online", warnings: [expect.stringContaining("no longer knows")] });
  });

  test("has failed where there is no database, and the next up migrates anew", async () => {
    await scene.emulator.rds.shapeRestore({ holdAt: "queued" });
    const args = { backup: await scene.backup("erp.bak") };
    const first = await scene.up({ ...args, wait: "submitted" });
    const second = await scene.up(args, await forget(first));
    expect(second.outputs).toMatchObject({ status: "failed", failure: { code: "TASK_FORGOTTEN" } });
    expect((await scene.up(args, second)).outputs.status).toBe("online");
  });

  test("is only late as long as it is young: nothing is concluded from a list that lags", async () => {
    const args = { backup: await scene.backup("erp.bak"), timeout: "1500ms" };
    const first = await scene.up({ ...args, wait: "submitted" });
    const { startedAt } = first.outputs;
    const forgotten = await forget(first);
    const young = { ...forgotten, outputs: { ...forgotten.outputs, startedAt } };
    const { outputs, failed } = await scene.up(args, young);
    expect(outputs.status).toBe("restoring");
    expect(failed?.reasons[0]).toContain("not known to the service any more");
    expect(sends()).toBe(1);
  });
});

test("what is online is left alone even when the engine asks for an update", async () => {
  const { instanceId } = scene.emulator;
  const args = { backup: await scene.backup("erp.bak") };
  const done = await scene.up(args);
  await scene.emulator.rds.removeDatabase({ instanceId, name: "erp" });
  // State remembers an init error of some kind, so the engine calls update although diff sees no change.
  const asked = { ...done, failed: new InitError(done.id, {}, {}, ["an earlier run"]) };
  const mark = scene.mark;
  expect((await scene.up(args, asked)).outputs).toEqual(done.outputs);
  const { migrateTaskId, ...adopted } = done.outputs;
  expect((await scene.up(args, { ...asked, outputs: adopted })).outputs).toEqual(adopted);
  expect(scene.since(mark)).toEqual([]);
});
