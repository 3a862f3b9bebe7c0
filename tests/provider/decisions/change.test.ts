import fc from "fast-check";
import { type Change, hasReached, planChange } from "../../../provider/decisions/change";
import { WAIT_POINTS } from "../../../provider/model/inputs";
import { MIGRATION_STATUSES, type MigrationOutputs, type MigrationStatus } from "../../../provider/model/outputs";

const NOW_MS = Date.parse("2026-05-01T12:00:00Z");
const NOTHING_UNKNOWN: ReadonlySet<string> = new Set();

const recorded = (more: Partial<MigrationOutputs> = {}): MigrationOutputs => ({
  instanceId: "rm-1",
  bucket: "backups",
  backup: "a.bak",
  databaseName: "erp",
  backupId: "GUID-A/100",
  status: "online",
  warnings: [],
  ...more,
});

const wanted = (more: Partial<MigrationOutputs> = {}): Partial<MigrationOutputs> => {
  const { status, warnings, ...inputs } = recorded(more);
  return inputs;
};

const plan = (
  before: Partial<MigrationOutputs>,
  after: Partial<MigrationOutputs>,
  unknown: ReadonlySet<string> = NOTHING_UNKNOWN,
): Change => planChange(recorded(before), wanted(after), unknown, NOW_MS);

const TASK = { migrateTaskId: "7" };

describe("the table of changes", () => {
  const rows: [string, Partial<MigrationOutputs>, Partial<MigrationOutputs>, Change["kind"]][] = [
    ["nothing changed after it finished", {}, {}, "none"],
    ["another instance before it finished", { status: "restoring", ...TASK }, { instanceId: "rm-2" }, "replace"],
    ["another instance after it finished", {}, { instanceId: "rm-2" }, "replace"],
    ["another database name", {}, { databaseName: "crm" }, "replace"],
    ["the same database name in other case", {}, { databaseName: "ERP" }, "none"],
    ["another backup before a task ran", { status: "uploading" }, { backupId: "GUID-B/100" }, "update"],
    ["another backup after it finished", {}, { backupId: "GUID-B/100" }, "none"],
    ["another spelling of the same backup", {}, { backup: "/srv/a.bak" }, "none"],
    [
      "waits, polls, endpoints and upload options",
      {},
      { wait: "submitted", timeout: "1h", endpoint: "internal" },
      "none",
    ],
    ["a failed migration, whatever else changed", { status: "failed" }, {}, "update"],
    ["a restoring migration with wait: submitted", { status: "restoring", ...TASK }, { wait: "submitted" }, "none"],
    ["a restoring migration with wait: finished", { status: "restoring", ...TASK }, {}, "update"],
    ["a submitted migration with wait: finished", { status: "submitted", ...TASK }, { wait: "finished" }, "update"],
  ];
  test.each(rows)("%s", (_, before, after, kind) => {
    expect(plan(before, after).kind).toBe(kind);
  });

  test("an unknown instance or name is a replacement: its value is known only at up", () => {
    expect(plan({}, {}, new Set(["instanceId"]))).toEqual({ kind: "replace", property: "instanceId", warnings: [] });
    expect(plan({}, {}, new Set(["databaseName"]))).toEqual({
      kind: "replace",
      property: "databaseName",
      warnings: [],
    });
  });

  test("a backup that changed too late is a warning that names the migrated one", () => {
    const change = plan({ backup: "old.bak" }, { backup: "new.bak", backupId: "GUID-B/100" });
    expect(change).toEqual({ kind: "none", warnings: [expect.stringContaining("already online from old.bak")] });
    expect(plan({ ...TASK, status: "restoring" }, { backupId: "GUID-B/100", wait: "submitted" })).toMatchObject({
      warnings: [expect.stringContaining("being restored")],
    });
  });
});

describe("laws", () => {
  const status = fc.constantFrom(...MIGRATION_STATUSES);
  const optional = (value: fc.Arbitrary<string>) => fc.option(value, { nil: undefined });
  const before = fc.record({
    status,
    backupId: optional(fc.constantFrom("A", "B")),
    migrateTaskId: optional(fc.constant("7")),
    instanceId: fc.constantFrom("rm-1", "rm-2"),
    databaseName: fc.constantFrom("erp", "ERP", "crm"),
  });
  const after = fc.record({
    backupId: optional(fc.constantFrom("A", "B")),
    wait: fc.constantFrom(...WAIT_POINTS, undefined),
    instanceId: fc.constantFrom("rm-1", "rm-2"),
    databaseName: fc.constantFrom("erp", "ERP", "crm"),
    checkDb: fc.constantFrom("async", "sync", undefined),
  });

  test("an online migration is never updated", () => {
    fc.assert(
      fc.property(before, after, (is, wants) => {
        expect(plan({ ...is, status: "online" }, wants as Partial<MigrationOutputs>).kind).not.toBe("update");
      }),
    );
  });

  test("a failed migration is never reported as unchanged", () => {
    fc.assert(
      fc.property(before, after, (is, wants) => {
        expect(plan({ ...is, status: "failed" }, wants as Partial<MigrationOutputs>).kind).not.toBe("none");
      }),
    );
  });

  test("a migration that has not reached the requested state is never reported as unchanged", () => {
    fc.assert(
      fc.property(before, after, (is, wants) => {
        const change = plan(is, wants as Partial<MigrationOutputs>);
        if (!hasReached(is.status, wants.wait ?? "finished")) expect(change.kind).not.toBe("none");
      }),
    );
  });

  test("a value that only one side has replaces nothing", () => {
    fc.assert(
      fc.property(before, (is) => {
        expect(planChange(recorded(is), {}, NOTHING_UNKNOWN, NOW_MS).kind).not.toBe("replace");
      }),
    );
  });

  test("an unknown status counts as not reached", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !MIGRATION_STATUSES.some((known) => known === text)),
        fc.constantFrom(...WAIT_POINTS),
        (text, wait) => expect(hasReached(text as MigrationStatus, wait)).toBe(false),
      ),
    );
  });
});
