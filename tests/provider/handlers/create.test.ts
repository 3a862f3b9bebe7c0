import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { FaultRuleInput } from "../../../emulator/faults/fault-rule";
import { create } from "../../../provider/handlers/create";
import { messages, PROVIDER_MARK, Scene, URN, until } from "../../../testing/scene";
import { haveSamples, samplePath } from "../backup/samples";
import { NO_BASELINE } from "../support/no-baseline";

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

describe("a local backup", () => {
  test("is uploaded, submitted once and online in the end", async () => {
    const backup = await scene.backup("nightly.bak");
    const { id, outputs, log } = await scene.up({ backup });
    const [object] = scene.emulator.oss.objects(scene.emulator.bucket);
    const [task] = await scene.tasks();
    expect(id).toBe(`${scene.emulator.instanceId}/erp`);
    expect(outputs).toMatchObject({
      status: "online",
      databaseName: "erp",
      migrateTaskId: task?.id,
      objectKey: "erp_FULL_20240501020000.bak",
      objectCrc64: object?.crc64,
      sizeBytes: object?.sizeBytes,
      dataAsOf: "2024-05-01T02:01:00",
      backup,
      warnings: [],
      __provider: PROVIDER_MARK,
    });
    expect(outputs).not.toHaveProperty("uploadId");
    expect(outputs).not.toHaveProperty("failure");
    expect(await scene.databases()).toMatchObject([{ name: "erp", status: "Running" }]);
    expect(scene.requests("CreateMigrateTask")).toHaveLength(1);
    expect(new Set(log.map(({ urn }) => urn))).toEqual(new Set([URN]));
    expect(messages(log, "info")).toEqual([
      NO_BASELINE,
      expect.stringMatching(/^oss:.*: uploaded, 90\.5 KiB sent in .*ETag "[^"]+", CRC64 \d+, RequestId \w+$/),
      expect.stringMatching(new RegExp(`^created migration task ${task?.id} \\(RequestId [0-9A-F-]+\\)$`)),
    ]);
    expect(messages(log, "status")).toContainEqual(expect.stringMatching(/^uploading: \d+ % of/));
    expect(messages(log, "status")).toContainEqual(`task ${task?.id} Running`);
  });

  test("goes into the folder under the destination's name", async () => {
    const backup = await scene.backup("nightly.bak");
    const { outputs } = await scene.up({ backup, folder: "/2026/may", databaseName: "erp_new" });
    expect(outputs).toMatchObject({ status: "online", objectKey: "2026/may/erp_new_FULL_20240501020000.bak" });
  });

  test("asks RDS for what the arguments say", async () => {
    await scene.up({ backup: await scene.backup("erp.bak"), checkDb: "sync" });
    expect(scene.requests("CreateMigrateTask")[0]?.detail).toMatchObject({
      BackupMode: "FULL",
      IsOnlineDB: "True",
      CheckDBMode: "SyncExecuteDBCheck",
      DBName: "erp",
      OssObjectPositions: `oss-cn-hangzhou.aliyuncs.com:${scene.emulator.bucket}:erp_FULL_20240501020000.bak`,
    });
  });

  const sample = "DoubleDiffing/difftest-full.bak";
  (haveSamples && existsSync(samplePath(sample)) ? test : test.skip)("of a real server arrives too", async () => {
    const backup = join(scene.folder, "difftest.bak");
    copyFileSync(samplePath(sample), backup);
    const { outputs } = await scene.up({ backup });
    expect(outputs).toMatchObject({ status: "online", backupInfo: { DatabaseName: outputs.databaseName } });
  });
});

test("a backup that is in the bucket is located and nothing is uploaded", async () => {
  const { bucket } = scene.emulator;
  await scene.emulator.oss.putObject(bucket, "old/erp.bak", await scene.backup("erp.bak"));
  const { outputs } = await scene.up({ backup: `oss://${bucket}/old/erp.bak` });
  expect(outputs).toMatchObject({ status: "online", objectKey: "old/erp.bak", databaseName: "erp" });
  expect(scene.requests("InitiateMultipartUpload")).toEqual([]);
});

