import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DAMAGES } from "../../../testing/backup-writer/damage-backup";
import { Fixture, messages } from "../../../testing/fixture";
import { taken, writeHistory } from "./chain-fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open({ taskMs: 60 });
});
afterEach(() => fixture.close());

const FAST = { pollInterval: "20ms" };
const sends = (): number => fixture.requests("CreateMigrateTask").length;
const failureOf = (outputs: Record<string, unknown>) => outputs.failure as Record<string, unknown> | undefined;

describe("a preview rejects", () => {
  test("a gap, with the LSN that is missing", async () => {
    const [backup, , second] = await writeHistory(fixture, ["full", "log", "log"]);
    const { failures } = await fixture.preview({ backup, increments: [second], phase: "restoring" });
    expect(failures).toEqual([
      expect.stringMatching(/^CHAIN_GAP: .*The log of erp from LSN 34\d+ to 34\d+ is missing/s),
    ]);
  });

  test("a gap after the files that were listed before, although those are deleted", async () => {
    const [backup, first, , third] = await writeHistory(fixture, ["full", "log", "log", "log"]);
    const args = { ...FAST, backup, phase: "restoring" };
    const state = await fixture.up({ ...args, increments: [first] });
    expect((await fixture.preview({ ...args, increments: [third] }, state)).failures).toEqual([
      expect.stringMatching(/^CHAIN_GAP/),
    ]);
  });

  test("files that are named and cannot be increments of this backup", async () => {
    const [backup] = await writeHistory(fixture, ["full"]);
    const later = { startDate: "2024-06-01T02:00:00" };
    const [otherFull, otherDiff] = await writeHistory(fixture, ["full", "differential"], later, "-later");
    const crm = await fixture.backup("crm.trn", { databaseName: "crm", type: "log" });
    const broken = join(fixture.folder, "broken.trn");
    writeFileSync(broken, DAMAGES["cut-in-the-middle"](readFileSync(crm)));
    const codesOf = async (increments: string) =>
      (await fixture.preview({ backup, increments, phase: "restoring" })).failures.map((each) => each.split(":")[0]);
    expect(await codesOf(otherFull ?? "")).toEqual(["INCREMENT_IS_FULL"]);
    expect(await codesOf(otherDiff ?? "")).toEqual(["INCREMENT_OTHER_BASE"]);
    expect(await codesOf(crm)).toEqual(["INCREMENT_OTHER_DATABASE"]);
    expect(await codesOf(broken)).toEqual([expect.stringMatching(/INCREMENT_(UNFIT|OTHER_DATABASE)/)]);
    expect(await codesOf(join(fixture.folder, "nowhere.trn"))).toEqual(["INCREMENT_MISSING"]);
  });

  test("a cutover without a sign that the source was closed; a declaration by the user is accepted", async () => {
    const [backup, log] = await writeHistory(fixture, ["full", "log"]);
    const args = { ...FAST, backup, increments: [log] };
    expect((await fixture.preview(args)).failures).toEqual([
      expect.stringMatching(
        /^CUTOVER_NOT_READY: erp is not ready and was not opened\.\nReasons:\n {2}the last file, erp-1-log.bak, is not a log taken/s,
      ),
    ]);
    expect((await fixture.preview({ ...args, cutover: { final: "other.trn" } })).failures).toEqual([
      expect.stringContaining("cutover.final declares other.trn the last file"),
    ]);
    expect((await fixture.preview({ ...args, cutover: { requireTailLog: false } })).failures).toEqual([]);
    const { outputs } = await fixture.up({ ...args, cutover: { final: basename(log ?? "") } });
    expect(outputs.status).toBe("online");
  });

  test("going back from online to restoring", async () => {
    const [backup] = await writeHistory(fixture, ["full"]);
    const state = await fixture.up({ ...FAST, backup });
    expect((await fixture.preview({ backup, phase: "restoring" }, state)).failures).toEqual([
      expect.stringMatching(/^PHASE_ONE_WAY: /),
    ]);
  });

  test("2008 R2 with local disks, which opens every database at once", async () => {
    await fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, engineVersion: "2008r2" });
    const [backup] = await writeHistory(fixture, ["full"]);
    const { failures } = await fixture.preview({ backup, phase: "restoring" });
    expect(failures).toContainEqual(expect.stringMatching(/^CHAIN_NOT_ON_2008R2/));
  });
});

