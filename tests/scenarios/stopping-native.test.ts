import { hosts, messages, openScenario, type Scenario, until } from "./harness";

jest.setTimeout(240_000);

/** Maximum time for a run to start on a busy machine; milliseconds. */
const START_MS = 90_000;
const FAST = { partSize: 102_400, parallel: 2 };

const native = hosts.filter(({ host }) => host === "native");

(native.length === 0 ? describe.skip : describe).each(native.length === 0 ? hosts : native)("with $title", (engine) => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await openScenario(engine);
  });
  afterEach(() => scenario.close());

  /** Starts an update and presses Ctrl-C once when `holds` is true. @returns the messages of the run */
  async function interruptOnce(what: string, holds: () => boolean): Promise<string> {
    const run = await scenario.start({ kind: "up" });
    await until(what, holds, START_MS);
    run.process.kill("SIGINT");
    const result = await run.result;
    expect(result.exitCode).not.toBe(0);
    const { deployment } = await engine.exportState(scenario.workspace);
    expect(deployment.pending_operations ?? []).toEqual([]);
    return messages(result);
  }

  test("Ctrl-C once during an upload: the upload is recorded, and the next up continues it", async () => {
    const { declare, backup, run, recorded, emulator, count } = scenario;
    const path = await backup("erp", 1_500_000);
    declare({ erp: { backup: path, upload: { ...FAST, rateLimit: 300_000 } } });
    const text = await interruptOnce("parts arrive", () => count("UploadPart") >= 2);
    expect(text).toMatch(/erp: the run was cancelled; the upload of \S+ is unfinished/);
    const [upload] = emulator.oss.uploads();
    expect(await recorded("erp")).toMatchObject({ status: "uploading", uploadId: upload?.uploadId });

    declare({ erp: { backup: path, upload: FAST } });
    expect((await run({ kind: "up" })).exitCode).toBe(0);
    expect(await recorded("erp")).toMatchObject({ status: "online" });
    expect(count("InitiateMultipartUpload")).toBe(1);
    expect(emulator.oss.uploads()).toEqual([]);
  });

  test("Ctrl-C once during the restore: the task is recorded and continues, and the next up follows it", async () => {
    const { declare, backup, run, recorded, emulator, count } = scenario;
    declare({ erp: { backup: await backup("erp") } });
    await emulator.rds.shapeRestore({ dbName: "erp", holdAt: "restoring" });
    const text = await interruptOnce("the task is created", () => count("CreateMigrateTask") === 1);
    expect(text).toMatch(/erp: the run was cancelled/);
    expect(await recorded("erp")).toMatchObject({ migrateTaskId: expect.stringMatching(/^\d+$/) });
    expect(count("TerminateMigrateTask")).toBe(0);

    await emulator.rds.clearShapes({});
    expect((await run({ kind: "up" })).exitCode).toBe(0);
    expect(await recorded("erp")).toMatchObject({ status: "online" });
    expect(count("CreateMigrateTask")).toBe(1);
  });
});
