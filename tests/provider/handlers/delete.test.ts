import { Fixture, messages, type Recorded, until } from "../../../testing/fixture";
import { writeHistory } from "../increments/chain-fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

const restoring = async (onDestroy?: "keep" | "stop"): Promise<Recorded> =>
  fixture.upToRestoring({ backup: await fixture.backup("erp.bak"), onDestroy });

const uploading = async (): Promise<Recorded> =>
  fixture.upToUploading({ backup: await fixture.backup("erp.bak", { dataBytes: 1_000_000 }) });

test("aborts the unfinished upload of an increment too", async () => {
  const [full = "", log = ""] = await writeHistory(fixture, ["full", "log"], { logBytes: 1_000_000 });
  const waiting = await fixture.up({ backup: full, phase: "restoring" });
  expect(waiting.outputs.status).toBe("waitingForIncrements");
  const upload = { partSize: 102_400, parallel: 1, rateLimit: 400_000 };
  const args = { backup: full, phase: "restoring", increments: [log], upload };
  const isHalfDone = () => fixture.emulator.oss.uploads().some(({ parts }) => parts.length >= 3);
  const stopped = await fixture.upUntil(isHalfDone, args, waiting);
  expect(fixture.emulator.oss.uploads()).toHaveLength(1);
  await fixture.destroy(stopped);
  expect(fixture.emulator.oss.uploads()).toEqual([]);
});

test("removes a finished migration with one request for its lock, and keeps its database", async () => {
  const done = await fixture.up({ backup: await fixture.backup("erp.bak"), onDestroy: "stop" });
  const mark = fixture.mark;
  await fixture.destroy(done);
  expect(fixture.since(mark)).toEqual(["oss:GetObject"]);
  expect(await fixture.databases()).toMatchObject([{ name: "erp", status: "Running" }]);
});

test("keeps a running task and logs it", async () => {
  const log = await fixture.destroy(await restoring());
  const [task] = await fixture.tasks();
  expect(task?.stage).toBe("restoring");
  expect(messages(log, "info")).toEqual([
    expect.stringMatching(new RegExp(`task ${task?.id} of erp is still Running .*not stopped`)),
  ]);
});

test("stops a running task with onDestroy: stop", async () => {
  const log = await fixture.destroy(await restoring("stop"));
  const [task] = await fixture.tasks();
  expect(task).toMatchObject({ stage: "failed", description: expect.stringContaining("terminated") });
  expect(messages(log, "info")).toEqual([
    `stopped migration task ${task?.id} of erp on ${fixture.emulator.instanceId}`,
  ]);
});

test("never stops a task that waits for increments: the effect on its database is not documented", async () => {
  const known = await restoring("stop");
  const taskId = String(known.outputs.migrateTaskId);
  await fixture.emulator.rds.setTask({ instanceId: fixture.emulator.instanceId, taskId, status: "Waiting" });
  const log = await fixture.destroy(known);
  expect(fixture.requests("TerminateMigrateTask")).toEqual([]);
  expect(messages(log, "info")).toEqual([expect.stringContaining("is still Waiting")]);
});

test("treats a task as stopped when the reply to the call was lost", async () => {
  const known = await restoring("stop");
  fixture.emulator.faults.add({
    match: { action: "TerminateMigrateTask" },
    times: 1,
    effect: { kind: "reset", at: "after" },
  });
  await fixture.destroy(known);
  expect((await fixture.tasks())[0]?.stage).toBe("failed");
});

test("sends no call for a task that has ended by itself", async () => {
  const known = await fixture.up({ backup: await fixture.backup("erp.bak"), wait: "submitted", onDestroy: "stop" });
  await until(() => fixture.isTaskAt("succeeded"));
  await fixture.destroy(known);
  expect(fixture.requests("TerminateMigrateTask")).toEqual([]);
  expect(await fixture.databases()).toMatchObject([{ status: "Running" }]);
});

describe("an upload of its key that is not recorded, because the run that began it was killed", () => {
  /** The record of a run that ended before its upload had an id. */
  async function withoutUploadId(): Promise<Recorded> {
    const known = await uploading();
    const { uploadId: _unrecorded, ...outputs } = known.outputs;
    return { ...known, outputs };
  }

  test("is aborted", async () => {
    await fixture.destroy(await withoutUploadId());
    expect(fixture.emulator.oss.uploads()).toEqual([]);
  });

  test("is aborted when the record names an earlier upload", async () => {
    const known = await uploading();
    await fixture.destroy({ ...known, outputs: { ...known.outputs, uploadId: "0004B9894A22E5B1888A1E29F8236E2D" } });
    expect(fixture.emulator.oss.uploads()).toEqual([]);
  });

  test("stays with a warning where the right to list uploads is missing", async () => {
    const known = await withoutUploadId();
    fixture.emulator.faults.add({
      match: { action: "ListMultipartUploads" },
      effect: { kind: "refuse", status: 403, code: "AccessDenied", message: "No." },
    });
    const log = await fixture.destroy(known);
    expect(fixture.emulator.oss.uploads()).toHaveLength(1);
    expect(messages(log, "warning")).toEqual([
      expect.stringMatching(
        /^unfinished uploads of oss:.*\.bak may stay.*OSS_ACCESS_DENIED: .*oss:ListMultipartUploads/s,
      ),
    ]);
  });

  test("stays when the program names the object in the bucket: uploads of such a key are not the migration's", async () => {
    const known = await withoutUploadId();
    const { bucket, objectKey } = known.outputs;
    const outputs = { ...known.outputs, backup: `oss://${bucket}/${objectKey}` };
    await fixture.destroy({ ...known, outputs });
    expect(fixture.emulator.oss.uploads()).toHaveLength(1);
  });
});