describe.each(["failed", "waiting"] as const)("an increment that fails, where its task is %s afterwards", (becomes) => {
  beforeEach(() => fixture.emulator.rds.setAfterBadIncrement({ becomes }));

  test("leaves the database restoring, names the file to supply, and is not sent again unchanged", async () => {
    const [backup, log = "", tail] = await writeHistory(fixture, ["full", "log", "tail"], { hasBackupChecksums: true });
    const args = { ...FAST, backup, increments: [log], phase: "restoring" };
    const sound = readFileSync(log);
    writeFileSync(log, DAMAGES["page-bit"](sound));
    const failed = await fixture.up(args);
    expect(failed.outputs).toMatchObject({ status: "failed", failure: { code: "INCREMENT_FAILED", retryable: false } });
    expect(failureOf(failed.outputs)?.remedy).toMatch(/Supply a sound copy of .*erp-1-log.bak/);
    expect(failed.outputs.chain).toMatchObject({ files: [{ state: "applied" }, { state: "failed" }] });
    expect(await fixture.databases()).toMatchObject([{ status: "restoring" }]);
    const before = sends();
    const again = await fixture.up(args, failed);
    expect(again.outputs).toMatchObject({ status: "failed", failure: { code: "INCREMENT_FAILED" } });
    expect(sends()).toBe(before);

    writeFileSync(log, sound);
    const supplied = await fixture.up({ ...args, increments: [log, tail], phase: "online" }, again);
    if (becomes === "waiting") {
      expect(supplied.outputs.status).toBe("online");
      expect(await taken(fixture)).toEqual(["FULL Restored", "LOG CheckFailed", "LOG Restored", "LOG Restored"]);
    } else {
      expect(supplied.outputs).toMatchObject({ failure: { code: "CHAIN_TASK_ENDED" } });
      expect(await fixture.databases()).toMatchObject([{ status: "restoring" }]);
    }
  });
});

describe.each(["failed", "waiting"] as const)(
  "an increment that fits by its header, refused by a task that is %s then",
  (becomes) => {
    // Only the file list shows what a task has really restored; without it, the user's statement counts.
    beforeEach(async () => {
      const { rds, instanceId: id } = fixture.emulator;
      await rds.setAfterBadIncrement({ becomes });
      await rds.setInstance({ id, unsupportedActions: ["DescribeOssDownloads"] });
    });

    test("a log that begins too late, because less was applied than the user stated: the log to supply is named", async () => {
      const [backup, ...logs] = await writeHistory(fixture, ["full", "log", "log", "log"]);
      const args = { ...FAST, backup, phase: "restoring" };
      const waiting = await fixture.up(args);
      const adopt = `${waiting.outputs.migrateTaskId}/${basename(logs[1] ?? "")}`;
      const { outputs } = await fixture.up({ ...args, increments: logs, adopt }, waiting);
      expect(outputs).toMatchObject({ status: "failed", failure: { code: "INCREMENT_FAILED" } });
      expect(failureOf(outputs)?.cause).toMatch(
        /applying .*erp-3-log\.bak to erp failed\.\nMigration task \d+: "The log .* too recent to apply/,
      );
      expect(failureOf(outputs)?.remedy).toMatch(
        /^Supply the log backup that begins at or before LSN 34\d+, or a later diff/,
      );
      expect(await fixture.databases()).toMatchObject([{ status: "restoring" }]);
    });

    test("a differential of another full backup than the task was given", async () => {
      const [restored] = await writeHistory(fixture, ["full"]);
      const waiting = await fixture.up({ ...FAST, backup: restored, phase: "restoring" });
      const later = { startDate: "2024-06-01T02:00:00" };
      const [backup, increment] = await writeHistory(fixture, ["full", "differential"], later, "-later");
      const adopt = String(waiting.outputs.migrateTaskId);
      const { outputs } = await fixture.up({ ...FAST, backup, increments: [increment], phase: "restoring", adopt });
      expect(outputs).toMatchObject({ status: "failed", failure: { code: "INCREMENT_FAILED" } });
      expect(failureOf(outputs)?.cause).toMatch(
        /erp-later-1-differential\.bak .*not been restored to the correct earlier/s,
      );
      expect(failureOf(outputs)?.remedy).toMatch(
        /^Supply a differential that is based on the full backup of this migration/,
      );
      const before = sends();
      const state = { id: "", inputs: { ...outputs }, outputs, log: [] };
      const again = await fixture.up({ ...FAST, backup, increments: [increment], phase: "restoring", adopt }, state);
      expect(again.outputs).toMatchObject({ status: "failed", failure: { code: "INCREMENT_FAILED" } });
      expect(sends()).toBe(before);
      expect(await fixture.databases()).toMatchObject([{ status: "restoring" }]);
    });
  },
);

