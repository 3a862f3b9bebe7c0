import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { FaultRuleInput } from "../../../emulator/faults/fault-rule";
import { create } from "../../../provider/handlers/create";
import { callOf, Fixture, messages, PROVIDER_MARK, URN, until } from "../../../testing/fixture";
import { haveSamples, samplePath } from "../backup/samples";
import { NO_BASELINE } from "../support/no-baseline";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

describe("a local backup", () => {
  test("is uploaded, submitted once and online at the end", async () => {
    const backup = await fixture.backup("nightly.bak");
    const { id, outputs, log } = await fixture.up({ backup });
    const [object] = fixture.emulator.oss.objects(fixture.emulator.bucket);
    const [task] = await fixture.tasks();
    expect(id).toBe(`${fixture.emulator.instanceId}/erp`);
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
    expect(await fixture.databases()).toMatchObject([{ name: "erp", status: "Running" }]);
    expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
    expect(new Set(log.map(({ urn }) => urn))).toEqual(new Set([URN]));
    expect(messages(log, "info")).toEqual([
      NO_BASELINE,
      expect.stringMatching(/^uploaded, 90\.5 KiB sent in .*\noss:.*: ETag "[^"]+", CRC64 \d+, RequestId \w+$/),
      expect.stringMatching(new RegExp(`^created migration task ${task?.id} \\(RequestId [0-9A-F-]+\\)$`)),
    ]);
    expect(messages(log, "status")).toContainEqual(expect.stringMatching(/^uploading: \d+ % of/));
    expect(messages(log, "status")).toContainEqual(`task ${task?.id} Running`);
  });

  test("is uploaded after connection resets, and the row shows the retries from the second on", async () => {
    fixture.emulator.faults.add({ match: { action: "UploadPart" }, times: 3, effect: { kind: "reset", at: "during" } });
    const { outputs, log } = await fixture.up({ backup: await fixture.backup("nightly.bak") });
    expect(outputs).toMatchObject({ status: "online" });
    expect(messages(log, "status").filter((line) => line.includes("retry"))).toEqual([
      expect.stringMatching(/^uploading: retry 2 of UploadPart, until \d\d:\d\d:\d\d UTC: (ECONNRESET|EPIPE), /),
    ]);
  });

  test("is uploaded to the folder under the destination's name", async () => {
    const backup = await fixture.backup("nightly.bak");
    const { outputs } = await fixture.up({ backup, folder: "/2026/may", databaseName: "erp_new" });
    expect(outputs).toMatchObject({ status: "online", objectKey: "2026/may/erp_new_FULL_20240501020000.bak" });
  });

  test("sends the arguments to RDS", async () => {
    await fixture.up({ backup: await fixture.backup("erp.bak"), checkDb: "sync" });
    expect(fixture.requests("CreateMigrateTask")[0]?.detail).toMatchObject({
      BackupMode: "FULL",
      IsOnlineDB: "True",
      CheckDBMode: "SyncExecuteDBCheck",
      DBName: "erp",
      OssObjectPositions: `oss-cn-hangzhou.aliyuncs.com:${fixture.emulator.bucket}:erp_FULL_20240501020000.bak`,
    });
  });

  const sample = "DoubleDiffing/difftest-full.bak";
  (haveSamples && existsSync(samplePath(sample)) ? test : test.skip)("of a real server arrives too", async () => {
    const backup = join(fixture.folder, "difftest.bak");
    copyFileSync(samplePath(sample), backup);
    const { outputs } = await fixture.up({ backup });
    expect(outputs).toMatchObject({ status: "online", backupInfo: { DatabaseName: outputs.databaseName } });
  });
});

test("an existing object is used and nothing is uploaded", async () => {
  const { bucket } = fixture.emulator;
  await fixture.emulator.oss.putObject(bucket, "old/erp.bak", await fixture.backup("erp.bak"));
  const { outputs } = await fixture.up({ backup: `oss://${bucket}/old/erp.bak` });
  expect(outputs).toMatchObject({ status: "online", objectKey: "old/erp.bak", databaseName: "erp" });
  expect(fixture.requests("InitiateMultipartUpload")).toEqual([]);
});

test("with wait: submitted it returns while the service restores", async () => {
  await fixture.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const { outputs, failed } = await fixture.up({ backup: await fixture.backup("erp.bak"), wait: "submitted" });
  expect(failed).toBeUndefined();
  expect(outputs).toMatchObject({ status: "submitted", migrateTaskId: (await fixture.tasks())[0]?.id });
});

