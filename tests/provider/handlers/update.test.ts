import { rmSync } from "node:fs";
import { InitError } from "../../../provider/model/init-error";
import { Fixture, messages, type Recorded } from "../../../testing/fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

const sends = (): number => fixture.requests("CreateMigrateTask").length;

describe("resumes", () => {
  test("a run that ended while the service restores, without creating another task", async () => {
    const args = { backup: await fixture.backup("erp.bak") };
    const first = await fixture.upToRestoring(args);
    await fixture.emulator.rds.clearShapes({});
    const { outputs } = await fixture.up(args, first);
    expect(outputs).toMatchObject({
      status: "online",
      migrateTaskId: first.outputs.migrateTaskId,
      startedAt: first.outputs.startedAt,
    });
    expect(sends()).toBe(1);
  });

  test("an upload with the existing parts, also from another machine with another path", async () => {
    const backup = await fixture.backup("erp.bak", { dataBytes: 1_000_000 });
    const first = await fixture.upToUploading({ backup });
    const there = fixture.emulator.oss.uploads()[0]?.parts.length ?? 0;
    expect(there).toBeGreaterThan(0);
    const moved = await fixture.backup("moved.bak", { dataBytes: 1_000_000 });
    const mark = fixture.mark;
    const { outputs } = await fixture.up({ backup: moved }, first);
    expect(outputs).toMatchObject({ status: "online", objectKey: first.outputs.objectKey });
    expect(outputs).not.toHaveProperty("uploadId");
    const sent = fixture.since(mark).filter((each) => each === "oss:UploadPart").length;
    expect(sent).toBeLessThanOrEqual(Math.ceil(Number(first.outputs.sizeBytes) / 102_400) - there);
  });

  test("from the uploaded object, when the backup's file was deleted", async () => {
    fixture.emulator.faults.add({
      match: { action: "CreateMigrateTask" },
      times: 1,
      effect: { kind: "refuse", status: 403, code: "Forbidden.RAM" },
    });
    const backup = await fixture.backup("erp.bak");
    const first = await fixture.up({ backup });
    expect(first.outputs).toMatchObject({ failure: { code: "NOT_AUTHORIZED" } });
    rmSync(backup);
    const { outputs } = await fixture.up({ backup }, first);
    expect(outputs.status).toBe("online");
  });

  test("from submitted to finished when the program changes wait", async () => {
    const args = { backup: await fixture.backup("erp.bak") };
    const first = await fixture.up({ ...args, wait: "submitted" });
    expect((await fixture.preview({ ...args, wait: "submitted" }, first)).diff?.changes).toBe(false);
    const { outputs } = await fixture.up({ ...args, wait: "finished" }, first);
    expect(outputs.status).toBe("online");
    expect(sends()).toBe(1);
  });
});

