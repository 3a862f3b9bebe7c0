import { failedDatabases } from "../../../provider/model/failed-databases";
import type { PlainObject } from "../../../provider/model/plain";
import { MIGRATION_TYPE, OUTCOME_TYPE } from "../../../provider/model/provider-text";
import { STATE_VERSION } from "../../../provider/model/recorded";
import { markNames, markOutputs } from "../../../provider/model/state-format";

const failure = (code: string) => ({ code, cause: "it broke", remedy: "mend it", retry: "afterFix", retryable: true });
const urnOf = (name: string): string => `urn:pulumi:dev::shop::${MIGRATION_TYPE}::${name}`;

const migration = (databaseName: string, members: PlainObject = {}) => ({
  type: MIGRATION_TYPE,
  urn: urnOf(databaseName),
  outputs: markOutputs({
    instanceId: "rm-1",
    databaseName,
    backup: "x.bak",
    bucket: "backups",
    status: "submitted",
    ...members,
  }),
});

const outcome = (summary: PlainObject[], inputs: PlainObject = {}, instanceId = "rm-1") => ({
  type: OUTCOME_TYPE,
  urn: "urn:outcome",
  inputs: markNames(inputs),
  outputs: markOutputs({ instanceId, summary: summary.map((each) => ({ warnings: [], ...each })) }),
});

const failedIn = (...resources: { type: string; urn: string; outputs?: PlainObject }[]) =>
  failedDatabases({ deployment: { resources } });

test("an empty stack, other resources and databases without a failure yield nothing", () => {
  expect(failedDatabases({})).toEqual([]);
  expect(failedDatabases({ deployment: {} })).toEqual([]);
  const other = { type: "pulumi:pulumi:Stack", urn: "urn:stack", outputs: { failure: failure("NO") } };
  expect(failedIn(other, migration("erp"), migration("crm", { status: "online" }))).toEqual([]);
});

test("a migration's own failure, with its task, sorted by database", () => {
  expect(
    failedIn(
      migration("web", { status: "failed", failure: failure("BACKUP_TRUNCATED") }),
      migration("erp", { status: "failed", migrateTaskId: "7", failure: failure("TASK_NO_SPACE") }),
    ),
  ).toEqual([
    { instanceId: "rm-1", database: "erp", urn: urnOf("erp"), migrateTaskId: "7", failure: failure("TASK_NO_SPACE") },
    { instanceId: "rm-1", database: "web", urn: urnOf("web"), failure: failure("BACKUP_TRUNCATED") },
  ]);
});

test("a task that failed after its migration had returned, which only the outcome records", () => {
  const recorded = { database: "ERP", status: "failed", migrateTaskId: "7", failure: failure("TASK_NO_SPACE") };
  expect(failedIn(migration("erp", { migrateTaskId: "7" }), outcome([recorded]))).toMatchObject([
    { database: "erp", migrateTaskId: "7", failure: { code: "TASK_NO_SPACE" } },
  ]);
  // The same names on two instances.
  expect(failedIn(migration("erp", { migrateTaskId: "7" }), outcome([recorded], {}, "rm-2"))).toEqual([]);
});

test("the outcome's failure of an earlier attempt does not count", () => {
  const earlier = { database: "erp", status: "failed", migrateTaskId: "6", failure: failure("TASK_NO_SPACE") };
  const unsent = { database: "erp", status: "failed", failure: failure("BACKUP_TRUNCATED") };
  expect(failedIn(migration("erp", { migrateTaskId: "7" }), outcome([earlier]))).toEqual([]);
  expect(failedIn(migration("erp", { status: "uploading" }), outcome([unsent]))).toEqual([]);
});

test("findings about changed inputs, which leave the migration's record as it is", () => {
  const findings = [{ database: "erp", reasons: ["BACKUP_MISSING: erp.bak does not exist.\nCorrect the path."] }];
  const summary = [{ database: "erp", status: "online" }];
  expect(failedIn(migration("erp", { status: "online" }), outcome(summary, { findings }))).toMatchObject([
    {
      database: "erp",
      failure: { code: "BACKUP_MISSING", cause: "erp.bak does not exist.", remedy: "Correct the path." },
    },
  ]);
});

test("state of a newer version is an error, not an empty list", () => {
  const newer = migration("erp", { status: "failed" });
  newer.outputs.__stateVersion = STATE_VERSION + 1;
  expect(() => failedIn(newer)).toThrow(/^STATE_NEWER: /);
});