test("at the timeout the outputs are in the form that the host can save, and the reason names the task", async () => {
  await fixture.emulator.rds.shapeRestore({ holdAt: "restoring" });
  const { outputs, failed, id } = await fixture.up({ backup: await fixture.backup("erp.bak"), timeout: "2s" });
  expect(id).toBe(`${fixture.emulator.instanceId}/erp`);
  expect(failed?.reasons).toEqual([
    expect.stringMatching(/not finished within 2s; migration task \d+ of erp continues/),
  ]);
  expect(outputs).toMatchObject({ status: "restoring", __provider: PROVIDER_MARK, timeout: "2s" });
  expect(JSON.parse(JSON.stringify(outputs))).toStrictEqual(outputs);
});

test("the first error of a run ends with the status command, but not that of a deferred migration", async () => {
  await fixture.emulator.rds.setLimits({ perDatabaseAndDay: 0 });
  const process = fixture.process();
  const fails = async (databaseName: string, more: object = {}) => {
    const backup = await fixture.backup(`${databaseName}.bak`, { databaseName });
    const { failed } = await fixture.up(
      { backup, timeout: "1s", resourceUrn: `${URN}-${databaseName}`, ...more },
      undefined,
      { process },
    );
    return failed?.reasons.join("\n") ?? "";
  };
  const hint = "\nTo see all databases at any time: npx --no sqlserver-migration status";
  expect(await fails("hr", { deferred: true })).toMatch(/^API_DAILY_LIMIT_DATABASE: .*tomorrow[^\n]*$/s);
  expect((await fails("erp")).split(hint)).toEqual([expect.stringMatching(/^API_DAILY_LIMIT_DATABASE: /), ""]);
  expect(await fails("crm")).toMatch(/^API_DAILY_LIMIT_DATABASE: /);
  expect(await fails("shop")).not.toContain(hint);
});

test("the timeout stops an upload, and the uploaded parts stay", async () => {
  const backup = await fixture.backup("erp.bak", { dataBytes: 1_000_000 });
  const { outputs, failed } = await fixture.up({
    backup,
    timeout: "1500ms",
    upload: { partSize: 102_400, rateLimit: 102_400 },
  });
  expect(failed?.reasons[0]).toMatch(/not finished within 1500ms; the upload of .* is unfinished/);
  const [upload] = fixture.emulator.oss.uploads();
  expect(outputs).toMatchObject({ status: "uploading", uploadId: upload?.uploadId });
  expect(outputs).not.toHaveProperty("failure");
});

test("a run that is stopped returns its outputs so far", async () => {
  const { outputs, failed } = await fixture.upToRestoring({ backup: await fixture.backup("erp.bak") });
  expect(failed?.reasons[0]).toMatch(/^erp: stopped by the test; migration task \d+ of erp continues/);
  expect(outputs).toMatchObject({ migrateTaskId: (await fixture.tasks())[0]?.id });
});

test("a run that is stopped while it waits to submit reports that nothing was submitted", async () => {
  fixture.emulator.faults.add({
    match: { action: "CreateMigrateTask" },
    effect: { kind: "refuse", status: 403, code: "IncorrectDBInstanceState" },
  });
  const args = { backup: await fixture.backup("erp.bak"), pollInterval: "10s" };
  const isRefused = () => fixture.requests("CreateMigrateTask").length > 0;
  const { outputs, failed } = await fixture.upUntil(isRefused, args);
  expect(outputs).toMatchObject({ status: "uploaded", objectCrc64: expect.any(String) });
  expect(failed?.reasons[0]).toMatch(/stopped by the test; erp_FULL.* is uploaded, and no migration task is recorded/);
});

