import { hosts, messages, openScenario, type Scenario } from "./harness";

jest.setTimeout(240_000);

describe.each(hosts)("with $title", (engine) => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await openScenario(engine);
  });
  afterEach(() => scenario.close());

  test("destroying an online migration keeps the database", async () => {
    const { declare, backup, run, emulator } = scenario;
    declare({ erp: { backup: await backup("erp") } });
    await run({ kind: "up" });
    const before = emulator.journal.entries.length;

    expect((await run({ kind: "destroy" })).exitCode).toBe(0);
    // One request for a lock object that a killed run may have left beside the backup object.
    const requests = emulator.journal.entries.slice(before).map(({ service, action }) => `${service}:${action}`);
    expect(requests).toEqual(["oss:GetObject"]);
  });

  test("destroying an unfinished upload aborts it", async () => {
    const { declare, backup, run, recorded, emulator } = scenario;
    declare({
      erp: { backup: await backup("erp", 3_000_000), timeout: "3s", upload: { partSize: 102_400, rateLimit: 200_000 } },
    });
    const up = await run({ kind: "up" });
    expect(up.exitCode).not.toBe(0);
    expect(await recorded("erp")).toMatchObject({ status: "uploading", uploadId: expect.any(String) });

    expect((await run({ kind: "destroy" })).exitCode).toBe(0);
    const aborted = emulator.journal.entries.filter(({ action }) => action === "AbortMultipartUpload");
    expect(aborted.map(({ status }) => status)).toEqual([204]);
  });

  test.each([
    { onDestroy: "keep", terminated: 0 },
    { onDestroy: "stop", terminated: 1 },
  ])("destroying a running task with onDestroy $onDestroy", async ({ onDestroy, terminated }) => {
    const { declare, backup, run, emulator, count } = scenario;
    declare({ erp: { backup: await backup("erp"), wait: "submitted", onDestroy } });
    await emulator.rds.shapeRestore({ dbName: "erp", holdAt: "restoring" });
    await run({ kind: "up" });

    const destroyed = await run({ kind: "destroy" });
    expect(destroyed.exitCode).toBe(0);
    expect(messages(destroyed)).toMatch(terminated ? /stopped migration task/ : /still Running .* was not stopped/);
    expect(count("TerminateMigrateTask")).toBe(terminated);
  });

  test("destroy succeeds when the instance no longer exists", async () => {
    const { declare, backup, run, emulator } = scenario;
    declare({ erp: { backup: await backup("erp"), wait: "submitted", onDestroy: "stop" } });
    await emulator.rds.shapeRestore({ dbName: "erp", holdAt: "restoring" });
    await run({ kind: "up" });
    await emulator.rds.removeInstance({ instanceId: emulator.instanceId });

    const destroyed = await run({ kind: "destroy" });
    expect(messages(destroyed)).not.toMatch(/^error/m);
    expect(destroyed.exitCode).toBe(0);
  });
});
