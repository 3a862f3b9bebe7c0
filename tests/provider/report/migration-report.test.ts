import { nativeType } from "../../../provider/model/resource-type";
import { canonicalJson, sha256Of } from "../../../provider/report/canonical-json";
import {
  type MigrationReport,
  migrationReport,
  type ReportedDatabase,
} from "../../../provider/report/migration-report";
import { mergeStates, type StackResource, type StackState } from "../../../provider/stack-state/exported-stack";
import { at, FAILURE, fleetState, INSTANCE, migration, ONLINE, resource, stateOf } from "./support/fleet-state";

const digestOf = (state: StackState): string => sha256Of(canonicalJson(migrationReport(state)));

function only({ databases }: MigrationReport): ReportedDatabase {
  expect(databases).toHaveLength(1);
  return databases[0] as ReportedDatabase;
}
const reportOf = (...resources: StackResource[]): MigrationReport => migrationReport(stateOf(...resources));

const { uploadStartedAt, uploadFinishedAt, submittedAt, restoreStartedAt } = ONLINE.timeline;
const COUNTS = { databases: 1, accepted: 0, todo: 2, expected: 1 };
const verification = (members: object, others: object = {}): StackResource =>
  resource({
    ...{ kind: "MigrationVerification", name: "verification" },
    outputs: { source: "before.json", target: "after.json", counts: COUNTS, ...members },
    ...others,
  });

test("an online database has its evidence, its stages and its place in the totals", () => {
  const report = reportOf(migration("ERP"));
  expect(report.stacks).toEqual(["weekend/prod"]);
  expect(report.totals).toEqual({
    ...{ total: 1, online: 1, waitingForIncrements: 0, inProgress: 0, failed: 0, sizeBytes: ONLINE.sizeBytes },
    ...{ warnings: 0, startedAt: at(0), endedAt: at(80), seconds: 80 * 60 },
  });
  const database = only(report);
  expect(database).toMatchObject({ database: "ERP", instanceId: INSTANCE, result: "online", migrateTaskId: "106121" });
  expect(database.backup).toMatchObject({
    ...{ file: "./backups/erp.bak", object: "oss://acme-migration/erp_FULL_20261127220100.bak" },
    ...{ crc64: "11716802462112668994", backupSetGuid: "D944EF79-743F-7879-D082-FF694C244686", server: "SQL01" },
  });
  expect(database.stages.map(({ kind, seconds = 0 }) => [kind, seconds / 60])).toEqual([
    ["upload", 20],
    ["queue", 9],
    ["restore", 40],
    ["check", 10],
  ]);
});

test.each<[string, object, Partial<ReportedDatabase>]>([
  [
    "uploading",
    { status: "uploading", timeline: { uploadStartedAt }, migrateTaskId: undefined },
    { result: "inProgress" },
  ],
  [
    "submitted",
    { status: "submitted", timeline: { uploadStartedAt, uploadFinishedAt, submittedAt } },
    { result: "inProgress" },
  ],
  ["restoring", { status: "restoring", timeline: { submittedAt, restoreStartedAt } }, { result: "inProgress" }],
  ["waitingForIncrements", { status: "waitingForIncrements", phase: "restoring" }, { result: "waitingForIncrements" }],
  [
    "failed",
    { status: "failed", failure: FAILURE },
    { result: "failed", failure: FAILURE as ReportedDatabase["failure"] },
  ],
  ["online", { adopt: true }, { result: "online", isAdopted: true }],
])("a database that is %s", (status, members, expected) => {
  expect(only(reportOf(migration("ERP", members)))).toMatchObject({ status, ...expected });
});

test("a stage without a recorded end stays open, and a boundary that no run saw is not guessed", () => {
  const stagesOf = (members: object) => only(reportOf(migration("ERP", { finishedAt: undefined, ...members }))).stages;
  const restoring = stagesOf({
    status: "restoring",
    timeline: { uploadStartedAt, uploadFinishedAt, submittedAt, restoreStartedAt },
  });
  expect(restoring.at(-1)).toEqual({ kind: "restore", startedAt: restoreStartedAt });
  const unseen = stagesOf({ timeline: { submittedAt, endedAt: at(70) } });
  expect(unseen).toEqual([{ kind: "queueOrRestore", startedAt: submittedAt, endedAt: at(70), seconds: 49 * 60 }]);
  const old = stagesOf({ timeline: undefined, finishedAt: at(70) });
  expect(old).toEqual([{ kind: "whole", startedAt: at(0), endedAt: at(70), seconds: 70 * 60 }]);
});

test("increments are stages and evidence, with their LSNs", () => {
  const file = { state: "applied", sizeBytes: 10, lastLsn: "34000000150000001" };
  const chain = {
    reachedLsn: "34000000150000001",
    files: [
      { ...file, type: "FULL", objectKey: "erp.bak", lastLsn: "34000000106000001", sentAt: submittedAt, seconds: 600 },
      { ...file, type: "LOG", objectKey: "erp.trn", sentAt: at(60), seconds: 30 },
      { ...file, type: "LOG", objectKey: "erp2.trn", sentAt: at(62), state: "sent" },
    ],
  };
  const database = only(
    reportOf(migration("ERP", { status: "waitingForIncrements", chain, nextLsn: "34000000150000001" })),
  );
  expect(database.stages.slice(2)).toEqual([
    expect.objectContaining({ kind: "restore", endedAt: at(31) }),
    { kind: "increment", startedAt: at(60), endedAt: at(60.5), seconds: 30 },
    { kind: "increment", startedAt: at(62) },
    expect.objectContaining({ kind: "check" }),
  ]);
  expect(database.backup?.lastLsn).toBe("34000000106000001");
  expect(database.chain).toMatchObject({ reachedLsn: "34000000150000001", nextLsn: "34000000150000001" });
  expect(database.chain?.increments.map(({ objectKey }) => objectKey)).toEqual(["erp.trn", "erp2.trn"]);
});