test("with wait: submitted it returns while the service restores", async () => {
  await scene.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const { outputs, failed } = await scene.up({ backup: await scene.backup("erp.bak"), wait: "submitted" });
  expect(failed).toBeUndefined();
  expect(outputs).toMatchObject({ status: "submitted", migrateTaskId: (await scene.tasks())[0]?.id });
});

test("at the time-out the state is kept in the form that the host can save, and the reason names the task", async () => {
  await scene.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const { outputs, failed, id } = await scene.up({ backup: await scene.backup("erp.bak"), timeout: "2s" });
  expect(id).toBe(`${scene.emulator.instanceId}/erp`);
  expect(failed?.reasons).toEqual([expect.stringMatching(/not finished within 2s; migration task \d+ of erp goes on/)]);
  expect(outputs).toMatchObject({ status: "restoring", __provider: PROVIDER_MARK, timeout: "2s" });
  expect(JSON.parse(JSON.stringify(outputs))).toStrictEqual(outputs);
});

test("the time-out ends an upload too, and what is uploaded stays", async () => {
  const backup = await scene.backup("erp.bak", { dataBytes: 1_000_000 });
  const { outputs, failed } = await scene.up({
    backup,
    timeout: "1500ms",
    upload: { partSize: 102_400, rateLimit: 102_400 },
  });
  expect(failed?.reasons[0]).toMatch(/not finished within 1500ms; the upload of .* is unfinished/);
  const [upload] = scene.emulator.oss.uploads();
  expect(outputs).toMatchObject({ status: "uploading", uploadId: upload?.uploadId });
  expect(outputs).not.toHaveProperty("failure");
});

test("a run that is told to stop returns what it knows", async () => {
  const { outputs, failed } = await scene.upToRestoring({ backup: await scene.backup("erp.bak") });
  expect(failed?.reasons[0]).toMatch(/^erp: stopped by the test; migration task \d+ of erp goes on/);
  expect(outputs).toMatchObject({ migrateTaskId: (await scene.tasks())[0]?.id });
});

test("a run that is told to stop while it waits to submit says that nothing was submitted", async () => {
  scene.emulator.faults.add({
    match: { action: "CreateMigrateTask" },
    effect: { kind: "refuse", status: 403, code: "IncorrectDBInstanceState" },
  });
  const args = { backup: await scene.backup("erp.bak"), pollInterval: "10s" };
  const isRefused = () => scene.requests("CreateMigrateTask").length > 0;
  const { outputs, failed } = await scene.upUntil(isRefused, args);
  expect(outputs).toMatchObject({ status: "uploaded", objectCrc64: expect.any(String) });
  expect(failed?.reasons[0]).toMatch(/stopped by the test; erp_FULL.* is uploaded, and no migration task is recorded/);
});

