import { bothHosts, messages, openScenario, type Scenario, until } from "./harness";

jest.setTimeout(240_000);

const PART = 102_400;

describe.each(bothHosts)("with $title", (engine) => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await openScenario(engine);
  });
  afterEach(() => scenario.close());

  /** Number of part bytes that the emulator accepted. */
  const sentBytes = (): number =>
    scenario.emulator.journal.entries
      .filter(({ action, status }) => action === "UploadPart" && status === 200)
      .reduce((sum, { detail }) => sum + Number(detail.bytes), 0);

  test("killed during an upload: the orphan process stops within ten seconds, and the next up sends only the missing parts", async () => {
    const { declare, backup, run, start, recorded, count, emulator, workspace } = scenario;
    const path = await backup("erp", 3_000_000);
    declare({ erp: { backup: path, upload: { partSize: PART, parallel: 2, rateLimit: 300_000 } } });

    const killed = await start({ kind: "up" });
    await until("parts arrive", () => count("UploadPart") >= 4);
    killed.process.kill("SIGKILL");
    await killed.result;
    const atKill = sentBytes();
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    const requests = emulator.journal.entries.length;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(emulator.journal.entries.length).toBe(requests); // the provider process has ended
    const beforeSecond = sentBytes();
    expect(beforeSecond - atKill).toBeLessThan(3_000_000);
    expect(count("CompleteMultipartUpload")).toBe(0);

    await engine.cancel(workspace);
    declare({ erp: { backup: path, upload: { partSize: PART, parallel: 2 } } });
    const second = await run({ kind: "up" });
    expect(messages(second)).not.toMatch(/^error/m);
    expect(second.exitCode).toBe(0);
    expect(await recorded("erp")).toMatchObject({ status: "online" });
    const object = emulator.journal.entries.find(({ action }) => action === "CompleteMultipartUpload");
    expect(object).toBeDefined();
    // All parts that existed at the second run were kept; at most the parts in flight were sent twice.
    const size = Number((await recorded("erp"))?.sizeBytes);
    expect(sentBytes()).toBeLessThanOrEqual(size + 2 * 2 * PART);
    expect(count("CreateMigrateTask")).toBe(1);
  });

  test("killed while waiting for the task: the next up continues the same task", async () => {
    const { declare, backup, run, start, recorded, count, emulator, workspace } = scenario;
    declare({ erp: { backup: await backup("erp") } });
    await emulator.rds.shapeRestore({ dbName: "erp", holdAt: "restoring" });

    const killed = await start({ kind: "up" });
    await until("the task is created", () => count("CreateMigrateTask") === 1);
    killed.process.kill("SIGKILL");
    await killed.result;
    await engine.cancel(workspace);
    await emulator.rds.clearShapes({});

    const second = await run({ kind: "up" });
    expect(second.exitCode).toBe(0);
    expect(messages(second)).toMatch(/continues migration task \d+/);
    expect(await recorded("erp")).toMatchObject({ status: "online" });
    expect(count("CreateMigrateTask")).toBe(1);
    expect(count("CompleteMultipartUpload")).toBe(1);
  });
});
