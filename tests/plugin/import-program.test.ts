import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { runCommand } from "../../engine/engine-process";
import { findCli } from "../../engine/find-cli";
import { cliEnvironment } from "../../engine/pulumi-cli";
import { nativeType } from "../../provider/model/resource-type";
import { bothHosts, messages, openScenario, type Scenario } from "../scenarios/harness";
import { isFullRun } from "../support/full-run";

jest.setTimeout(300_000);

const native = bothHosts.filter(({ host }) => host === "native");
if (native.length === 0) console.warn("SKIPPED: `pulumi import` needs the built engine and the plugin");
const executable = findCli()?.executable ?? "";

interface YamlProgram {
  resources: Record<string, { type: string; properties?: unknown; options?: Record<string, unknown> }>;
}

(isFullRun ? describe : describe.skip).each(native)("with $title", (engine) => {
  let scenario: Scenario;
  let project: string;
  beforeEach(async () => {
    scenario = await openScenario(engine);
    project = join(dirname(scenario.workspace.stateDir), "project");
    mkdirSync(project);
  });
  afterEach(() => scenario.close());

  /** Uses a YAML program in place of the scenario's, with a stack of its own. */
  function useProgram({ resources }: YamlProgram): void {
    writeFileSync(join(project, "Pulumi.yaml"), stringify({ name: "imported", runtime: "yaml", resources }));
    const { region } = scenario.emulator;
    Object.assign(scenario.workspace, {
      projectDir: project,
      stateDir: join(dirname(project), "imported"),
      config: { "sqlserver-migration:region": region },
    });
  }

  test("databases of a lost state and of the console are imported; the printed programs run, and their preview is empty", async () => {
    const { emulator, run, workspace, declare, backup } = scenario;
    const { instanceId } = emulator;
    declare({ erp: { backup: await backup("ERP") } });
    expect((await run({ kind: "up" })).exitCode).toBe(0);
    await emulator.rds.setDatabase({ instanceId, name: "ByHand" });

    useProgram({ resources: {} });
    await engine.exportState(workspace);
    const configFile = join(workspace.stateDir, "pulumi-init", `Pulumi.${workspace.stack}.yaml`);
    const importOne = async (name: string, database: string): Promise<YamlProgram> => {
      const out = join(project, `${name}.yaml`);
      const id = `${instanceId}/${database}`;
      await runCommand(
        executable,
        [
          ...["import", nativeType("DatabaseMigration"), name, id, "--yes", "--non-interactive", "--protect=false"],
          ...["--stack", workspace.stack, "--config-file", configFile, "--out", out],
        ],
        { cwd: project, env: cliEnvironment(executable, workspace) },
      );
      return parse(readFileSync(out, "utf8")) as YamlProgram;
    };
    const [erp, byHand] = [await importOne("erp", "erp"), await importOne("by-hand", "byhand")];
    expect(Object.values(erp.resources)[0]?.properties).toEqual({
      ...{ instanceId, databaseName: "ERP", adopt: expect.stringMatching(/^\d+$/) },
    });

    useProgram({ resources: { ...erp.resources, ...byHand.resources } });
    const preview = await run({ kind: "preview", expectNoChanges: true });
    expect([messages(preview), preview.exitCode, preview.changes]).toEqual([expect.anything(), 0, { same: 3 }]);
    expect(scenario.count("CreateMigrateTask")).toBe(1);
  });

  test("two accounts in one program: each provider has its own keys, and they are secrets in the state", async () => {
    const { emulator, run, workspace, backup } = scenario;
    const { instanceId, bucket, region, accessKeyId, accessKeySecret } = emulator;
    const provider = (secretKey: string) => ({
      type: "pulumi:providers:sqlserver-migration",
      properties: { region, accessKey: accessKeyId, secretKey },
    });
    const migration = async (databaseName: string, account: string) => ({
      type: nativeType("DatabaseMigration"),
      properties: { instanceId, bucket, backup: await backup(databaseName), pollInterval: "200ms" },
      // biome-ignore lint/style/useTemplate: an expression of YAML programs
      options: { provider: "${" + account + "}" },
    });
    useProgram({
      resources: {
        one: provider(accessKeySecret),
        other: provider("wrong-secret-key"),
        erp: await migration("erp", "one"),
        crm: await migration("crm", "other"),
      },
    });
    const up = await run({ kind: "up", continueOnError: true });
    expect(up.exitCode).not.toBe(0);
    const text = JSON.stringify((await engine.exportState(workspace)).deployment.resources);
    expect(messages(up)).toMatch(/^error: .* resource 'crm' has a problem: SIGNATURE_REFUSED: /m);
    expect(messages(up)).toMatch(/created migration task \d+/);
    expect(text).toMatch(/"type":"sqlserver-migration:index:DatabaseMigration"/);
    for (const key of [accessKeySecret, "wrong-secret-key"]) expect(text + messages(up)).not.toContain(key);
  });
});