describe("killed between two steps, without a state", () => {
  test("after the upload: the object is taken as it is", async () => {
    const backup = await scene.backup("erp.bak");
    scene.emulator.faults.add({
      match: { action: "CreateMigrateTask" },
      times: 1,
      effect: { kind: "refuse", status: 403, code: "Forbidden.RAM" },
    });
    await scene.up({ backup });
    const again = await scene.up({ backup });
    expect(again.outputs.status).toBe("online");
    expect(scene.requests("UploadPart")).toHaveLength(1);
    expect(scene.requests("CompleteMultipartUpload")).toHaveLength(1);
    expect(await scene.tasks()).toHaveLength(1);
  });

  test("in the middle of the upload: the parts that are there are not sent again", async () => {
    const backup = await scene.backup("erp.bak", { dataBytes: 1_000_000 });
    const killed = await scene.upToUploading({ backup });
    await scene.emulator.idle();
    const there = scene.emulator.oss.uploads()[0]?.parts.length ?? 0;
    const mark = scene.mark;
    const { outputs } = await scene.up({ backup });
    expect(outputs.status).toBe("online");
    const all = Math.ceil(Number(killed.outputs.sizeBytes) / 102_400);
    expect(scene.since(mark).filter((each) => each === "oss:UploadPart")).toHaveLength(all - there);
    expect(scene.requests("InitiateMultipartUpload")).toHaveLength(1);
  });

  test.each(["queued", "restoring"] as const)("while the task is %s: it is continued", async (holdAt) => {
    const backup = await scene.backup("erp.bak");
    await scene.emulator.rds.shapeRestore({ holdAt });
    await scene.upUntil(() => scene.isTaskAt(holdAt), { backup });
    const running = scene.up({ backup });
    await until(() => scene.requests("DescribeOssDownloads").length > 0);
    await scene.emulator.rds.clearShapes({});
    const { outputs, log } = await running;
    const [task, ...others] = await scene.tasks();
    expect(others).toEqual([]);
    expect(outputs).toMatchObject({ status: "online", migrateTaskId: task?.id, warnings: [] });
    expect(scene.requests("CompleteMultipartUpload")).toHaveLength(1);
    expect(messages(log, "info")).toContainEqual(expect.stringContaining(`continues migration task ${task?.id}`));
  });

  test("after the end: the result is recorded, though the name is taken now", async () => {
    const backup = await scene.backup("erp.bak");
    const done = await scene.up({ backup });
    const again = await scene.up({ backup });
    expect(again.outputs).toMatchObject({ status: "online", migrateTaskId: done.outputs.migrateTaskId });
    expect(await scene.tasks()).toHaveLength(1);
  });

  test("after the end on an edition that does not tell a task's files: recorded with a warning", async () => {
    await scene.emulator.rds.setInstance({
      id: scene.emulator.instanceId,
      unsupportedActions: ["DescribeOssDownloads"],
    });
    const backup = await scene.backup("erp.bak");
    await scene.up({ backup });
    const { outputs, log } = await scene.up({ backup });
    expect(outputs).toMatchObject({
      status: "online",
      warnings: [expect.stringContaining("was taken as this migration's")],
    });
    expect(messages(log, "warning")).toHaveLength(1);
  });
});

describe("CreateMigrateTask without a usable answer", () => {
  const done: [string, FaultRuleInput["effect"]][] = [
    ["the connection breaks before the reply", { kind: "reset", at: "after" }],
    ["the reply breaks off", { kind: "truncate", bytes: 20 }],
    ["the reply takes longer than the time-out", { kind: "delay", ms: 1_500, at: "after" }],
    ["a proxy answers with a page", { kind: "html", status: 502, afterwards: true }],
    ["a proxy answers with a page and 200", { kind: "html", status: 200, afterwards: true }],
  ];
  test.each(done)("accepted, but %s: the task is found and no second one sent", async (_, effect) => {
    scene.emulator.faults.add({ match: { action: "CreateMigrateTask" }, times: 1, effect });
    const { outputs } = await scene.up({ backup: await scene.backup("erp.bak") });
    expect(outputs.status).toBe("online");
    expect(await scene.tasks()).toHaveLength(1);
    expect(scene.requests("CreateMigrateTask")).toHaveLength(1);
  });

  const lost: [string, FaultRuleInput["effect"]][] = [
    ["the connection breaks on the way there", { kind: "reset", at: "before" }],
    ["the service has a fault of its own", { kind: "refuse", status: 500, code: "InternalError" }],
    ["a proxy answers instead", { kind: "html", status: 503 }],
  ];
  test.each(lost)("not accepted, because %s: sent again after a look, one task", async (_, effect) => {
    scene.emulator.faults.add({ match: { action: "CreateMigrateTask" }, times: 1, effect });
    const { outputs } = await scene.up({ backup: await scene.backup("erp.bak"), pollInterval: "20ms" });
    expect(outputs.status).toBe("online");
    expect(await scene.tasks()).toHaveLength(1);
    expect(scene.requests("CreateMigrateTask")).toHaveLength(2);
  });

  test("never accepted: gives up after a few, keeps the state, and the next run makes one task", async () => {
    const rule = scene.emulator.faults.add({
      match: { action: "CreateMigrateTask" },
      effect: { kind: "reset", at: "before" },
    });
    const args = { backup: await scene.backup("erp.bak"), pollInterval: "10ms" };
    const first = await scene.up(args);
    expect(first.outputs).toMatchObject({ status: "uploaded", failure: { code: "CREATE_UNSETTLED", retryable: true } });
    expect(scene.requests("CreateMigrateTask").length).toBeLessThanOrEqual(3);
    scene.emulator.faults.remove(rule);
    const { outputs } = await scene.up(args, first);
    expect(outputs.status).toBe("online");
    expect(outputs).not.toHaveProperty("failure");
    expect(await scene.tasks()).toHaveLength(1);
  });

  test("the list fails too: the state is kept and the next run finds the task", async () => {
    const { faults } = scene.emulator;
    faults.add({ match: { action: "CreateMigrateTask" }, times: 1, effect: { kind: "reset", at: "after" } });
    faults.add({ match: { action: "DescribeMigrateTasks" }, nth: [2, 3, 4, 5, 6, 7, 8], effect: { kind: "html" } });
    const args = { backup: await scene.backup("erp.bak") };
    const first = await scene.up(args);
    expect(first.outputs).toMatchObject({ status: "uploaded", failure: { code: "ANSWER_UNREADABLE" } });
    const { outputs } = await scene.up(args, first);
    expect(outputs.status).toBe("online");
    expect(await scene.tasks()).toHaveLength(1);
  });
});