describe("killed between two steps, without a state", () => {
  test("after the upload: the object is used", async () => {
    const backup = await fixture.backup("erp.bak");
    fixture.emulator.faults.add({
      match: { action: "CreateMigrateTask" },
      times: 1,
      effect: { kind: "refuse", status: 403, code: "Forbidden.RAM" },
    });
    await fixture.up({ backup });
    const again = await fixture.up({ backup });
    expect(again.outputs.status).toBe("online");
    expect(fixture.requests("UploadPart")).toHaveLength(1);
    expect(fixture.requests("CompleteMultipartUpload")).toHaveLength(1);
    expect(await fixture.tasks()).toHaveLength(1);
  });

  test("during the upload: existing parts are not sent again", async () => {
    const backup = await fixture.backup("erp.bak", { dataBytes: 1_000_000 });
    const killed = await fixture.upToUploading({ backup });
    await fixture.emulator.idle();
    const there = fixture.emulator.oss.uploads()[0]?.parts.length ?? 0;
    const mark = fixture.mark;
    const { outputs } = await fixture.up({ backup });
    expect(outputs.status).toBe("online");
    const all = Math.ceil(Number(killed.outputs.sizeBytes) / 102_400);
    expect(fixture.since(mark).filter((each) => each === "oss:UploadPart")).toHaveLength(all - there);
    expect(fixture.requests("InitiateMultipartUpload")).toHaveLength(1);
  });

  test.each(["queued", "restoring"] as const)("while the task is %s: it is continued", async (holdAt) => {
    const backup = await fixture.backup("erp.bak");
    await fixture.emulator.rds.shapeRestore({ holdAt });
    await fixture.upUntil(() => fixture.isTaskAt(holdAt), { backup });
    const running = fixture.up({ backup });
    await until(() => fixture.requests("DescribeOssDownloads").length > 0);
    await fixture.emulator.rds.clearShapes({});
    const { outputs, log } = await running;
    const [task, ...others] = await fixture.tasks();
    expect(others).toEqual([]);
    expect(outputs).toMatchObject({ status: "online", migrateTaskId: task?.id, warnings: [] });
    expect(fixture.requests("CompleteMultipartUpload")).toHaveLength(1);
    expect(messages(log, "info")).toContainEqual(expect.stringContaining(`continues migration task ${task?.id}`));
  });

  test("after the end: the result is recorded, although the name is taken now", async () => {
    const backup = await fixture.backup("erp.bak");
    const done = await fixture.up({ backup });
    const again = await fixture.up({ backup });
    expect(again.outputs).toMatchObject({ status: "online", migrateTaskId: done.outputs.migrateTaskId });
    expect(await fixture.tasks()).toHaveLength(1);
  });

  test("after the end on an edition that does not return a task's files: recorded with a warning", async () => {
    await fixture.emulator.rds.setInstance({
      id: fixture.emulator.instanceId,
      unsupportedActions: ["DescribeOssDownloads"],
    });
    const backup = await fixture.backup("erp.bak");
    await fixture.up({ backup });
    const { outputs, log } = await fixture.up({ backup });
    expect(outputs).toMatchObject({
      status: "online",
      warnings: [expect.stringContaining("was matched to this migration")],
    });
    expect(messages(log, "warning")).toEqual([
      expect.stringContaining("DATABASE_ONLINE_ALREADY"),
      expect.stringContaining("was matched to this migration"),
    ]);
  });
});