describe("after the cutover", () => {
  async function opened() {
    const [backup, tail, late] = await writeHistory(fixture, ["full", "tail", "log"]);
    const folder = join(fixture.folder, "logs");
    mkdirSync(folder);
    copyFileSync(tail ?? "", join(folder, "tail.trn"));
    const args = { ...FAST, backup, increments: folder };
    return { args, state: await fixture.up(args), folder, late: late ?? "" };
  }

  test("a new file in the folder is a warning at each preview, and changes nothing", async () => {
    const { args, state, folder, late } = await opened();
    copyFileSync(late, join(folder, "late.trn"));
    for (let run = 0; run < 2; run += 1) {
      const preview = await fixture.preview(args, state);
      expect(preview).toMatchObject({ failures: [], diff: { changes: false } });
      expect(messages(preview.log, "warning")).toEqual([
        expect.stringMatching(/THE SOURCE OF erp WAS WRITTEN AFTER THE CUTOVER\.\n.*late.trn/s),
      ]);
    }
  });

  test("a new named file is an error", async () => {
    const { args, state, late } = await opened();
    const failed = await fixture.up({ ...args, increments: [late] }, state);
    expect(failed.failed?.reasons[0]).toMatch(/^INCREMENT_AFTER_CUTOVER/);
    expect(failed.outputs.status).toBe("online");
    expect(sends()).toBe(2);
  });
});

describe("the day's 20 calls", () => {
  test("leave four for the cutover, which may use them, and the deferred files are reported", async () => {
    const types = ["full", ...Array<"log">(17).fill("log"), "tail"] as const;
    const [backup, ...logs] = await writeHistory(fixture, types, { dataBytes: 8_192, logBytes: 512 });
    const args = { ...FAST, backup, increments: logs.slice(0, 17), phase: "restoring" };
    const first = await fixture.up(args);
    expect(first.outputs.status).toBe("waitingForIncrements");
    expect(sends()).toBe(16);
    expect(messages(first.log, "info").at(-1)).toMatch(
      /^2 increments are left until 20.*Z\.\nLimit: .*less four for the cutover\. Files: erp-16-log/,
    );
    expect((await fixture.preview(args, first)).diff?.changes).toBe(false);
    const done = await fixture.up({ ...args, increments: logs, phase: "online" }, first);
    expect(done.outputs.status).toBe("online");
    expect(sends()).toBe(19);
  });

  test("and minInterval spares them between two runs", async () => {
    const [backup, first, second] = await writeHistory(fixture, ["full", "log", "log"]);
    const args = { ...FAST, backup, phase: "restoring", minInterval: "1h" };
    const state = await fixture.up({ ...args, increments: [first] });
    expect((await fixture.preview({ ...args, increments: [first, second] }, state)).diff?.changes).toBe(false);
    expect(
      (await fixture.preview({ ...args, minInterval: undefined, increments: [first, second] }, state)).diff?.changes,
    ).toBe(true);
  });
});

test("increments in a bucket are located, by name and by prefix, and a task created by hand is adopted with what it has applied", async () => {
  const { bucket, oss } = fixture.emulator;
  const paths = await writeHistory(fixture, ["full", "log", "log", "tail"]);
  for (const path of paths) await oss.putObject(bucket, `dump/${basename(path)}`, readFileSync(path));
  const backup = `oss://${bucket}/dump/erp-0-full.bak`;
  const { outputs, log } = await fixture.up({ ...FAST, backup, increments: `oss://${bucket}/dump/` });
  expect(messages(log, "error")).toEqual([]);
  expect(outputs.status).toBe("online");
  expect(await taken(fixture)).toHaveLength(4);
  expect(fixture.requests("InitiateMultipartUpload")).toEqual([]);
});