describe("an edition that does not list tasks", () => {
  beforeEach(() =>
    scene.emulator.rds.setInstance({ id: scene.emulator.instanceId, unsupportedActions: ["DescribeMigrateTasks"] }),
  );

  test("is migrated into: that no earlier run has begun, the claim shows", async () => {
    const { outputs } = await scene.up({ backup: await scene.backup("erp.bak") });
    expect(outputs).toMatchObject({ status: "online", warnings: [] });
  });

  test("is not sent a second call after an answer that got lost: only the user can tell", async () => {
    scene.emulator.faults.add({
      match: { action: "CreateMigrateTask" },
      times: 1,
      effect: { kind: "reset", at: "after" },
    });
    const args = { backup: await scene.backup("erp.bak"), pollInterval: "20ms" };
    const first = await scene.up(args);
    expect(first.outputs).toMatchObject({ failure: { code: "CREATE_UNSETTLED" } });
    expect(scene.requests("CreateMigrateTask")).toHaveLength(1);
    const adopt = String((await scene.tasks())[0]?.id);
    expect((await scene.up({ ...args, adopt }, first)).outputs).toMatchObject({
      status: "online",
      migrateTaskId: adopt,
    });
  });
});

test("a look that fails before anything was sent is not taken for a call without an answer", async () => {
  scene.emulator.faults.add({
    match: { action: "DescribeDBInstanceAttribute" },
    effect: { kind: "html", status: 502 },
  });
  const { outputs } = await scene.up({ backup: await scene.backup("erp.bak") });
  expect(outputs).toMatchObject({ status: "uploaded", failure: { code: "ANSWER_UNREADABLE", retry: "passes" } });
  expect(scene.requests("CreateMigrateTask")).toEqual([]);
});

