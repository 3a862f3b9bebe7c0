import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { ResourceState } from "../../../engine/stand-in/resource-state";
import { writeBackupFile } from "../../../testing/backup-writer/write-backup-file";
import { HOST_VARIABLE } from "../../../testing/resource-host";
import { bothHosts, messages, openScenario, type Scenario } from "../../scenarios/harness";
import { comparableState } from "../../support/comparable-state";

jest.setTimeout(400_000);

const native = bothHosts.filter(({ host }) => host === "native");
if (native.length === 0) console.warn("Components of the plugin are not tested: the engine or the plugin is not built");

describe.each(native)("with $title", (engine) => {
  let scenario: Scenario;
  let project: string;
  let backups: string;
  beforeEach(async () => {
    scenario = await openScenario(engine, {}, "../plugin/construct/typescript-program");
    project = join(dirname(scenario.workspace.stateDir), "project");
    backups = join(project, "backups");
    mkdirSync(backups, { recursive: true });
    for (const databaseName of ["crm", "erp"]) {
      const path = join(backups, `${databaseName}.bak`);
      await writeBackupFile(path, { databaseName, type: "full", dataBytes: 65_536 });
    }
    const { instanceId, bucket, region } = scenario.emulator;
    for (const [key, value] of Object.entries({ instanceId, bucket, backups })) scenario.configure(key, value);
    // A dynamic resource reads the configuration of the alicloud package.
    scenario.configure("alicloud:region", region);
  });
  afterEach(() => scenario.close());

  /** Writes the YAML program of an InstanceMigration, for the same stack as the TypeScript one. */
  function useYaml(folder: string): void {
    const { instanceId, bucket } = scenario.emulator;
    const properties = { instanceId, bucketName: bucket, backups: folder, pollInterval: "200ms" };
    const resources = { erp: { type: "sqlserver-migration:InstanceMigration", properties } };
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of YAML programs
    const program = { name: "scenario", runtime: "yaml", resources, outputs: { counts: "${erp.counts}" } };
    writeFileSync(join(project, "Pulumi.yaml"), stringify(program));
    scenario.workspace.projectDir = project;
  }

  function useTypeScript(): void {
    scenario.workspace.projectDir = join(__dirname, "typescript-program");
    scenario.workspace.env = { ...scenario.workspace.env, [HOST_VARIABLE]: "dynamic" };
  }

  const resources = async (): Promise<ResourceState[]> =>
    (await engine.exportState(scenario.workspace)).deployment.resources ?? [];

  /** Records the ids of processes that the engine configures as a provider: others serve the schema. */
  function recordProviders(): () => number {
    const [hook, started] = [join(project, "hook.js"), join(project, "providers")];
    writeFileSync(started, "");
    writeFileSync(hook, hookText(started));
    scenario.workspace.env = { ...scenario.workspace.env, NODE_OPTIONS: `--require ${hook}` };
    return () => {
      const count = readFileSync(started, "utf8").length;
      writeFileSync(started, "");
      return count;
    };
  }

  test("an InstanceMigration in YAML: preview, up, no changes and destroy, each with one process that serves all resources", async () => {
    const { run, count } = scenario;
    useYaml("./backups");
    const providers = recordProviders();
    const preview = await run({ kind: "preview" });
    expect([preview.exitCode, preview.changes.create, providers()]).toEqual([0, 5, 1]);
    expect(count("CreateMigrateTask")).toBe(0);

    const up = await run({ kind: "up" });
    expect([up.exitCode, providers()]).toEqual([0, 1]);
    expect(up.outputs.counts).toMatchObject({ total: 2, online: 2, failed: 0 });
    const types = (await resources()).map(({ type }) => type);
    expect(types.filter((type) => type === "pulumi:providers:sqlserver-migration")).toHaveLength(1);

    const again = await run({ kind: "preview", expectNoChanges: true });
    expect([again.exitCode, again.changes, providers()]).toEqual([0, { same: 5 }, 1]);
    const destroyed = await run({ kind: "destroy" });
    expect([destroyed.exitCode, providers(), await resources()]).toEqual([0, 1, []]);
  });

  test("a stack of a TypeScript program moves to YAML and back without a change", async () => {
    const { run, workspace } = scenario;
    const typesOfChildren = async () => {
      const children = (await resources()).filter(({ parent = "" }) => parent.includes("InstanceMigration"));
      return [...new Set(children.map(({ type }) => type))].sort();
    };
    useTypeScript();
    const first = await run({ kind: "up" });
    expect(messages(first)).not.toMatch(/^error/m);
    const dynamic = await engine.exportState(workspace);
    expect(await typesOfChildren()).toEqual([
      "pulumi-nodejs:dynamic/sqlserver:DatabaseMigration",
      "pulumi-nodejs:dynamic/sqlserver:MigrationOutcome",
    ]);

    useYaml(backups);
    const moved = await run({ kind: "up", expectNoChanges: true });
    expect([messages(moved), moved.exitCode, moved.changes]).toEqual([expect.anything(), 0, { same: 5 }]);
    expect(await typesOfChildren()).toEqual([
      "sqlserver-migration:index:DatabaseMigration",
      "sqlserver-migration:index:MigrationOutcome",
    ]);
    expect(comparableState(await engine.exportState(workspace))).toEqual(comparableState(dynamic));

    useTypeScript();
    const back = await run({ kind: "up", expectNoChanges: true });
    expect([messages(back), back.exitCode, back.changes]).toEqual([expect.anything(), 0, { same: 5 }]);
    expect(comparableState(await engine.exportState(workspace))).toEqual(comparableState(dynamic));
  });
});

/** A module that every Node.js process of the run loads first: appends a letter for each process of the plugin that is configured. */
const hookText = (file: string): string => `
if (/plugin.main\\.js$/.test(process.argv[1])) {
  const { ConfigureRequest } = require(${JSON.stringify(require.resolve("@pulumi/pulumi/proto/provider_pb"))});
  const parse = ConfigureRequest.deserializeBinary;
  let isConfigured = false;
  ConfigureRequest.deserializeBinary = (bytes) => {
    if (!isConfigured) require("node:fs").appendFileSync(${JSON.stringify(file)}, "x");
    isConfigured = true;
    return parse(bytes);
  };
}
`;
