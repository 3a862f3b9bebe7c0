import { Fixture, until } from "../../../testing/fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

const FILE = "erp_FULL_20240501020000.bak";
const WORDS = "Failed to verify erp.bak, backup file was corrupted or newer edition than RDS.";

test("a healthy migration never lists its files", async () => {
  const done = await fixture.up({ backup: await fixture.backup("erp.bak") });
  await fixture.refresh(done);
  expect(done.outputs).toMatchObject({ status: "online", files: [{ name: FILE }] });
  expect(fixture.requests("DescribeOssDownloads")).toEqual([]);
});

test("the outputs show the status of each file of a failed task", async () => {
  await fixture.emulator.rds.shapeRestore({ failWith: WORDS });
  const failed = await fixture.up({ backup: await fixture.backup("erp.bak") });
  expect(failed.outputs).toMatchObject({
    status: "failed",
    files: [{ name: FILE, status: expect.stringMatching(/Failed$/) }],
  });
  expect(fixture.requests("DescribeOssDownloads")).toHaveLength(1);
});

test("a refresh that finds the failure records the files too", async () => {
  await fixture.emulator.rds.shapeRestore({ failWith: WORDS });
  const first = await fixture.up({ backup: await fixture.backup("erp.bak"), wait: "submitted" });
  await until(() => fixture.isTaskAt("failed"));
  const { outputs } = await fixture.refresh(first);
  expect(outputs).toMatchObject({ failure: { code: "TASK_VERIFY_FAILED" }, files: [{ status: expect.any(String) }] });
});

test("a refresh records the files of a task that waits for increments", async () => {
  const first = await fixture.up({ backup: await fixture.backup("erp.bak"), wait: "submitted", phase: "restoring" });
  await until(() => fixture.isTaskAt("waiting"));
  const { outputs } = await fixture.refresh(first);
  expect(outputs).toMatchObject({
    status: "waitingForIncrements",
    files: [{ name: FILE, status: expect.stringMatching(/^(Restored|Finished|CheckSuccess)$/) }],
  });
});

describe("the description of the failed file", () => {
  /** A task that failed with these words; its own description is then another one or empty, beside its file's. */
  async function failedSaying(description: string) {
    await fixture.emulator.rds.shapeRestore({ failWith: WORDS });
    const first = await fixture.up({ backup: await fixture.backup("erp.bak"), wait: "submitted" });
    await until(() => fixture.isTaskAt("failed"));
    const { instanceId } = fixture.emulator;
    const taskId = String(first.outputs.migrateTaskId);
    await fixture.emulator.rds.setTask({ instanceId, taskId, status: "Failed", description });
    return (await fixture.refresh(first)).outputs;
  }

  test.each([
    ["", `"${WORDS}"`],
    ["The task has failed, see its files.", `"The task has failed, see its files. ${WORDS}"`],
  ])("is added to the task's description %j", async (description, quoted) => {
    expect(await failedSaying(description)).toMatchObject({
      failure: { code: "TASK_VERIFY_FAILED", cause: expect.stringContaining(quoted) },
    });
  });

  test("is left out where the task's own description contains it", async () => {
    expect(await failedSaying("Failed to open database erp.")).toMatchObject({
      failure: { code: "TASK_OPEN_FAILED", cause: expect.not.stringContaining(WORDS) },
    });
  });
});

test.each([
  [
    "the edition does not list files",
    () =>
      fixture.emulator.rds.setInstance({
        id: fixture.emulator.instanceId,
        unsupportedActions: ["DescribeOssDownloads"],
      }),
  ],
  ["it is not permitted", () => fixture.emulator.rds.forbidAction({ action: "DescribeOssDownloads" })],
])("where %s, the failure is reported and the recorded files stay", async (_, prepare) => {
  await prepare();
  await fixture.emulator.rds.shapeRestore({ failWith: WORDS });
  const { outputs } = await fixture.up({ backup: await fixture.backup("erp.bak") });
  expect(outputs).toMatchObject({ failure: { code: "TASK_VERIFY_FAILED" } });
  expect(outputs.files).toEqual([{ name: FILE }]);
});
