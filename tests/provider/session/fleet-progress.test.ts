import type { MigrationProgress } from "../../../provider/model/outputs";
import { FleetProgress, type Observed } from "../../../provider/session/fleet-progress";

const RM = "rm-1";
const GB = 1e9;
let nowMs: number;
let fleet: FleetProgress;
const at = (seconds: number): string => new Date(nowMs + seconds * 1000).toISOString();

beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 28, 6);
  const added = new Map([
    ["urn:crm", { database: "CRM", dataBytes: 9 * GB, logBytes: GB, backupBytes: 10 * GB }],
    ["urn:later", { database: "later", dataBytes: 900 * GB, logBytes: GB, backupBytes: 900 * GB, isPlanned: true }],
  ]);
  fleet = new FleetProgress(new Map([[RM, added]]), { now: () => nowMs, sleep: async () => {} });
});

const earlier = (): Observed => ({
  ...{ status: "online", sizeBytes: 10 * GB, migrateTaskId: "1" },
  timeline: {
    uploadStartedAt: at(-5000),
    uploadFinishedAt: at(-4000),
    submittedAt: at(-4000),
    restoreStartedAt: at(-3960),
    endedAt: at(-3500),
  },
});

it("knows no end until a restore has finished, then that of the databases of this run, without planned ones", () => {
  expect(fleet.fleetEnd(RM)).toBeUndefined();
  fleet.record(RM, "erp", earlier());
  nowMs += 10_000;
  const { range } = fleet.fleetEnd(RM) ?? { range: { likely: 0 } };
  expect(range.likely).toBeGreaterThan(1000);
  expect(range.likely).toBeLessThan(2500);
  expect(fleet.databaseEnd(RM, "crm")?.range).toEqual(range);
  expect(fleet.databaseEnd(RM, "erp")).toBeUndefined();
});

it("computes the end again only after a tenth of the time", () => {
  fleet.record(RM, "erp", earlier());
  const first = fleet.fleetEnd(RM);
  nowMs += 9_000;
  expect(fleet.fleetEnd(RM)).toEqual(first);
  nowMs += 1_000;
  expect(fleet.fleetEnd(RM)?.atMs).toBe(nowMs);
});

it("learns from the lists of tasks that others have fetched, before any migration has recorded its end", () => {
  const progress: Pick<MigrationProgress, "status" | "sizeBytes" | "timeline" | "migrateTaskId"> = {
    ...{ status: "submitted", sizeBytes: 10 * GB, migrateTaskId: "7" },
    timeline: { uploadStartedAt: at(-2000), uploadFinishedAt: at(-1000), submittedAt: at(-1000) },
  };
  fleet.record(RM, "erp", progress);
  const task = { taskId: "7", databaseName: "erp", description: "", createdAtMs: nowMs - 1_000_000 };
  fleet.recordTasks(RM, [{ ...task, status: "Running" }]);
  nowMs += 500_000;
  expect(fleet.fleetEnd(RM)).toBeUndefined();
  fleet.recordTasks(RM, [{ ...task, status: "Success", finishedAtMs: nowMs - 60_000 }]);
  nowMs += 60_000;
  expect(fleet.databaseEnd(RM, "erp")).toBeUndefined();
  expect(fleet.databaseEnd(RM, "crm")).toBeDefined();
  expect(progress.timeline).not.toHaveProperty("endedAt");
});

it("takes the rate of an upload from what this run has sent", () => {
  fleet.record(RM, "erp", earlier());
  fleet.record(RM, "crm", { status: "uploading", sizeBytes: 10 * GB, timeline: { uploadStartedAt: at(0) } });
  const sent = (doneBytes: number) =>
    fleet.recordUpload(RM, "crm", { phase: "uploading", sizeBytes: 10 * GB, doneBytes });
  // Eight gigabytes are of an earlier run.
  sent(8 * GB);
  nowMs += 100_000;
  sent(8.1 * GB);
  const { likely } = fleet.databaseEnd(RM, "crm")?.range ?? { likely: 0 };
  expect(likely).toBeGreaterThan(1900 + 300);
  expect(likely).toBeLessThan(1900 + 900);
});

it("estimates a restore by the assumed rate until the run knows one", () => {
  const sizes = { backupBytes: 50 * GB, restoredBytes: 100 * GB };
  expect(fleet.restoreSeconds(RM, sizes)).toBe(2000);
  for (let index = 0; index < 10; index += 1) fleet.record(RM, `erp${index}`, earlier());
  // 10 GB of backup took 460 s; the restored size of these is not recorded.
  expect(fleet.restoreSeconds(RM, sizes)).toBeGreaterThan(1800);
  expect(fleet.restoreSeconds(RM, sizes)).toBeLessThan(2600);
});
