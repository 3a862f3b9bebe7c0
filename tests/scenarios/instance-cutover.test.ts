import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunResult } from "../../engine/engine";
import { backupSeries } from "../../testing/backup-writer/backup-series";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { hosts, isKind, messages, openScenario, type Scenario, steps } from "./harness";

jest.setTimeout(900_000);

const DATABASES = ["crm", "erp", "hr"];

describe.each(hosts)("with $title", (engine) => {
  let scenario: Scenario;
  let folder: string;
  beforeEach(async () => {
    scenario = await openScenario(engine, { taskMs: 200 }, "instance-program");
    folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-folder-"));
    mkdirSync(join(folder, "logs"));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await scenario.close();
  });

  function declare(phase: "restoring" | "online"): void {
    const { instanceId: instance, bucket } = scenario.emulator;
    const whole = { instance, bucket, backups: folder, pollInterval: "200ms", cutoverGroup: { phase } };
    scenario.configure("instance", JSON.stringify(whole));
  }

  /** A full backup, a log and the tail log of each database; writes those in `which` to the folder. */
  async function write(which: readonly number[], databases: readonly string[] = DATABASES): Promise<void> {
    for (const databaseName of databases) {
      const start = { databaseName, startDate: "2026-05-01T02:00:00", dataBytes: 65_536, logBytes: 4_096 };
      for (const [at, spec] of backupSeries(start, ["full", "log", "log", "log"]).entries()) {
        const name = at === 0 ? `${databaseName}.bak` : `logs/${databaseName}-${at}.trn`;
        if (which.includes(at)) await writeBackupFile(join(folder, name), at === 2 ? { ...spec, isTail: true } : spec);
      }
    }
  }

  const groupOf = async () => (await scenario.recordedKind("CutoverGroup"))?.outputs;
  const cutover = (run: RunResult): string[] =>
    run.steps.filter(({ type }) => isKind(type, "CutoverGroup")).map(({ op }) => op);
  /** The databases at the service, in the order in which they were opened. */
  const opened = (): unknown[] =>
    scenario.emulator.journal.entries
      .filter(({ action, detail }) => action === "databaseStatus" && detail.status === "Running")
      .map(({ detail }) => detail.dbName);
  const statusesOf = async (): Promise<unknown[]> =>
    Promise.all(DATABASES.map(async (name) => (await scenario.recorded(`erp-${name}`))?.status));

  test("a folder with increments is applied, and a cutover that fails in the middle continues with the next up", async () => {
    const { run, emulator, recorded } = scenario;
    await write([0, 1]);
    declare("restoring");
    const first = await run({ kind: "up" });
    expect(messages(first)).not.toMatch(/^error/m);
    expect(first.exitCode).toBe(0);
    expect(await groupOf()).toMatchObject({ status: "waiting" });
    expect(await statusesOf()).toEqual(DATABASES.map(() => "waitingForIncrements"));

    await write([2]);
    const shipped = await run({ kind: "up" });
    expect(shipped.exitCode).toBe(0);
    for (const name of DATABASES) expect(await recorded(`erp-${name}`)).toMatchObject({ readyForCutover: true });
    expect(opened()).toEqual([]);

    declare("online");
    const announced = await run({ kind: "preview" });
    expect(cutover(announced)).toEqual(["update"]);
    expect(steps(announced).filter((step) => !step.endsWith(": same"))).toEqual([]);
    expect(messages(announced)).toMatch(/CUTOVER of crm, erp, hr: POINT OF NO RETURN\.[\s\S]*in this order/);
    emulator.faults.add({
      match: { action: "CreateOnlineDatabaseTask", params: { DBName: "erp" } },
      times: 1,
      effect: { kind: "refuse", status: 400, code: "EngineNotSupported" },
    });
    const broken = await run({ kind: "up" });
    expect(broken.exitCode).not.toBe(0);
    expect(messages(broken)).toMatch(
      /GROUP_INCOMPLETE: erp could not be opened\..*EngineNotSupported.*Already online, and not closed again:\s+crm\s+Not opened:\s+hr/s,
    );
    expect(await groupOf()).toMatchObject({
      status: "failed",
      opened: [
        { database: "crm", status: "online" },
        { database: "erp", status: "failed", failure: { code: "API_ENGINE_NOT_SUPPORTED" } },
        { database: "hr", status: "waiting" },
      ],
    });
    expect(opened()).toEqual(["crm"]);

    const done = await run({ kind: "up" });
    expect(messages(done)).not.toMatch(/^error/m);
    expect(done.exitCode).toBe(0);
    expect(opened()).toEqual(DATABASES);
    expect(await groupOf()).toMatchObject({ status: "online", opened: DATABASES.map(() => ({ status: "online" })) });
    expect((await run({ kind: "preview", expectNoChanges: true })).exitCode).toBe(0);

    const refreshed = await run({ kind: "refresh" });
    expect(refreshed.exitCode).toBe(0);
    expect(await statusesOf()).toEqual(DATABASES.map(() => "online"));
    expect(await groupOf()).toMatchObject({ status: "online" });

    // The applied logs have been deleted, and the source of one database was written after the cutover.
    rmSync(join(folder, "logs"), { recursive: true });
    mkdirSync(join(folder, "logs"));
    await write([3], ["hr"]);
    const late = await run({ kind: "up", previewFirst: true });
    expect(late.exitCode).toBe(0);
    expect(messages(late)).toMatch(/warning: SOURCE_WRITTEN_AFTER: THE SOURCE OF hr WAS WRITTEN AFTER THE CUTOVER/);
    expect(late.outputs.summary).toMatchObject(DATABASES.map((database) => ({ database, status: "online" })));
    expect(cutover(late)).toEqual(["same"]);
    expect(opened()).toEqual(DATABASES);
  });
});