describe("CreateMigrateTask without a usable reply", () => {
  const done: [string, FaultRuleInput["effect"]][] = [
    ["the connection breaks before the reply", { kind: "reset", at: "after" }],
    ["the reply breaks off", { kind: "truncate", bytes: 20 }],
    ["the reply takes longer than the timeout", { kind: "delay", ms: 1_500, at: "after" }],
    ["a proxy answers with a page", { kind: "html", status: 502, afterwards: true }],
    ["a proxy answers with a page and 200", { kind: "html", status: 200, afterwards: true }],
  ];
  test.each(done)("accepted, but %s: the task is found and no second one is sent", async (_, effect) => {
    fixture.emulator.faults.add({ match: { action: "CreateMigrateTask" }, times: 1, effect });
    const { outputs } = await fixture.up({ backup: await fixture.backup("erp.bak") });
    expect(outputs.status).toBe("online");
    expect(await fixture.tasks()).toHaveLength(1);
    expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
  });

  const lost: [string, FaultRuleInput["effect"]][] = [
    ["the connection breaks before the request arrives", { kind: "reset", at: "before" }],
    ["the service has an internal error", { kind: "refuse", status: 500, code: "InternalError" }],
    ["a proxy answers instead", { kind: "html", status: 503 }],
  ];
  test.each(lost)("not accepted, because %s: sent again after a check, one task", async (_, effect) => {
    fixture.emulator.faults.add({ match: { action: "CreateMigrateTask" }, times: 1, effect });
    const { outputs } = await fixture.up({ backup: await fixture.backup("erp.bak"), pollInterval: "20ms" });
    expect(outputs.status).toBe("online");
    expect(await fixture.tasks()).toHaveLength(1);
    expect(fixture.requests("CreateMigrateTask")).toHaveLength(2);
  });

  test("never accepted: fails after a few attempts, keeps the state, and the next run creates one task", async () => {
    const rule = fixture.emulator.faults.add({
      match: { action: "CreateMigrateTask" },
      effect: { kind: "reset", at: "before" },
    });
    const args = { backup: await fixture.backup("erp.bak"), pollInterval: "10ms" };
    const first = await fixture.up(args);
    expect(first.outputs).toMatchObject({ status: "uploaded", failure: { code: "CREATE_UNSETTLED", retryable: true } });
    expect(fixture.requests("CreateMigrateTask").length).toBeLessThanOrEqual(3);
    fixture.emulator.faults.remove(rule);
    const { outputs } = await fixture.up(args, first);
    expect(outputs.status).toBe("online");
    expect(outputs).not.toHaveProperty("failure");
    expect(await fixture.tasks()).toHaveLength(1);
  });

  test("the list fails too: the state is kept and the next run finds the task", async () => {
    const { faults } = fixture.emulator;
    faults.add({ match: { action: "CreateMigrateTask" }, times: 1, effect: { kind: "reset", at: "after" } });
    faults.add({ match: { action: "DescribeMigrateTasks" }, nth: [2, 3, 4, 5, 6, 7, 8], effect: { kind: "html" } });
    const args = { backup: await fixture.backup("erp.bak") };
    const first = await fixture.up(args);
    expect(first.outputs).toMatchObject({ status: "uploaded", failure: { code: "ANSWER_UNREADABLE" } });
    const { outputs } = await fixture.up(args, first);
    expect(outputs.status).toBe("online");
    expect(await fixture.tasks()).toHaveLength(1);
  });
});

describe("an edition that does not list tasks", () => {
  beforeEach(() =>
    fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, unsupportedActions: ["DescribeMigrateTasks"] }),
  );

  test("gets a migration, because the submission lock shows that no earlier run has started", async () => {
    const { outputs } = await fixture.up({ backup: await fixture.backup("erp.bak") });
    expect(outputs).toMatchObject({ status: "online", warnings: [] });
  });

  test("gets no second call after a lost reply: only the user can decide", async () => {
    fixture.emulator.faults.add({
      match: { action: "CreateMigrateTask" },
      times: 1,
      effect: { kind: "reset", at: "after" },
    });
    const args = { backup: await fixture.backup("erp.bak"), pollInterval: "20ms" };
    const first = await fixture.up(args);
    expect(first.outputs).toMatchObject({ failure: { code: "CREATE_UNSETTLED" } });
    expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
    const adopt = String((await fixture.tasks())[0]?.id);
    expect((await fixture.up({ ...args, adopt }, first)).outputs).toMatchObject({
      status: "online",
      migrateTaskId: adopt,
    });
  });
});

test("a failed check before the call is not taken for a lost reply to it", async () => {
  fixture.emulator.faults.add({
    match: { action: "DescribeDBInstanceAttribute" },
    effect: { kind: "html", status: 502 },
  });
  const { outputs } = await fixture.up({ backup: await fixture.backup("erp.bak") });
  expect(outputs).toMatchObject({ status: "uploaded", failure: { code: "ANSWER_UNREADABLE", retry: "passes" } });
  expect(fixture.requests("CreateMigrateTask")).toEqual([]);
});

