import { Fixture, messages, type Recorded, until } from "../../../testing/fixture";
import { runInstance } from "../support/instance-fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

const NAME = "AliyunRDSImportRole";
const grant = (): Promise<void> =>
  fixture.emulator.ram.setRole({ name: NAME, trustedServices: ["rds.aliyuncs.com"], policies: [`${NAME}Policy`] });
const revoke = (): Promise<void> => fixture.emulator.ram.removeRole({ name: NAME });
const creates = (): number => fixture.requests("CreateMigrateTask").length;

describe("CreateMigrateTask refused because of a missing import role, which the preflight could not check", () => {
  test("records the role as the cause, beside the service's own text, and continues once the role exists", async () => {
    await revoke();
    await fixture.emulator.ram.forbidAction({ action: "GetRole", times: 1 });
    const backup = await fixture.backup("erp.bak");
    const first = await fixture.up({ backup });
    expect(messages(first.log, "warning")).toEqual([
      expect.stringMatching(/^not checked: the role AliyunRDSImportRole/),
    ]);
    expect(first.outputs).toMatchObject({
      status: "failed",
      failure: {
        code: "IMPORT_ROLE_MISSING",
        cause: expect.stringMatching(
          /^the account has no role AliyunRDSImportRole\.\nWhat failed: .*\nCreateMigrateTask \(database erp\) was refused: InvalidOssUrl ".+" \(HTTP 400, RequestId \S+\)\./,
        ),
        remedy: expect.stringMatching(/https:\/\/rdsnext\.console\.aliyun\.com.*Authorize/),
        retry: "afterFix",
        requestId: expect.stringMatching(/^\S+$/),
      },
    });
    expect(first.failed?.reasons[0]).toMatch(/^IMPORT_ROLE_MISSING: .*\nCreateMigrateTask/s);

    const again = await fixture.up({ backup }, first);
    expect(again.outputs).toMatchObject({ status: "failed", failure: { code: "IMPORT_ROLE_MISSING" } });
    await grant();
    expect((await fixture.up({ backup }, again)).outputs.status).toBe("online");
    expect(fixture.requests("UploadPart")).toHaveLength(1);
  });

  test("keeps the service's text where the run may not read roles, and names the role in the remedy", async () => {
    await revoke();
    await fixture.emulator.ram.forbidAction({ action: "GetRole" });
    const { outputs } = await fixture.up({ backup: await fixture.backup("erp.bak") });
    expect(outputs.failure).toMatchObject({ code: "API_OSS_URL", remedy: expect.stringContaining(NAME) });
  });

  test.each(["AliyunRDSImportRole", "AliyunServiceRoleForRdsImport"])(
    "is not blamed on roles while %s is there",
    async (name) => {
      await revoke();
      await fixture.emulator.ram.setRole({ name });
      const effect = { kind: "refuse", status: 400, code: "InvalidOssUrl" } as const;
      fixture.emulator.faults.add({ match: { action: "CreateMigrateTask" }, effect });
      const { outputs } = await fixture.up({ backup: await fixture.backup("erp.bak") });
      expect(outputs.failure).toMatchObject({ code: "API_OSS_URL" });
    },
  );
});

describe("a task that fails because the role was removed while it ran", () => {
  let submitted: Recorded;
  let args: { backup: string };
  beforeEach(async () => {
    await fixture.emulator.rds.shapeRestore({ holdAt: "downloading" });
    args = { backup: await fixture.backup("erp.bak") };
    submitted = await fixture.up({ ...args, wait: "submitted" });
    await revoke();
    await fixture.emulator.rds.clearShapes({});
  });

  const failure = {
    code: "IMPORT_ROLE_MISSING",
    cause: expect.stringMatching(/^the account has no role .*Migration task \d+: "Failed to download /s),
    retryable: true,
  };

  test("records the role as the cause, creates no second task while the role is missing, and submits again when it exists", async () => {
    const failed = await fixture.up(args, submitted);
    expect(failed.outputs).toMatchObject({ status: "failed", failure });
    const still = await fixture.up(args, failed);
    expect(still.outputs).toMatchObject({ status: "failed", failure });
    expect(creates()).toBe(1);
    await grant();
    expect((await fixture.up(args, still)).outputs.status).toBe("online");
    expect(creates()).toBe(2);
  });

  test("records the role as the cause at refresh too", async () => {
    await until(() => fixture.isTaskAt("failed"));
    expect((await fixture.refresh(submitted)).outputs).toMatchObject({ status: "failed", failure });
  });
});

test("the outcome of an instance names the role for the databases that failed without it", async () => {
  await fixture.emulator.rds.shapeRestore({ holdAt: "downloading", always: true });
  const names = ["crm", "erp"];
  const databases = Object.fromEntries(
    await Promise.all(
      names.map(
        async (name) => [name, { backup: await fixture.backup(`${name}.bak`, { databaseName: name }) }] as const,
      ),
    ),
  );
  const submitted = await runInstance(fixture, { databases, outcome: { wait: "submitted" } });
  await revoke();
  await fixture.emulator.rds.clearShapes({});
  const { recorded } = await runInstance(fixture, { databases }, { prior: submitted.recorded });
  expect(recorded.outcome?.outputs).toMatchObject({
    summary: names.map((database) => ({ database, status: "failed", failure: { code: "IMPORT_ROLE_MISSING" } })),
  });
});
