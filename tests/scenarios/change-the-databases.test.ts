import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { main as bakinfo } from "../../provider/cli/bakinfo";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { isFullRun } from "../support/full-run";
import { everyEngine, messages, openScenario, type Scenario, steps } from "./harness";

jest.setTimeout(240_000);

const PAGE = join(__dirname, "..", "..", "docs", "how-to", "change-the-databases.md");
/** The messages that the page shows, by the heading of their section. */
const shown = (heading: string): string =>
  /```text\n([\s\S]*?)\n```/.exec(readFileSync(PAGE, "utf8").split(`\n## ${heading}\n`)[1] ?? "")?.[1] ?? "no message";

/** Three runs, so only with all scenarios. */
(isFullRun ? describe : describe.skip).each(everyEngine)("with $title", (engine) => {
  let scenario: Scenario;
  let folder: string;
  beforeEach(async () => {
    scenario = await openScenario(engine, { taskMs: 1 }, "instance-program");
    folder = join(scenario.workspace.stateDir, "..", "backups");
    mkdirSync(folder);
  });
  afterEach(() => scenario.close());

  function declare(args: Record<string, unknown> = {}): void {
    const { instanceId: instance, bucket } = scenario.emulator;
    scenario.configure(
      "instance",
      JSON.stringify({ instance, bucket, backups: folder, pollInterval: "200ms", ...args }),
    );
  }
  const backup = (databaseName: string, dataBytes = 65_536): Promise<void> =>
    writeBackupFile(join(folder, `${databaseName}.bak`), { databaseName, type: "full", dataBytes });

  test("adding, renaming, taking out and replacing print what the page shows; a manifest changes nothing", async () => {
    const { run, emulator, count } = scenario;
    for (const name of ["crm", "dwh", "erp", "hr"]) await backup(name);
    declare();
    expect((await run({ kind: "up" })).exitCode).toBe(0);

    const manifest = join(folder, "..", "backups.json");
    const silent = { out: () => undefined, err: () => undefined, env: () => undefined };
    expect(await bakinfo([folder, "--manifest", manifest], silent)).toBe(0);
    declare({ backups: manifest });
    const fromManifest = await run({ kind: "preview" });
    expect(steps(fromManifest).sort()).toEqual(
      ["erp-crm", "erp-dwh", "erp-erp", "erp-hr"].map((name) => `${name}: same`),
    );

    await backup("ledger");
    await backup("dwh", 131_072);
    rmSync(join(folder, "hr.bak"));
    await emulator.rds.removeDatabase({ instanceId: emulator.instanceId, name: "crm" });
    await emulator.rds.setDatabase({ instanceId: emulator.instanceId, name: "crm_prod" });
    declare({
      overrides: { erp: { databaseName: "erp_prod" }, crm: { databaseName: "crm_prod", adopt: true } },
    });
    const changed = await run({ kind: "up", previewFirst: true });
    expect(changed.exitCode).toBe(0);
    expect(steps(changed)).toEqual(
      expect.arrayContaining([
        "erp-ledger: create",
        "erp-crm: update",
        "erp-dwh: same",
        "erp-erp: replace",
        "erp-hr: delete",
      ]),
    );
    const text = messages(changed).replace(/migration task \d+/g, "migration task 106121");
    for (const heading of [
      "Add one",
      "Rename it here",
      "Rename it on RDS, and adopt",
      "Take one out",
      "Migrate one again",
    ])
      expect(text).toContain(shown(heading));
    // Only the new database and the second copy are restored; the old copy and the database that was taken out stay.
    expect(count("CreateMigrateTask")).toBe(6);
    expect((await emulator.rds.readState({})).databases.map(({ name }: { name: string }) => name).sort()).toEqual([
      "crm_prod",
      "dwh",
      "erp",
      "erp_prod",
      "hr",
      "ledger",
    ]);
  });
});