describe("refusals", () => {
  test("throttling and a busy instance pass: it is asked again", async () => {
    const { faults } = scene.emulator;
    faults.add({
      match: { action: "CreateMigrateTask" },
      nth: 1,
      effect: { kind: "refuse", status: 400, code: "Throttling.User" },
    });
    faults.add({
      match: { action: "CreateMigrateTask" },
      nth: 2,
      effect: { kind: "refuse", status: 403, code: "IncorrectDBInstanceState" },
    });
    const { outputs, log } = await scene.up({ backup: await scene.backup("erp.bak") });
    expect(outputs.status).toBe("online");
    expect(messages(log, "status")).toContainEqual(expect.stringContaining("waiting to submit: CreateMigrateTask"));
  });

  test("a daily limit that does not pass within the time-out ends the run with its remedy and keeps the upload", async () => {
    await scene.emulator.rds.setLimits({ perDatabaseAndDay: 0 });
    const { outputs, failed } = await scene.up({ backup: await scene.backup("erp.bak"), timeout: "1s" });
    expect(failed?.reasons[0]).toMatch(/^API_DAILY_LIMIT_DATABASE: .*UploadLimitExceeded.*RequestId.*tomorrow/);
    expect(outputs).toMatchObject({ status: "uploaded", failure: { retry: "passes", requestId: expect.any(String) } });
  });

  test.each([
    ["InvalidDBName", 403, "API_DB_NAME"],
    ["IncorrectDBInstanceType", 400, "API_INSTANCE_TYPE"],
    ["BakFileSizeExceeded", 400, "API_BAK_TOO_LARGE"],
    ["SomethingNew", 400, "API_REFUSED"],
  ])("%s for good is a failed migration with code, words and remedy", async (code, status, ours) => {
    scene.emulator.faults.add({
      match: { action: "CreateMigrateTask" },
      effect: { kind: "refuse", status, code, message: "In its own words." },
    });
    const { outputs, failed } = await scene.up({ backup: await scene.backup("erp.bak") });
    expect(failed?.reasons[0]).toContain(`${code} "In its own words."`);
    expect(outputs).toMatchObject({ status: "failed", failure: { code: ours } });
    expect(scene.requests("CreateMigrateTask")).toHaveLength(1);
  });

  test("before anything exists in the cloud, the error leaves no state", async () => {
    scene.emulator.faults.add({
      match: { action: "InitiateMultipartUpload" },
      effect: { kind: "refuse", status: 403, code: "AccessDenied", message: "No." },
    });
    const backup = await scene.backup("erp.bak");
    const thrown = await scene.up({ backup }).catch((error: Error) => error);
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown).toMatchObject({ message: expect.stringMatching(/^OSS_ACCESS_DENIED: .*oss:PutObject/), stack: "" });
    expect(thrown).not.toHaveProperty("id");
  });
});

describe("adopt", () => {
  test("true records a database that is online, and touches nothing", async () => {
    const { instanceId } = scene.emulator;
    await scene.emulator.rds.setDatabase({ instanceId, name: "ERP" });
    const { outputs, id } = await scene.up({ backup: await scene.backup("erp.bak"), adopt: true });
    expect(id).toBe(`${instanceId}/erp`);
    expect(outputs).toMatchObject({ status: "online", statusText: expect.stringContaining("adopted") });
    expect(scene.requests("CreateMigrateTask")).toEqual([]);
    expect(scene.requests("InitiateMultipartUpload")).toEqual([]);
  });

  test.each([
    ["none is there", undefined],
    ["it is still being restored", "restoring"],
  ])("true is refused when %s", async (_, status) => {
    const { instanceId } = scene.emulator;
    if (status !== undefined) await scene.emulator.rds.setDatabase({ instanceId, name: "erp", status });
    const backup = await scene.backup("erp.bak");
    await expect(scene.up({ backup, adopt: true })).rejects.toThrow(/^ADOPT_NO_DATABASE: \[adopt\]/);
  });

  test("true needs no backup file: it may be long gone", async () => {
    await scene.emulator.rds.setDatabase({ instanceId: scene.emulator.instanceId, name: "erp" });
    const { outputs } = await scene.up({ backup: "gone.bak", databaseName: "erp", adopt: true });
    expect(outputs.status).toBe("online");
  });

  test("a task id takes this task, waits for it and creates none", async () => {
    const args = { backup: await scene.backup("erp.bak") };
    const lost = await scene.up({ ...args, wait: "submitted" });
    const adopt = String(lost.outputs.migrateTaskId);
    const { outputs } = await scene.up({ ...args, adopt });
    expect(outputs).toMatchObject({ status: "online", migrateTaskId: adopt });
    expect(await scene.tasks()).toHaveLength(1);
  });

  test("a task id that does not exist, or restores another database, is refused", async () => {
    const backup = await scene.backup("erp.bak");
    const other = await scene.up({ backup: await scene.backup("crm.bak", { databaseName: "crm" }) });
    await expect(scene.up({ backup, adopt: "999" })).rejects.toThrow(/^ADOPT_NO_TASK: .*999/);
    const adopt = String(other.outputs.migrateTaskId);
    await expect(scene.up({ backup, adopt })).rejects.toThrow(
      /^ADOPT_OTHER_DATABASE: .*restores the database crm, not erp/,
    );
    expect(await scene.tasks()).toHaveLength(1);
  });

  test("the id of a failed task is that failure, and another up creates none either", async () => {
    await scene.emulator.rds.shapeRestore({ failWith: "Failed to open database erp." });
    const args = { backup: await scene.backup("erp.bak") };
    const lost = await scene.up(args);
    const adopt = String(lost.outputs.migrateTaskId);
    const adopted = await scene.up({ ...args, adopt });
    expect(adopted.outputs).toMatchObject({ status: "failed", failure: { code: "TASK_OPEN_FAILED" } });
    await scene.up({ ...args, adopt, checkDb: "sync" }, adopted);
    expect(await scene.tasks()).toHaveLength(1);
  });
});

