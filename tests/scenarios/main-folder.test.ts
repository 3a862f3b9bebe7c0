import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { hosts, messages, openScenario, type Scenario } from "./harness";

jest.setTimeout(200_000);

/** Inside the repository: a path with too many `..` would lead to a folder of the root from anywhere. */
const WORK = join(__dirname, "..", "..", ".work");

describe.each(hosts)("with $title, main: src/index.ts", (engine) => {
  let scenario: Scenario;
  let folder: string;
  beforeEach(async () => {
    scenario = await openScenario(engine, {}, "main-program");
    mkdirSync(WORK, { recursive: true });
    folder = mkdtempSync(join(WORK, "main-folder-"));
  });
  afterEach(async () => {
    await scenario.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Writes two backups; one for a single migration, one in a folder of its own for an instance. Declares both by paths from `start`. */
  async function declareFrom(start: string): Promise<void> {
    const { instanceId: instance, bucket } = scenario.emulator;
    const single = join(folder, "erp.bak");
    await writeBackupFile(single, { databaseName: "erp", type: "full", dataBytes: 65_536 });
    mkdirSync(join(folder, "all"));
    await writeBackupFile(join(folder, "all/crm.bak"), { databaseName: "crm", type: "full", dataBytes: 65_536 });
    scenario.declare({ erp: { backup: relative(start, single) } });
    const backups = relative(start, join(folder, "all"));
    scenario.configure("instance", JSON.stringify({ instance, bucket, backups, pollInterval: "200ms" }));
  }

  test("relative paths start at the folder of Pulumi.yaml, in the program and in the provider", async () => {
    await declareFrom(scenario.workspace.projectDir);
    const preview = await scenario.run({ kind: "preview" });
    expect({ exitCode: preview.exitCode, messages: messages(preview) }).toMatchObject({ exitCode: 0 });
    const up = await scenario.run({ kind: "up" });
    expect({ exitCode: up.exitCode, messages: messages(up) }).toMatchObject({ exitCode: 0 });
    expect(messages(up)).not.toContain("PATH_IN_PROGRAM_FOLDER");
    expect(await scenario.recorded("erp")).toMatchObject({ status: "online" });
    expect(await scenario.recorded("all-crm")).toBeDefined();
    expect(scenario.count("CreateMigrateTask")).toBe(2);
    const again = await scenario.run({ kind: "preview", expectNoChanges: true });
    expect(again.exitCode).toBe(0);
  });

  test("what only the program's folder has is migrated with one warning for each path", async () => {
    await declareFrom(join(scenario.workspace.projectDir, "src"));
    const up = await scenario.run({ kind: "up" });
    expect({ exitCode: up.exitCode, messages: messages(up) }).toMatchObject({ exitCode: 0 });
    const warnings = messages(up).match(/^warning: PATH_IN_PROGRAM_FOLDER: .*$/gm) ?? [];
    expect([...new Set(warnings)].filter((line) => /erp\.bak is only/.test(line))).toHaveLength(1);
    expect([...new Set(warnings)].filter((line) => /all is only/.test(line))).toHaveLength(1);
    expect(scenario.count("CreateMigrateTask")).toBe(2);
  });
});
