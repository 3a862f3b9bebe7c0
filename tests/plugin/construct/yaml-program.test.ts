import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { writeBackupFile } from "../../../testing/backup-writer/write-backup-file";
import { bothHosts, messages, openScenario, type Scenario, steps } from "../../scenarios/harness";
import { comparableState } from "../../support/comparable-state";

jest.setTimeout(400_000);

const native = bothHosts.filter(({ host }) => host === "native");
if (native.length === 0)
  console.warn("Components in YAML are not tested: the engine or its YAML language host is not built");

describe.each(native)("with $title", (engine) => {
  let scenario: Scenario;
  let project: string;
  beforeEach(async () => {
    scenario = await openScenario(engine, {}, "instance-program");
    project = join(scenario.workspace.stateDir, "..", "project");
    mkdirSync(join(project, "backups"), { recursive: true });
    for (const databaseName of ["crm", "erp"]) {
      const path = join(project, "backups", `${databaseName}.bak`);
      await writeBackupFile(path, { databaseName, type: "full", dataBytes: 65_536 });
    }
  });
  afterEach(() => scenario.close());

  /** Writes a YAML program of the project of the TypeScript one. */
  function writeProgram(resources: Record<string, unknown>, outputs: Record<string, string> = {}): void {
    writeFileSync(join(project, "Pulumi.yaml"), stringify({ name: "scenario", runtime: "yaml", resources, outputs }));
    scenario.workspace.projectDir = project;
  }

  /** Returns how many processes of the plugin the run starts. */
  function countPlugins(): () => number {
    const [record, started] = [join(project, "record.js"), join(project, "started")];
    writeFileSync(started, "");
    writeFileSync(
      record,
      `if (/plugin.main\\.js$/.test(process.argv[1])) require("fs").appendFileSync(${JSON.stringify(started)}, require("fs").readFileSync("/proc/"+process.ppid+"/cmdline", "latin1").split("\\0").slice(0,3).join(" ")+" / "+process.argv.slice(2).join(" ")+"\\n");`,
    );
    scenario.workspace.env = { ...scenario.workspace.env, NODE_OPTIONS: `--require ${record}` };
    return () => readFileSync(started, "utf8");
  }

  test("an InstanceMigration of a folder: preview, up, no changes, destroy, with one process of the plugin in each run", async () => {
    const { run, emulator } = scenario;
    writeProgram(
      {
        erp: {
          type: "sqlserver-migration:InstanceMigration",
          properties: {
            instanceId: emulator.instanceId,
            bucketName: emulator.bucket,
            backups: "./backups",
            pollInterval: "200ms",
          },
        },
      },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of YAML programs
      { counts: "${erp.counts}", failures: "${erp.failures}" },
    );
    const plugins = countPlugins();
    const preview = await run({ kind: "preview" });
    console.log(messages(preview), preview.stderr, preview.stdout);
    expect(preview.exitCode).toBe(0);
    console.log(plugins());
    const up = await run({ kind: "up" });
    console.log(messages(up));
    expect(up.exitCode).toBe(0);
    console.log(plugins(), (await engine.exportState(scenario.workspace)).deployment.resources?.map(r => [r.urn, (r as any).provider, r.outputs]));
    expect(up.outputs).toMatchObject({ counts: { total: 2, online: 2 }, failures: [] });
    expect((await run({ kind: "preview", expectNoChanges: true })).exitCode).toBe(0);
    const destroyed = await run({ kind: "destroy" });
    expect(destroyed.exitCode).toBe(0);
    console.log(plugins());
  });
});
