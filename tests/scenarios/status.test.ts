import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCli } from "../../engine/find-cli";
import { cliEnvironment } from "../../engine/pulumi-cli";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { hosts, messages, openScenario, type Scenario, until } from "./harness";

jest.setTimeout(400_000);

const COMMAND = join(__dirname, "..", "..", "dist", "provider", "cli", "sqlserver-migration.js");
const HINT = "To see all databases at any time: npx --no sqlserver-migration status";
const POLLS = ["DescribeMigrateTasks", "DescribeMigrateTaskById"];

describe.each(hosts)("with $title", (engine) => {
  let scenario: Scenario;
  let folder: string;
  beforeEach(async () => {
    scenario = await openScenario(engine, {}, "instance-program");
    folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-status-"));
    for (const databaseName of ["crm", "web"])
      await writeBackupFile(join(folder, `${databaseName}.bak`), { databaseName, type: "full", dataBytes: 65_536 });
    const { instanceId: instance, bucket } = scenario.emulator;
    scenario.configure("instance", JSON.stringify({ instance, bucket, backups: folder, pollInterval: "200ms" }));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await scenario.close();
  });

  /** Runs `status` in the project's folder: it calls `pulumi stack export` itself. The stand-in's export comes on stdin. */
  async function status(...flags: string[]) {
    const { workspace } = scenario;
    const cli = engine.name === "pulumi" ? findCli() : undefined;
    const source = cli === undefined ? ["--state", "-"] : ["--stack", workspace.stack];
    const options = {
      cwd: workspace.projectDir,
      env: cli === undefined ? workspace.env : cliEnvironment(cli.executable, workspace),
    };
    const input = cli === undefined ? JSON.stringify(await engine.exportState(workspace)) : "";
    // Not spawnSync: the emulator answers in this process.
    return new Promise<{ exit: unknown; stdout: string; stderr: string }>((resolve) => {
      const args = [COMMAND, "status", ...source, ...flags];
      const child = execFile(process.execPath, args, options, (error, stdout, stderr) =>
        resolve({ exit: error === null ? 0 : error.code, stdout, stderr }),
      );
      child.stdin?.end(input);
    });
  }

  test("credentials that expire during the restore leave the last known table, and status prints it later", async () => {
    const { run, emulator, count } = scenario;
    await emulator.rds.shapeRestore({ dbName: "web", holdAt: "restoring" });
    const running = run({ kind: "up" });
    await until(
      "crm is online",
      async () => {
        const state = (await emulator.rds.readState({})) as { databases: { name: string; status: string }[] };
        return state.databases.some(({ name, status: word }) => name === "crm" && word === "Running");
      },
      120_000,
    );
    const seen = count("DescribeMigrateTasks") + 2;
    await until("the outcome has seen it", () => count("DescribeMigrateTasks") >= seen);
    emulator.faults.add({
      match: { action: POLLS },
      effect: { kind: "refuse", status: 400, code: "InvalidSecurityToken.Expired" },
    });
    const up = await running;
    expect(up.exitCode).not.toBe(0);
    expect(messages(up)).toMatch(
      /TOKEN_EXPIRED: .*Last known state of rm-emulator0001, not asked since 20\d\d-[\dT:-]+Z:\n+database .*\n *crm +online .*\n *web +restoring /s,
    );
    expect(messages(up)).toContain(HINT);

    const refused = await status();
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toMatch(/^sqlserver-migration: rm-emulator0001 was not asked: TOKEN_EXPIRED: /);
    expect(refused.stdout).toMatch(
      /^1 of 2 databases online, 0 failed, 1 on the way\n\nrm-emulator0001: not asked since /,
    );
    expect(refused.stdout).toMatch(/\ncrm +online .*\nweb +restoring \(Running/);

    emulator.faults.clear();
    const asked = await status();
    expect([asked.exit, asked.stderr]).toEqual([0, ""]);
    expect(asked.stdout).toMatch(/: asked at .*\n.*\ncrm +online .* now\nweb +restoring \(Running.* now$/m);
    const offline = await status("--offline");
    expect([offline.exit, offline.stderr]).toEqual([0, ""]);
    expect(offline.stdout).toMatch(/\nrm-emulator0001: not asked since /);
  });

  test("a failed up names the command, and it prints the failure with its cause", async () => {
    const { run, emulator } = scenario;
    const failWith = "Not Enough Disk Space for restoring, space left (10 MB) < needed (20 MB)";
    await emulator.rds.shapeRestore({ dbName: "web", failWith });
    const up = await run({ kind: "up" });
    expect(up.exitCode).not.toBe(0);
    expect(messages(up)).toContain(HINT);
    const mark = emulator.journal.entries.length;
    const { exit, stdout, stderr } = await status();
    expect([exit, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(/^1 of 2 databases online, 1 failed, 0 on the way\n/);
    expect(stdout).toMatch(/\ncrm +online .* now\nweb +failed .* now +TASK_NO_SPACE: the migration of web failed: /);
    const actions = emulator.journal.entries
      .slice(mark)
      .flatMap(({ request, action }) => (request > 0 ? [action] : []));
    expect(actions).toEqual(["DescribeMigrateTasks"]);
    const items = JSON.parse((await status("--json")).stdout);
    expect(items).toMatchObject([{ database: "crm", asked: true }, { failure: { code: "TASK_NO_SPACE" } }]);
  });
});