describe("another backup", () => {
  test("before any task: it is uploaded under its own key, and the first upload is aborted", async () => {
    const first = await fixture.upToUploading({ backup: await fixture.backup("erp.bak", { dataBytes: 1_000_000 }) });
    expect(first.outputs.status).toBe("uploading");
    const newer = await fixture.backup("newer.bak", { startDate: "2024-06-01T02:00:00" });
    const { outputs } = await fixture.up({ backup: newer }, first);
    expect(outputs).toMatchObject({ status: "online", backup: newer, objectKey: "erp_FULL_20240601020000.bak" });
    expect(fixture.emulator.oss.uploads()).toEqual([]);
  });

  test("before any task: every upload of the first one's object is aborted, also one that a killed run started", async () => {
    const first = await fixture.upToUploading({ backup: await fixture.backup("erp.bak", { dataBytes: 1_000_000 }) });
    const outputs = { ...first.outputs, uploadId: "0004B9894A22E5B1888A1E29F8236E2D" };
    const newer = await fixture.backup("newer.bak", { startDate: "2024-06-01T02:00:00" });
    const done = await fixture.up({ backup: newer }, { ...first, outputs });
    expect(done.outputs.status).toBe("online");
    expect(fixture.emulator.oss.uploads()).toEqual([]);
  });

  test("before any task, in another bucket: the upload in the first one is aborted, or went with the bucket", async () => {
    const { oss } = fixture.emulator;
    const newer = await fixture.backup("newer.bak", { startDate: "2024-06-01T02:00:00" });
    for (const isDeleted of [false, true]) {
      const first = await fixture.upToUploading({ backup: await fixture.backup("erp.bak", { dataBytes: 1_000_000 }) });
      const other = `other-${isDeleted}`;
      oss.makeBucket({ name: other });
      if (isDeleted) oss.removeBucket(fixture.emulator.bucket);
      const { outputs } = await fixture.up({ backup: newer, bucket: other, databaseName: "erp" }, first);
      expect(outputs).toMatchObject({ status: "online", bucket: other });
      expect(oss.uploads()).toEqual([]);
      await fixture.emulator.rds.removeDatabase({ instanceId: fixture.emulator.instanceId, name: "erp" });
    }
  });

  test("while the first one's task runs: the task continues, and the record keeps the first backup", async () => {
    const backup = await fixture.backup("erp.bak");
    const first = await fixture.upToRestoring({ backup });
    const newer = await fixture.backup("newer.bak", { startDate: "2024-06-01T02:00:00" });
    const timedOut = await fixture.up({ backup: newer, timeout: "2s" }, first);
    expect(timedOut.outputs).toMatchObject({ status: "restoring", backup, backupId: first.outputs.backupId });
    await fixture.emulator.rds.clearShapes({});
    const { outputs } = await fixture.up({ backup: newer }, timedOut);
    expect(outputs).toMatchObject({ status: "online", backup, backupId: first.outputs.backupId });
    expect(sends()).toBe(1);
  });

  test("after the end: nothing is migrated, and every preview warns", async () => {
    const backup = await fixture.backup("erp.bak");
    const done = await fixture.up({ backup });
    const newer = await fixture.backup("newer.bak", { startDate: "2024-06-01T02:00:00" });
    let state: Recorded = done;
    for (let run = 0; run < 2; run += 1) {
      const mark = fixture.mark;
      state = await fixture.up({ backup: newer }, state);
      expect(messages(state.log, "warning")).toEqual([expect.stringContaining(`already online from ${backup}`)]);
      expect(fixture.since(mark)).toEqual([]);
    }
    expect(state.outputs).toEqual(done.outputs);
  });

  test("after a failed task: it is migrated", async () => {
    await fixture.emulator.rds.shapeRestore({
      failWith: "Failed to verify erp.bak, backup file was corrupted or newer edition than RDS.",
    });
    const failed = await fixture.up({ backup: await fixture.backup("erp.bak") });
    const newer = await fixture.backup("newer.bak", { startDate: "2024-06-01T02:00:00" });
    const { outputs } = await fixture.up({ backup: newer }, failed);
    expect(outputs).toMatchObject({ status: "online", backup: newer, objectKey: "erp_FULL_20240601020000.bak" });
    expect(outputs).not.toHaveProperty("failure");
  });
});

