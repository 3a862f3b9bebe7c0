import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { backupSeries } from "../../testing/backup-writer/backup-series";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { bothHosts, messages, openScenario, type Scenario, steps } from "./harness";

jest.setTimeout(240_000);

describe.each(bothHosts)("with $title", (engine) => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await openScenario(engine, { taskMs: 200 });
  });
  afterEach(() => scenario.close());

  test("a restoring database is cut over with the tail log by a change that the preview announces; the next preview shows no changes", async () => {
    const { declare, run, recorded, count, workspace } = scenario;
    const home = dirname(workspace.stateDir);
    const folder = join(home, "logs");
    mkdirSync(folder);
    const specs = backupSeries(
      { databaseName: "erp", startDate: "2026-05-01T02:00:00", dataBytes: 65_536, logBytes: 4_096 },
      ["full", "log", "log"],
    );
    const paths = specs.map((_, at) => join(home, `erp-${at}.bak`));
    for (const [at, spec] of specs.entries()) {
      await writeBackupFile(paths[at] ?? "", at === 2 ? { ...spec, isTail: true } : spec);
    }
    const [backup = "", log = "", tail = ""] = paths;
    const restoring = { erp: { backup, increments: folder, phase: "restoring" } };

    copyFileSync(log, join(folder, "1.trn"));
    declare(restoring);
    const first = await run({ kind: "up" });
    expect(messages(first)).not.toMatch(/^error/m);
    expect(first.exitCode).toBe(0);
    expect(await recorded("erp")).toMatchObject({ status: "waitingForIncrements", readyForCutover: false });

    copyFileSync(tail, join(folder, "2.trn"));
    declare({ erp: { ...restoring.erp, phase: "online" } });
    const preview = await run({ kind: "preview" });
    expect(steps(preview)).toEqual(["erp: update"]);
    expect(messages(preview)).toMatch(
      /CUTOVER of erp: this up applies 2.trn and opens the database\.\s+POINT OF NO RETURN/,
    );
    const cutover = await run({ kind: "up" });
    expect(cutover.exitCode).toBe(0);
    expect(await recorded("erp")).toMatchObject({ status: "online" });
    expect([count("CreateMigrateTask"), count("CreateOnlineDatabaseTask")]).toEqual([3, 1]);

    const clean = await run({ kind: "preview" });
    expect(steps(clean)).toEqual(["erp: same"]);
    expect(messages(clean)).not.toMatch(/CUTOVER|WRITTEN AFTER/);
  });
});