describe("refusals", () => {
  test("throttling and a busy instance pass: the call is repeated", async () => {
    const { faults } = fixture.emulator;
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
    const { outputs, log } = await fixture.up({ backup: await fixture.backup("erp.bak") });
    expect(outputs.status).toBe("online");
    expect(messages(log, "status")).toContainEqual(
      expect.stringContaining("waiting to submit: the service received too many requests"),
    );
  });

  test("a daily limit that does not pass within the timeout ends the run with its remedy and keeps the upload", async () => {
    await fixture.emulator.rds.setLimits({ perDatabaseAndDay: 0 });
    const { outputs, failed } = await fixture.up({ backup: await fixture.backup("erp.bak"), timeout: "1s" });
    expect(failed?.reasons[0]).toMatch(/^API_DAILY_LIMIT_DATABASE: .*UploadLimitExceeded.*RequestId.*tomorrow/s);
    expect(outputs).toMatchObject({ status: "uploaded", failure: { retry: "passes", requestId: expect.any(String) } });
  });

  test.each([
    ["InvalidDBName", 403, "API_DB_NAME"],
    ["IncorrectDBInstanceType", 400, "API_INSTANCE_TYPE"],
    ["BakFileSizeExceeded", 400, "API_BAK_TOO_LARGE"],
    ["SomethingNew", 400, "API_REFUSED"],
  ])("%s for good is a failed migration with code, words and remedy", async (code, status, ours) => {
    fixture.emulator.faults.add({
      match: { action: "CreateMigrateTask" },
      effect: { kind: "refuse", status, code, message: "In its own words." },
    });
    const { outputs, failed } = await fixture.up({ backup: await fixture.backup("erp.bak") });
    expect(failed?.reasons[0]).toContain(`${code} "In its own words."`);
    expect(outputs).toMatchObject({ status: "failed", failure: { code: ours } });
    expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
  });

  test("an error before anything exists in the cloud leaves no state", async () => {
    fixture.emulator.faults.add({
      match: { action: "InitiateMultipartUpload" },
      effect: { kind: "refuse", status: 403, code: "AccessDenied", message: "No." },
    });
    const backup = await fixture.backup("erp.bak");
    const thrown = await fixture.up({ backup }).catch((error: Error) => error);
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown).toMatchObject({ message: expect.stringMatching(/^OSS_ACCESS_DENIED: .*oss:PutObject/s), stack: "" });
    expect(thrown).not.toHaveProperty("id");
  });
});

describe("adopt", () => {
  test("true records a database that is online, and changes nothing", async () => {
    const { instanceId } = fixture.emulator;
    await fixture.emulator.rds.setDatabase({ instanceId, name: "ERP" });
    const { outputs, id } = await fixture.up({ backup: await fixture.backup("erp.bak"), adopt: true });
    expect(id).toBe(`${instanceId}/erp`);
    expect(outputs).toMatchObject({ status: "online", statusText: expect.stringContaining("adopted") });
    expect(fixture.requests("CreateMigrateTask")).toEqual([]);
    expect(fixture.requests("InitiateMultipartUpload")).toEqual([]);
  });

  test.each([
    ["none is there", undefined],
    ["it is still being restored", "restoring"],
  ])("true is refused when %s", async (_, status) => {
    const { instanceId } = fixture.emulator;
    if (status !== undefined) await fixture.emulator.rds.setDatabase({ instanceId, name: "erp", status });
    const backup = await fixture.backup("erp.bak");
    await expect(fixture.up({ backup, adopt: true })).rejects.toThrow(/^ADOPT_NO_DATABASE: \[adopt\]/);
  });

  test("true needs no backup file, which may be deleted", async () => {
    await fixture.emulator.rds.setDatabase({ instanceId: fixture.emulator.instanceId, name: "erp" });
    const { outputs } = await fixture.up({ backup: "gone.bak", databaseName: "erp", adopt: true });
    expect(outputs.status).toBe("online");
  });

  test("a task id follows this task and creates none", async () => {
    const args = { backup: await fixture.backup("erp.bak") };
    const lost = await fixture.up({ ...args, wait: "submitted" });
    const adopt = String(lost.outputs.migrateTaskId);
    const { outputs } = await fixture.up({ ...args, adopt });
    expect(outputs).toMatchObject({ status: "online", migrateTaskId: adopt });
    expect(await fixture.tasks()).toHaveLength(1);
  });

  test("a task id that does not exist, or restores another database, is refused", async () => {
    const backup = await fixture.backup("erp.bak");
    const other = await fixture.up({ backup: await fixture.backup("crm.bak", { databaseName: "crm" }) });
    await expect(fixture.up({ backup, adopt: "999" })).rejects.toThrow(/^ADOPT_NO_TASK: .*999/s);
    const adopt = String(other.outputs.migrateTaskId);
    await expect(fixture.up({ backup, adopt })).rejects.toThrow(/^ADOPT_OTHER_DATABASE: .*restores crm, not erp/s);
    expect(await fixture.tasks()).toHaveLength(1);
  });

  test("the id of a failed task reports its failure, and the next up creates no task either", async () => {
    await fixture.emulator.rds.shapeRestore({ failWith: "Failed to open database erp." });
    const args = { backup: await fixture.backup("erp.bak") };
    const lost = await fixture.up(args);
    const adopt = String(lost.outputs.migrateTaskId);
    const adopted = await fixture.up({ ...args, adopt });
    expect(adopted.outputs).toMatchObject({ status: "failed", failure: { code: "TASK_OPEN_FAILED" } });
    await fixture.up({ ...args, adopt, checkDb: "sync" }, adopted);
    expect(await fixture.tasks()).toHaveLength(1);
  });
});