describe("a failed task", () => {
  const EXISTS = "The database (erp) is already exist on RDS, please backup and drop it, then try again.";

  test("fails the run with the service's description and the catalogue's remedy, and always previews as an update", async () => {
    await fixture.emulator.rds.shapeRestore({ failWith: "Failed to open database erp." });
    const args = { backup: await fixture.backup("erp.bak") };
    const state = await fixture.up(args);
    const [task] = await fixture.tasks();
    expect(state.outputs).toMatchObject({
      status: "failed",
      statusText: "Failed: Failed to open database erp.",
      migrateTaskId: task?.id,
      failure: { code: "TASK_OPEN_FAILED", retry: "never", retryable: false },
    });
    expect(state.failed?.reasons).toEqual([
      expect.stringMatching(/^TASK_OPEN_FAILED: .*"Failed to open database erp\.".*dm_db_persisted_sku_features/s),
    ]);
    const { diff } = await fixture.preview(args, state);
    expect(diff).toEqual({ changes: true, replaces: [], deleteBeforeReplace: true });
  });

  test("that cannot pass is reported again with the same failure, and nothing is sent or uploaded", async () => {
    await fixture.emulator.rds.shapeRestore({ failWith: "Failed to open database erp." });
    const args = { backup: await fixture.backup("erp.bak") };
    const first = await fixture.up(args);
    const mark = fixture.mark;
    const second = await fixture.up(args, first);
    expect(second.failed?.reasons).toEqual(first.failed?.reasons);
    expect(second.outputs).toEqual(first.outputs);
    expect(fixture.since(mark)).toEqual([]);
  });

  test("because of a taken name is submitted again only when the name is free", async () => {
    const { instanceId } = fixture.emulator;
    const args = { backup: await fixture.backup("erp.bak") };
    await fixture.emulator.rds.shapeRestore({ failWith: EXISTS });
    const first = await fixture.up(args);
    expect(first.outputs).toMatchObject({
      failure: { code: "TASK_DATABASE_EXISTS", retry: "afterFix", retryable: true },
    });

    await fixture.emulator.rds.setDatabase({ instanceId, name: "ERP" });
    const second = await fixture.up(args, first);
    expect(second.outputs).toMatchObject({ status: "failed", failure: first.outputs.failure });
    expect(sends()).toBe(1);

    await fixture.emulator.rds.removeDatabase({ instanceId, name: "ERP" });
    const third = await fixture.up(args, second);
    expect(third.outputs).toMatchObject({ status: "online", migrateTaskId: (await fixture.tasks())[1]?.id });
    expect(third.outputs).not.toHaveProperty("failure");
    expect(sends()).toBe(2);
  });

  test("because of missing space is submitted again only when there is enough", async () => {
    const { instanceId } = fixture.emulator;
    await fixture.emulator.rds.setInstance({ id: instanceId, storageGb: 20, systemBytes: 19.99 * 2 ** 30 });
    const args = { backup: await fixture.backup("erp.bak") };
    const first = await fixture.up(args);
    expect(first.outputs).toMatchObject({ failure: { code: "TASK_NO_SPACE" } });
    const second = await fixture.up(args, first);
    expect(second.outputs.status).toBe("failed");
    expect(sends()).toBe(1);
    await fixture.emulator.rds.setInstance({ id: instanceId, storageGb: 40 });
    expect((await fixture.up(args, second)).outputs.status).toBe("online");
  });

  test("because of too many databases is submitted again only when one was dropped", async () => {
    const { instanceId } = fixture.emulator;
    await fixture.emulator.rds.setDatabase({ instanceId, name: "other" });
    const args = { backup: await fixture.backup("erp.bak") };
    // The preview would refuse a full instance, so it fills up after the preview.
    await fixture.emulator.rds.shapeRestore({ holdAt: "downloading" });
    const submitted = await fixture.up({ ...args, wait: "submitted" });
    await fixture.emulator.rds.setInstance({ id: instanceId, dbMaxQuantity: 1 });
    await fixture.emulator.rds.clearShapes({});
    const first = await fixture.up(args, submitted);
    expect(first.outputs).toMatchObject({ failure: { code: "TASK_DATABASE_COUNT" } });
    expect((await fixture.up(args, first)).outputs.status).toBe("failed");
    expect(sends()).toBe(1);
    await fixture.emulator.rds.removeDatabase({ instanceId, name: "other" });
    expect((await fixture.up(args, first)).outputs.status).toBe("online");
  });

  test("that passes by itself is submitted again at once", async () => {
    await fixture.emulator.rds.shapeRestore({ failWith: "The migration task is terminated." });
    const args = { backup: await fixture.backup("erp.bak") };
    const first = await fixture.up(args);
    expect(first.outputs).toMatchObject({ failure: { code: "TASK_TERMINATED", retry: "passes" } });
    const { outputs } = await fixture.up(args, first);
    expect(outputs).toMatchObject({ status: "online", warnings: [] });
  });

  test("is submitted again when an input of the service changed", async () => {
    await fixture.emulator.rds.shapeRestore({ checkdbFails: true });
    const args = { backup: await fixture.backup("erp.bak") };
    const first = await fixture.up({ ...args, checkDb: "sync" });
    expect(first.outputs).toMatchObject({ failure: { code: "TASK_CHECKDB_FAILED" } });
    await fixture.emulator.rds.removeDatabase({ instanceId: fixture.emulator.instanceId, name: "erp" });
    const { outputs } = await fixture.up({ ...args, checkDb: "async" }, first);
    expect(outputs.status).toBe("online");
  });

  test("of a backup in the bucket is submitted again when the object was replaced", async () => {
    const { bucket } = fixture.emulator;
    await fixture.emulator.oss.putObject(bucket, "erp.bak", await fixture.backup("erp.bak"));
    await fixture.emulator.rds.shapeRestore({ failWith: "Failed to verify erp.bak, backup file was corrupted." });
    const args = { backup: `oss://${bucket}/erp.bak` };
    const first = await fixture.up(args);
    const second = await fixture.up(args, first);
    expect(second.outputs).toMatchObject({ failure: { code: "TASK_VERIFY_FAILED" } });
    expect(sends()).toBe(1);
    const better = await fixture.backup("better.bak", { startDate: "2024-06-01T02:00:00" });
    await fixture.emulator.oss.putObject(bucket, "erp.bak", better);
    expect((await fixture.up(args, second)).outputs.status).toBe("online");
  });

  test("twice: the first failure is not taken for the result of the third submission", async () => {
    await fixture.emulator.rds.shapeRestore({ failWith: "The migration task is terminated.", times: 2 });
    const args = { backup: await fixture.backup("erp.bak") };
    const first = await fixture.up(args);
    const second = await fixture.up(args, first);
    expect(second.outputs.status).toBe("failed");
    expect(second.outputs.migrateTaskId).not.toBe(first.outputs.migrateTaskId);
    const third = await fixture.up(args, second);
    expect(third.outputs.status).toBe("online");
    expect(await fixture.tasks()).toHaveLength(3);
  });

  test("that a killed run submitted again is found, not sent once more", async () => {
    await fixture.emulator.rds.shapeRestore({ failWith: "The migration task is terminated." });
    const args = { backup: await fixture.backup("erp.bak") };
    const first = await fixture.up(args);
    await fixture.up(args, first); // its result never reached the state
    const { outputs } = await fixture.up(args, first);
    expect(outputs).toMatchObject({ status: "online", migrateTaskId: (await fixture.tasks())[1]?.id });
    expect(await fixture.tasks()).toHaveLength(2);
  });
});