test("tasks that cannot be told apart are named, and the id that the user then gives is taken", async () => {
  const { instanceId } = scene.emulator;
  await scene.emulator.rds.setInstance({ id: instanceId, unsupportedActions: ["DescribeOssDownloads"] });
  const args = { backup: await scene.backup("erp.bak") };
  // Two tasks for the name, both at work by their words: somebody else began one by hand.
  const taskIds: string[] = [];
  for (let each = 0; each < 2; each += 1) {
    const { outputs } = await scene.up(args);
    taskIds.push(String(outputs.migrateTaskId));
    await scene.emulator.rds.removeDatabase({ instanceId, name: "erp" });
  }
  for (const taskId of taskIds) await scene.emulator.rds.setTask({ instanceId, taskId, status: "Running" });
  const torn = await scene.up(args);
  expect(torn.failed?.reasons[0]).toMatch(/^TASK_AMBIGUOUS: .*adopt/);
  for (const taskId of taskIds) expect(torn.failed?.reasons[0]).toContain(taskId);
  expect(await scene.tasks()).toHaveLength(2);
  const [adopt = ""] = taskIds;
  const taken = await scene.up({ ...args, adopt, wait: "submitted" }, torn);
  expect(taken.outputs).toMatchObject({ status: "restoring", migrateTaskId: adopt });
  expect(taken.outputs).not.toHaveProperty("failure");
  expect(await scene.tasks()).toHaveLength(2);
});

test("an unexpected word as status is shown and waited out, not taken for an end", async () => {
  const { instanceId } = scene.emulator;
  const args = { backup: await scene.backup("erp.bak"), timeout: "2500ms" };
  const submitted = await scene.up({ ...args, wait: "submitted" });
  const taskId = String(submitted.outputs.migrateTaskId);
  await scene.emulator.rds.setTask({ instanceId, taskId, status: "Verifying", description: "phase 2" });
  const waiting = await scene.up(args, submitted);
  expect(waiting.outputs).toMatchObject({ status: "restoring", statusText: "Verifying: phase 2" });
  expect(waiting.failed?.reasons[0]).toContain("Verifying: phase 2");
});

test("a Success that names damage is online with a warning that is kept", async () => {
  await scene.emulator.rds.shapeRestore({ successDescription: "DBCC checkdb failed" });
  const { outputs, log } = await scene.up({ backup: await scene.backup("erp.bak") });
  expect(outputs).toMatchObject({ status: "online", warnings: [expect.stringContaining("DBCC CHECKDB found damage")] });
  expect(messages(log, "warning")).toEqual(outputs.warnings);
});

test("a backup that no preview could look at is examined at up: what is unfit sends nothing", async () => {
  const backup = await scene.backup("erp.trn", { type: "log" });
  const inputs = { ...scene.args({ backup, databaseName: "erp" }) };
  const { session } = scene.process();
  await expect(create(session, new AbortController().signal, inputs)).rejects.toThrow(
    /^BACKUP_UNFIT: BACKUP_NOT_FULL: .*Nothing was uploaded/,
  );
  expect(scene.since(0)).toEqual([]);
});

test("a database name that check could not look up is read at up", async () => {
  const { bucket } = scene.emulator;
  await scene.emulator.oss.putObject(bucket, "erp.bak", await scene.backup("erp.bak"));
  scene.emulator.faults.add({
    match: { action: "HeadObject" },
    times: 1,
    effect: { kind: "refuse", status: 403, code: "AccessDenied" },
  });
  const { outputs, id } = await scene.up({ backup: `oss://${bucket}/erp.bak` });
  expect({ id, ...outputs }).toMatchObject({
    id: `${scene.emulator.instanceId}/erp`,
    databaseName: "erp",
    status: "online",
  });
});
