import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunResult } from "../../engine/engine";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { hosts, messages, openScenario, type Scenario, steps } from "./harness";

jest.setTimeout(400_000);

describe.each(hosts)("with $title", (engine) => {
  let scenario: Scenario;
  let folder: string;
  beforeEach(async () => {
    scenario = await openScenario(engine, {}, "instance-program");
    folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-folder-"));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await scenario.close();
  });

  function declare(args: Record<string, unknown> = {}): void {
    const { instanceId: instance, bucket } = scenario.emulator;
    const whole = { instance, bucket, backups: folder, pollInterval: "200ms", ...args };
    scenario.configure("instance", JSON.stringify(whole));
  }

  async function backup(databaseName: string): Promise<string> {
    const path = join(folder, `${databaseName}.bak`);
    await writeBackupFile(path, { databaseName, type: "full", dataBytes: 256 * 1024 });
    return path;
  }

  const outcomeOf = async () => (await scenario.recordedKind("MigrationOutcome"))?.outputs;
  /** What `pulumi stack output` shows. */
  const stackOutputs = async (): Promise<Record<string, unknown> | undefined> => {
    const { deployment } = await engine.exportState(scenario.workspace);
    return deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs;
  };
  /** The dependencies of the outcome, by resource name. */
  const outcomeDependencies = async (): Promise<(string | undefined)[]> => {
    const outcome = await scenario.recordedKind("MigrationOutcome");
    return (outcome?.dependencies ?? []).map((urn) => urn.split("::").at(-1)).sort();
  };
  const application = (run: RunResult): string[] =>
    run.steps.filter(({ name }) => name === "application").map(({ op }) => op);

  test("a folder: findings at preview, stopped or isolated, a failed task, refresh, repair, then no changes", async () => {
    const { run, recorded, emulator, count } = scenario;
    mkdirSync(join(folder, "notes"));
    writeFileSync(join(folder, "notes", "readme.txt"), "not a backup");
    await backup("crm");
    await backup("erp");
    truncateSync(await backup("dwh"), 100_000);
    await backup("web");
    declare();

    const stopped = await run({ kind: "preview" });
    expect(stopped.exitCode).not.toBe(0);
    expect(messages(stopped)).toMatch(/error: BACKUP_TRUNCATED: /);
    expect(messages(stopped)).toMatch(
      /INSTANCE_FINDINGS: 1 of 4 databases cannot be migrated; nothing was sent\.\s+Findings:\s+dwh: BACKUP_TRUNCATED/,
    );
    expect(messages(stopped)).toMatch(
      /warning: 1 file is left out:\n.*readme\.txt is no backup by its name \(\.txt\) or content/,
    );
    expect(messages(stopped)).toMatch(/info: the data is as of .*; later writes are not in it/s);
    expect(application(stopped)).toEqual([]);
    expect(count("CreateMigrateTask") + count("PutObject")).toBe(0);

    declare({ onFinding: "isolate" });
    const failWith = "Not Enough Disk Space for restoring, space left (10 MB) < needed (20 MB)";
    await emulator.rds.shapeRestore({ dbName: "web", failWith });
    const isolated = await run({ kind: "up", previewFirst: true });
    expect(isolated.exitCode).not.toBe(0);
    expect(application(isolated)).toEqual([]);
    expect(messages(isolated)).toMatch(/INSTANCE_INCOMPLETE: 2 of 4 databases are online on rm-/);
    expect(messages(isolated)).toMatch(
      /INCOMPLETE: .*\n2 failed, 0 not finished\.\n\ndwh: BACKUP_TRUNCATED: .*\nweb: TASK_NO_SPACE: .*\n\ndatabase .*\ncrm +online .*\nerp +online /s,
    );
    expect(await stackOutputs()).toBeUndefined();
    expect(messages(isolated)).toMatch(
      /Correct the cause given for each database, then run `pulumi up --refresh`\.\s*$/m,
    );
    expect(count("CreateMigrateTask")).toBe(3);
    expect(await outcomeDependencies()).toEqual(["erp-crm", "erp-dwh", "erp-erp", "erp-web"]);
    expect(await recorded("erp-dwh")).toMatchObject({ status: "failed", failure: { code: "BACKUP_TRUNCATED" } });
    expect(await recorded("erp-web")).toMatchObject({ status: "submitted" });
    expect(await outcomeOf()).toMatchObject({
      summary: [
        { database: "crm", status: "online" },
        { database: "dwh", status: "failed" },
        { database: "erp", status: "online" },
        { database: "web", status: "failed", failure: { code: "TASK_NO_SPACE" } },
      ],
    });

    if (engine.name === "pulumi") {
      // Without this option, a failed update stores no outputs of the program.
      const continued = await run({ kind: "up", continueOnError: true });
      expect(continued.exitCode).not.toBe(0);
      expect(messages(continued)).toMatch(/INSTANCE_INCOMPLETE: 2 of 4 databases are online on rm-/);
      expect(application(continued)).toEqual([]);
      expect(count("CreateMigrateTask")).toBe(3);
      expect(continued.outputs).toMatchObject({
        counts: { total: 4, online: 2, waitingForIncrements: 0, inProgress: 0, failed: 2 },
        failures: [
          { database: "dwh", code: "BACKUP_TRUNCATED" },
          { database: "web", code: "TASK_NO_SPACE" },
        ],
        migrations: { crm: { status: "online" }, dwh: { status: "failed" }, web: { status: "failed" } },
      });
    }

    await backup("dwh");
    const mended = await run({ kind: "up", refresh: true });
    // The migration itself learns of the failure only now; the outcome has already failed a run for it.
    expect(messages(mended).match(/^error: .*?:/gm)).toEqual(["error: TASK_NO_SPACE:"]);
    expect(mended.exitCode).toBe(0);
    expect(application(mended)).toEqual(["create"]);
    expect(count("CreateMigrateTask")).toBe(5);
    expect(mended.outputs.summary).toMatchObject([
      { database: "crm", status: "online", warnings: [] },
      { database: "dwh", status: "online" },
      { database: "erp", status: "online" },
      { database: "web", status: "online" },
    ]);
    const online = { status: "online", finishedAt: expect.stringMatching(/Z$/), warnings: [] };
    const atEnd = {
      counts: { total: 4, online: 4, waitingForIncrements: 0, inProgress: 0, failed: 0 },
      failures: [],
      databases: { crm: online, dwh: online, erp: online, web: online },
      migrations: { crm: online, dwh: online, erp: online, web: online },
    };
    expect(mended.outputs).toMatchObject(atEnd);
    expect(await recorded("erp-web")).toMatchObject({ status: "submitted", statusText: "NoStart" });

    const mark = emulator.journal.entries.length;
    const clean = await run({ kind: "preview", expectNoChanges: true });
    expect(steps(clean).sort()).toEqual(["erp-crm: same", "erp-dwh: same", "erp-erp: same", "erp-web: same"]);
    expect(clean.exitCode).toBe(0);
    expect(clean.outputs).toEqual(mended.outputs);
    expect(emulator.journal.entries.slice(mark).filter(({ service }) => service === "rds")).toEqual([]);
    const refreshed = await run({ kind: "refresh" });
    expect(refreshed.exitCode).toBe(0);
    expect(await recorded("erp-web")).toMatchObject({ status: "online" });
    const afterRefresh = await run({ kind: "preview", expectNoChanges: true });
    expect(afterRefresh.exitCode).toBe(0);
    expect(afterRefresh.outputs).toMatchObject(atEnd);

    rmSync(folder, { recursive: true });
    const missing = await run({ kind: "preview" });
    expect(missing.exitCode).not.toBe(0);
    expect(messages(missing)).toMatch(/BACKUPS_FOLDER_MISSING: /);
    expect((await run({ kind: "destroy" })).exitCode).toBe(0);
    expect(count("TerminateMigrateTask")).toBe(0);
  });

  (engine.name === "pulumi" ? test : test.skip)(
    "with continueOnError the outputs are true although the cutover group was skipped",
    async () => {
      await backup("crm");
      await backup("web");
      declare({ cutoverGroup: { phase: "restoring" } });
      await scenario.emulator.rds.shapeRestore({ dbName: "web", failWith: "Not Enough Disk Space for restoring" });
      const { exitCode, outputs } = await scenario.run({ kind: "up", continueOnError: true });
      expect(exitCode).not.toBe(0);
      expect(outputs).toMatchObject({
        counts: { total: 2, online: 0, waitingForIncrements: 1, inProgress: 0, failed: 1 },
        failures: [{ database: "web" }],
        migrations: { crm: { status: "waitingForIncrements" }, web: { status: "failed" } },
      });
    },
  );
});