describe("a task that the service has forgotten", () => {
  const LONG_AGO = "2020-01-01T00:00:00.000Z";
  const forget = async (state: Recorded): Promise<Recorded> => {
    const { instanceId } = fixture.emulator;
    await fixture.emulator.rds.removeTask({ instanceId, taskId: String(state.outputs.migrateTaskId) });
    return { ...state, outputs: { ...state.outputs, startedAt: LONG_AGO } };
  };

  test("counts as finished, with a warning, when its database is online", async () => {
    const args = { backup: await fixture.backup("erp.bak") };
    const first = await fixture.up({ ...args, wait: "submitted" });
    await fixture.emulator.rds.setDatabase({ instanceId: fixture.emulator.instanceId, name: "erp" });
    const { outputs } = await fixture.up(args, await forget(first));
    expect(outputs).toMatchObject({ status: "online", warnings: [expect.stringContaining("no longer knows")] });
  });

  test("counts as failed when it has no database, and the next up migrates again", async () => {
    await fixture.emulator.rds.shapeRestore({ holdAt: "queued" });
    const args = { backup: await fixture.backup("erp.bak") };
    const first = await fixture.up({ ...args, wait: "submitted" });
    const second = await fixture.up(args, await forget(first));
    expect(second.outputs).toMatchObject({ status: "failed", failure: { code: "TASK_FORGOTTEN" } });
    expect((await fixture.up(args, second)).outputs.status).toBe("online");
  });

  test("is waited for while it is recent: a lagging list proves nothing", async () => {
    const args = { backup: await fixture.backup("erp.bak"), timeout: "1500ms" };
    const first = await fixture.up({ ...args, wait: "submitted" });
    const { startedAt } = first.outputs;
    const forgotten = await forget(first);
    const young = { ...forgotten, outputs: { ...forgotten.outputs, startedAt } };
    const { outputs, failed } = await fixture.up(args, young);
    expect(outputs.status).toBe("restoring");
    expect(failed?.reasons[0]).toContain("no longer known to the service");
    expect(sends()).toBe(1);
  });
});

test("an online database stays as it is, even when the engine calls update", async () => {
  const { instanceId } = fixture.emulator;
  const args = { backup: await fixture.backup("erp.bak") };
  const done = await fixture.up(args);
  await fixture.emulator.rds.removeDatabase({ instanceId, name: "erp" });
  // The state holds an init error, so the engine calls update although diff reports no change.
  const asked = { ...done, failed: new InitError(done.id, {}, {}, ["an earlier run"]) };
  const mark = fixture.mark;
  expect((await fixture.up(args, asked)).outputs).toEqual(done.outputs);
  const { migrateTaskId, ...adopted } = done.outputs;
  expect((await fixture.up(args, { ...asked, outputs: adopted })).outputs).toEqual(adopted);
  expect(fixture.since(mark)).toEqual([]);
});