test("aborts only its own unfinished upload", async () => {
  const known = await uploading();
  const crm = await fixture.backup("crm.bak", { databaseName: "crm", dataBytes: 1_000_000 });
  const slow = { partSize: 102_400, parallel: 1, rateLimit: 102_400 };
  // A part shows that the other run has the id of its upload and will record it.
  const isUnderWay = () =>
    fixture.emulator.oss.uploads().some(({ key, parts }) => key.startsWith("crm_") && parts.length > 0);
  await fixture.upUntil(isUnderWay, { backup: crm, upload: slow });
  await fixture.destroy(known);
  expect(fixture.emulator.oss.uploads().map(({ key }) => key)).toEqual([expect.stringMatching(/^crm_/)]);
});

test("aborts the upload of another stack to the same key, which begins it again", async () => {
  const known = await uploading();
  const { backup } = known.inputs;
  const [first] = fixture.emulator.oss.uploads();
  const other = fixture.up({ backup, upload: { partSize: 102_400, parallel: 1, rateLimit: 400_000 } });
  const before = first?.parts.length ?? 0;
  await until(() => (fixture.emulator.oss.uploads()[0]?.parts.length ?? 0) > before);
  await fixture.destroy(known);
  expect((await other).outputs.status).toBe("online");
  const ids = fixture.requests("InitiateMultipartUpload");
  expect(ids).toHaveLength(2);
  expect(fixture.emulator.oss.uploads()).toEqual([]);
});

describe("succeeds without", () => {
  test("its upload", async () => {
    const known = await uploading();
    await fixture.destroy(known);
    await expect(fixture.destroy(known)).resolves.toEqual([]);
  });

  test("its bucket", async () => {
    const known = await uploading();
    fixture.emulator.oss.removeBucket(fixture.emulator.bucket);
    await expect(fixture.destroy(known)).resolves.toEqual([]);
  });

  test("its instance", async () => {
    const known = await restoring("stop");
    await fixture.emulator.rds.removeInstance({ instanceId: fixture.emulator.instanceId });
    await expect(fixture.destroy(known)).resolves.toEqual([]);
  });

  test("its task", async () => {
    const known = await restoring("stop");
    const taskId = String(known.outputs.migrateTaskId);
    await fixture.emulator.rds.removeTask({ instanceId: fixture.emulator.instanceId, taskId });
    await expect(fixture.destroy(known)).resolves.toEqual([]);
  });
});

test("reports a missing permission, because the record must stay", async () => {
  const known = await restoring("stop");
  await fixture.emulator.rds.forbidAction({ action: "*" });
  await expect(fixture.destroy(known)).rejects.toThrow(/^NOT_AUTHORIZED: /);
});

describe("a replacement in one run: delete, then create", () => {
  test("of a running task continues the task, and creates no second one", async () => {
    const known = await restoring();
    const replacing = fixture.replace({ backup: known.inputs.backup }, known);
    const requestsBefore = fixture.requests("DescribeOssDownloads").length;
    await until(() => fixture.requests("DescribeOssDownloads").length > requestsBefore + 1);
    await fixture.emulator.rds.clearShapes({});
    const again = await replacing;
    expect(again.outputs).toMatchObject({ status: "online", migrateTaskId: known.outputs.migrateTaskId });
    expect(await fixture.tasks()).toHaveLength(1);
  });

  test("of a running task that ends meanwhile keeps its database, and names the remedy", async () => {
    const known = await restoring();
    const again = await fixture.replace({ backup: known.inputs.backup }, known, async () => {
      await fixture.emulator.rds.clearShapes({});
      await until(() => fixture.isTaskAt("succeeded"));
    });
    expect(again.failed?.reasons).toEqual([
      expect.stringMatching(
        /^REPLACE_BLOCKED: .*without --replace.*choose another databaseName.*rename.*Drop it only if/s,
      ),
    ]);
    expect(again.outputs).toMatchObject({ status: "online", migrateTaskId: known.outputs.migrateTaskId });
    expect(await fixture.tasks()).toHaveLength(1);
  });

  test("of a running task with onDestroy: stop creates a new task after the first was stopped", async () => {
    const known = await restoring("stop");
    const again = await fixture.replace({ backup: known.inputs.backup, onDestroy: "stop" }, known);
    expect(again.outputs.status).toBe("online");
    expect(again.outputs.migrateTaskId).not.toBe(known.outputs.migrateTaskId);
    expect((await fixture.tasks()).map(({ stage }) => stage)).toEqual([
      "failed",
      expect.stringMatching(/verifying|succeeded/),
    ]);
  });

  test("of a finished migration whose database was dropped migrates again", async () => {
    const known = await fixture.up({ backup: await fixture.backup("erp.bak") });
    await fixture.emulator.rds.removeDatabase({ instanceId: fixture.emulator.instanceId, name: "erp" });
    const again = await fixture.replace({ backup: known.inputs.backup }, known);
    expect(again.outputs).toMatchObject({ status: "online" });
    expect(again.outputs.migrateTaskId).not.toBe(known.outputs.migrateTaskId);
    expect(await fixture.tasks()).toHaveLength(2);
  });

  test("of a finished migration whose database still exists is refused at preview, with the remedy", async () => {
    const known = await fixture.up({ backup: await fixture.backup("erp.bak") });
    const mark = fixture.mark;
    const replacing = fixture.replace({ backup: known.inputs.backup }, known);
    await expect(replacing).rejects.toThrow(
      /DATABASE_EXISTS: .*choose another databaseName, or rename.*Drop it only if/s,
    );
    expect(fixture.since(mark).filter((each) => each === "rds:CreateMigrateTask")).toEqual([]);
  });
});
