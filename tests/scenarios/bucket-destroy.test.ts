import { alicloudEngines } from "../support/alicloud-plugin";
import { hosts, messages, openScenario, type Scenario, until } from "./harness";

jest.setTimeout(240_000);

describe.each(hosts)("with $title", (engine) => {
  const createsBucket = alicloudEngines.includes(engine);
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await openScenario(engine, createsBucket ? { bucket: false } : {}, "bucket-program");
  });
  afterEach(() => scenario.close());

  test("destroy after a killed upload aborts it, although the state has only a pending create, and deletes the bucket", async () => {
    const { emulator, backup, configure, start, run, count, workspace } = scenario;
    if (!createsBucket) configure("existingBucket", emulator.bucket);
    const upload = { partSize: 102_400, parallel: 2, rateLimit: 300_000 };
    configure(
      "migration",
      JSON.stringify({ instanceId: emulator.instanceId, backup: await backup("erp", 3_000_000), upload }),
    );
    const killed = await start({ kind: "up" });
    await until("parts arrive", () => count("UploadPart") >= 2, 90_000);
    killed.process.kill("SIGKILL");
    await killed.result;
    await engine.cancel(workspace);
    // The provider process of the killed run ends within ten seconds. Until then it may start the upload again.
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    expect(emulator.oss.uploads()).toHaveLength(1);

    const destroyed = await run({ kind: "destroy" });
    expect(messages(destroyed)).not.toMatch(/^error/m);
    expect(destroyed.exitCode).toBe(0);
    expect(messages(destroyed)).toMatch(/aborted 1 unfinished upload of /);
    expect(emulator.oss.uploads()).toEqual([]);
    const deletions = emulator.journal.entries.filter(({ action }) => action === "DeleteBucket");
    expect(deletions.map(({ status }) => status)).toEqual(createsBucket ? [204] : []);
  });
});