test("ambiguous tasks are named, and the id that the user then sets is used", async () => {
  const { instanceId } = fixture.emulator;
  await fixture.emulator.rds.setInstance({ id: instanceId, unsupportedActions: ["DescribeOssDownloads"] });
  const args = { backup: await fixture.backup("erp.bak") };
  // Two running tasks for the same name: another user started one by hand.
  const taskIds: string[] = [];
  for (let each = 0; each < 2; each += 1) {
    const { outputs } = await fixture.up(args);
    taskIds.push(String(outputs.migrateTaskId));
    await fixture.emulator.rds.removeDatabase({ instanceId, name: "erp" });
  }
  for (const taskId of taskIds) await fixture.emulator.rds.setTask({ instanceId, taskId, status: "Running" });
  const torn = await fixture.up(args);
  expect(torn.failed?.reasons[0]).toMatch(/^TASK_AMBIGUOUS: .*adopt/s);
  for (const taskId of taskIds) expect(torn.failed?.reasons[0]).toContain(taskId);
  expect(await fixture.tasks()).toHaveLength(2);
  const [adopt = ""] = taskIds;
  const taken = await fixture.up({ ...args, adopt, wait: "submitted" }, torn);
  expect(taken.outputs).toMatchObject({ status: "restoring", migrateTaskId: adopt });
  expect(taken.outputs).not.toHaveProperty("failure");
  expect(await fixture.tasks()).toHaveLength(2);
});

test("an undocumented status is logged and not taken for an end", async () => {
  const { instanceId } = fixture.emulator;
  const args = { backup: await fixture.backup("erp.bak"), timeout: "2500ms" };
  const submitted = await fixture.up({ ...args, wait: "submitted" });
  const taskId = String(submitted.outputs.migrateTaskId);
  await fixture.emulator.rds.setTask({ instanceId, taskId, status: "Verifying", description: "phase 2" });
  const waiting = await fixture.up(args, submitted);
  expect(waiting.outputs).toMatchObject({ status: "restoring", statusText: "Verifying: phase 2" });
  expect(waiting.failed?.reasons[0]).toContain("Verifying: phase 2");
});

test("a Success that reports damage is online with a warning that is kept", async () => {
  await fixture.emulator.rds.shapeRestore({ successDescription: "DBCC checkdb failed" });
  const { outputs, log } = await fixture.up({ backup: await fixture.backup("erp.bak") });
  expect(outputs).toMatchObject({ status: "online", warnings: [expect.stringContaining("DBCC CHECKDB found damage")] });
  expect(messages(log, "warning")).toEqual(outputs.warnings);
});

test("a backup that the preview could not examine is examined at up: an unusable one sends nothing", async () => {
  const backup = await fixture.backup("erp.trn", { type: "log" });
  const inputs = { ...fixture.args({ backup, databaseName: "erp" }) };
  const { context, members } = callOf(fixture.process(), inputs);
  await expect(create(context, members)).rejects.toThrow(/^BACKUP_UNFIT: .*nothing was uploaded\.\nBACKUP_NOT_FULL: /);
  expect(fixture.since(0)).toEqual([]);
});

test("a database name that check could not read is read at up", async () => {
  const { bucket } = fixture.emulator;
  await fixture.emulator.oss.putObject(bucket, "erp.bak", await fixture.backup("erp.bak"));
  fixture.emulator.faults.add({
    match: { action: "HeadObject" },
    times: 1,
    effect: { kind: "refuse", status: 403, code: "AccessDenied" },
  });
  const { outputs, id } = await fixture.up({ backup: `oss://${bucket}/erp.bak` });
  expect({ id, ...outputs }).toMatchObject({
    id: `${fixture.emulator.instanceId}/erp`,
    databaseName: "erp",
    status: "online",
  });
});