test("the outcome's row counts where it knows more, and the evidence stays the migration's", () => {
  const outcome = resource({
    ...{ kind: "MigrationOutcome", name: "fleet-outcome", id: INSTANCE },
    inputs: { __findings: [{ reasons: ["SPACE_TOO_SMALL: too little room.\nEnlarge the disk."] }] },
    outputs: {
      instanceId: INSTANCE,
      summary: [{ database: "ERP", status: "failed", migrateTaskId: "106121", warnings: [], failure: FAILURE }],
    },
  });
  const report = reportOf(outcome, migration("ERP", { status: "submitted", deferred: true }));
  expect(only(report)).toMatchObject({ result: "failed", failure: FAILURE, backup: { crc64: ONLINE.objectCrc64 } });
  expect(report.findings).toEqual([{ instanceId: INSTANCE, reasons: [expect.stringContaining("SPACE_TOO_SMALL")] }]);
});

test("a verification is evidence for the databases that it names, under their names on the destination", () => {
  const named = verification({ databases: ["ERP_OLD"], renamed: { ERP_OLD: "erp" } });
  const report = reportOf(migration("ERP"), migration("CRM"), named);
  expect(report.verifications).toMatchObject([{ result: "passed", counts: COUNTS, recordedAt: expect.any(String) }]);
  expect(report.databases.map(({ verifications }) => verifications)).toEqual([[], [named.urn]]);
  expect(only(reportOf(migration("ERP"), verification({}))).verifications).toEqual([]);
});

test("a verification whose last update failed is not one that passed", () => {
  const { verifications } = reportOf(verification({}, { initErrors: ["VERIFICATION_FAILED: rows differ."] }));
  expect(verifications).toMatchObject([{ result: "failed", errors: ["VERIFICATION_FAILED: rows differ."] }]);
});

test("records that cannot be read are listed, and the rest is reported", () => {
  const newer = verification({ counts: undefined });
  const odd = migration("CRM", { sizeBytes: "large" });
  const report = reportOf(migration("ERP"), newer, odd);
  expect(report.unreadable).toEqual([{ resource: newer.urn, message: expect.stringContaining("STATE_UNREADABLE") }]);
  expect(report.databases[0]).toMatchObject({ database: "CRM", fault: expect.stringContaining("[sizeBytes]") });
  expect(report.databases[0]).not.toHaveProperty("sizeBytes", expect.anything());
});

test("a run that was killed while it created a migration leaves a row without a status", () => {
  const { outputs: _outputs, ...pending } = migration(
    "ERP",
    {},
    { inputs: { instanceId: INSTANCE, databaseName: "ERP" } },
  );
  const report = migrationReport({ resources: [], pendingOperations: [{ resource: pending, type: "creating" }] });
  expect(only(report)).toMatchObject({
    status: "unknown",
    result: "inProgress",
    pendingOperation: "creating",
    stages: [],
  });
});

test("an error of the last update that the migration did not record is shown", () => {
  const { runErrors } = only(reportOf(migration("ERP", {}, { initErrors: ["NO_CREDENTIALS: none."] })));
  expect(runErrors).toEqual(["NO_CREDENTIALS: none."]);
});

test("a state without migrations is an empty report", () => {
  expect(reportOf()).toMatchObject({ stacks: [], databases: [], totals: { total: 0, sizeBytes: 0 } });
});

describe("several states", () => {
  test("the shards of a fleet are one report, of either host's resources", () => {
    const native = (name: string) => migration(name, {}, { stack: "shard2", type: nativeType("DatabaseMigration") });
    const report = migrationReport(mergeStates([stateOf(migration("ERP")), stateOf(native("CRM"))]));
    expect(report.stacks).toEqual(["weekend/prod", "weekend/shard2"]);
    expect(report.databases.map(({ database }) => database)).toEqual(["CRM", "ERP"]);
  });

  test("a database that two stacks record counts once, by the later record", () => {
    const later = { stack: "shard2", modified: "2026-11-30T00:00:00Z" };
    const older = migration("ERP", { status: "failed", failure: FAILURE });
    const report = reportOf(migration("erp", {}, later), older);
    expect(only(report)).toMatchObject({ result: "online" });
    expect(report.superseded).toEqual([{ resource: older.urn, instanceId: INSTANCE, database: "ERP" }]);
  });
});

describe("the digest", () => {
  const state = fleetState(40);
  state.resources.push(verification({ databases: ["erp_0000"] }));

  test("does not depend on the order of records and members, or on how they are split over states", () => {
    const backwards = [...state.resources].reverse().map((each) => ({
      ...each,
      outputs: Object.fromEntries(Object.entries(each.outputs ?? {}).reverse()),
    }));
    const halves = mergeStates([stateOf(...backwards.slice(20)), stateOf(...backwards.slice(0, 20))]);
    expect(digestOf(stateOf(...backwards))).toBe(digestOf(state));
    expect(digestOf(halves)).toBe(digestOf(state));
    expect(digestOf(mergeStates([state, state]))).toBe(digestOf(state));
  });

  test("changes with any recorded value", () => {
    expect(digestOf(stateOf(migration("ERP", { objectCrc64: "1" })))).not.toBe(digestOf(stateOf(migration("ERP"))));
  });

  test("is that of the canonical JSON, whose members are sorted", () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: "\u202e##[x" })).toBe(
      '{"a":"\\u202e\\u0023#[x","b":[{"d":1}]}\n',
    );
    expect(sha256Of("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});
