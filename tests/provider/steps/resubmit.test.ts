import type { ErrorCode } from "../../../provider/errors/catalogue";
import { openJob } from "../../../provider/handlers/create";
import type { MigrationInputs } from "../../../provider/model/inputs";
import type { Failure, MigrationOutputs } from "../../../provider/model/outputs";
import { planRetry } from "../../../provider/steps/resubmit";
import { callOf, Fixture } from "../../../testing/fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

const FAILURE: Failure = {
  code: "TASK_FAILED",
  cause: "It failed.",
  remedy: "Look.",
  retry: "afterFix",
  retryable: true,
};

/** Whether a migration of `oss://…/erp.bak` whose task failed this way is submitted again. */
async function isSubmittedAgain(failure: Partial<Failure> & { code: ErrorCode | "GONE_CODE" }, failed: object = {}) {
  const { instanceId, bucket, oss } = fixture.emulator;
  const inputs = { instanceId, bucket, databaseName: "erp", backup: `oss://${bucket}/erp.bak`, backupId: "1" };
  await oss.putObject(bucket, "erp.bak", await fixture.backup("erp.bak"));
  const process = fixture.process();
  const { session } = process;
  const objectCrc64 = (await session.clients.store({}).headObject(bucket, "erp.bak"))?.crc64;
  const known: MigrationInputs = inputs;
  const outputs: MigrationOutputs = {
    ...known,
    databaseName: "erp",
    ...{ status: "failed", migrateTaskId: "106121", objectCrc64, warnings: [], failure: { ...FAILURE, ...failure } },
    ...failed,
  };
  const job = openJob(callOf(process, {}).context, { ...known, databaseName: "erp" }, outputs);
  return (await planRetry(job, outputs)) !== undefined;
}

test("after a missing import role: only when the role exists", async () => {
  const { ram } = fixture.emulator;
  await ram.removeRole({ name: "AliyunRDSImportRole" });
  expect(await isSubmittedAgain({ code: "IMPORT_ROLE_MISSING" })).toBe(false);
  await ram.setRole({ name: "AliyunRDSImportRole" });
  expect(await isSubmittedAgain({ code: "IMPORT_ROLE_MISSING" })).toBe(true);
});

test("a role that may not be read does not count as an existing one: the missing permission is reported", async () => {
  await fixture.emulator.ram.forbidAction({ action: "GetRole" });
  await expect(isSubmittedAgain({ code: "IMPORT_ROLE_MISSING" })).rejects.toMatchObject({ code: "NOT_AUTHORIZED" });
});

test.each([
  [{ lockMode: "LockByExpiration" }, false],
  [{ status: "Rebooting" }, false],
  [{}, true],
])("after an instance fault, on an instance that is %j: %s", async (seed, again) => {
  await fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, ...seed });
  expect(await isSubmittedAgain({ code: "API_LOCK_MODE" })).toBe(again);
});

test.each([
  ["Not Enough Disk Space for restoring, space left (100 MB) < needed (300 MB)", 99.9, false],
  ["Not Enough Disk Space for restoring, space left (100 MB) < needed (300 MB)", 99.5, true],
  ["Not Enough Disk Space, space left 100 MB < bak file 300 MB", 99.9, false],
  ["Not Enough Disk Space, space left 100 MB < bak file 300 MB", 99.5, true],
  ["Not Enough Disk Space, in an unknown wording", 20, false],
])("after a lack of space (%s) with %d GiB of 100 in use: %s", async (cause, usedGib, again) => {
  const seed = { storageGb: 100, systemBytes: usedGib * 2 ** 30 };
  for (const withheldAttributes of [[], ["DBInstanceDiskUsed"]]) {
    await fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, ...seed, withheldAttributes });
    expect(await isSubmittedAgain({ code: "TASK_NO_SPACE", cause })).toBe(again);
  }
});

test("after a lack of space on a disk of unknown size: not again", async () => {
  await fixture.emulator.rds.setInstance({
    id: fixture.emulator.instanceId,
    withheldAttributes: ["DBInstanceStorage"],
  });
  expect(await isSubmittedAgain({ code: "TASK_NO_SPACE", cause: "needed (1 MB)" })).toBe(false);
});

test.each([
  ["another content", { backupId: "2" }],
  ["another object under the same key", { objectCrc64: "17" }],
  ["another CHECKDB mode", { checkDb: "sync" }],
  ["another permission to overwrite", { allowOverwrite: true }],
  ["another retryTrigger", { retryTrigger: "2026-01-01" }],
])("%s is another migration, whatever the failure is", async (_, failed) => {
  expect(await isSubmittedAgain({ code: "TASK_OPEN_FAILED", retry: "never" })).toBe(false);
  expect(await isSubmittedAgain({ code: "TASK_OPEN_FAILED", retry: "never" }, failed)).toBe(true);
});

test("a failure with a code that this version does not know is not submitted again", async () => {
  expect(await isSubmittedAgain({ code: "GONE_CODE" })).toBe(false);
});

test("a migration without a task is submitted again", async () => {
  expect(await isSubmittedAgain({ code: "API_DB_NAME", retry: "never" }, { migrateTaskId: undefined })).toBe(true);
  expect(await isSubmittedAgain({ code: "TASK_OPEN_FAILED", retry: "never" }, { failure: undefined })).toBe(true);
});
