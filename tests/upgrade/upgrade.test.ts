import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../emulator/emulator";
import type { Workspace } from "../../engine/engine";
import type { ResourceState } from "../../engine/stand-in/resource-state";
import type { DeploymentFile } from "../../engine/stand-in/state-file";
import { nameOf } from "../../engine/stand-in/urn";
import { kindOfType, nativeType } from "../../provider/model/resource-type";
import { bothHosts, engines } from "../scenarios/harness";
import { comparableState } from "../support/comparable-state";
import { recordedFolder, startService, VERSION, workspaceOf } from "./stack";

jest.setTimeout(240_000);

const versions = readdirSync(join(__dirname, "recorded"));
const stateText = (version: string): string => readFileSync(join(recordedFolder(version), "state.json"), "utf8");

let emulator: Emulator;
let stateDir: string;
beforeEach(async () => {
  emulator = await startService();
  stateDir = mkdtempSync(join(tmpdir(), "sqlserver-migration-upgrade-"));
});
afterEach(async () => {
  await emulator.close();
  rmSync(stateDir, { recursive: true, force: true });
});

test("the state of this version is recorded", () => {
  expect(versions).toContain(VERSION);
});

describe.each(versions)("state that version %s wrote", (version) => {
  test("contains every kind of resource and status, and no path of the machine that wrote it", () => {
    const { deployment }: DeploymentFile = JSON.parse(stateText(version));
    const types = new Set((deployment.resources ?? []).map(({ type }) => type.split(":").at(-1)));
    expect([...types]).toEqual(expect.arrayContaining(["DatabaseMigration", "MigrationOutcome", "InstanceMigration"]));
    const statuses = (deployment.resources ?? []).map(({ outputs }) => outputs?.status).filter(Boolean);
    expect(new Set(statuses)).toEqual(new Set(["online", "submitted", "waitingForIncrements"]));
    expect(stateText(version)).not.toMatch(/: "(\/|[A-Z]:\\|file:)|\/tmp\//);
  });

  test.each(engines)("is previewed without changes and destroyed, with $name", async (engine) => {
    const workspace = workspaceOf(version, emulator, stateDir);
    await engine.importState(workspace, JSON.parse(stateText(version)));
    const preview = await engine.run({ kind: "preview", expectNoChanges: true }, workspace);
    expect(preview.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(preview.exitCode).toBe(0);
    expect(emulator.journal.entries.filter(({ request }) => request > 0)).toEqual([]);

    const destroy = await engine.run({ kind: "destroy" }, workspace);
    expect(destroy.exitCode).toBe(0);
    const { deployment } = await engine.exportState(workspace);
    expect(deployment.resources?.filter(({ type }) => /Migration|Outcome/.test(type)) ?? []).toEqual([]);
    const actions = emulator.journal.entries.filter(({ request }) => request > 0).map(({ action }) => action);
    expect(actions.filter((action) => !/^(Describe|Get|Head|List)/.test(action))).toEqual([]);
  });

  const native = bothHosts.find(({ host }) => host === "native");

  (native ? test : test.skip)(
    "moves to the native plugin without changes, and back with updates of the record only",
    async () => {
      if (native === undefined) throw new Error("the native plugin is not built");
      const workspaces = (["native", "dynamic"] as const).map((host) => workspaceOf(version, emulator, stateDir, host));
      const [forward, back] = workspaces as [Workspace, Workspace]; // one for each of two hosts
      const recorded: DeploymentFile = JSON.parse(stateText(version));
      await native.importState(forward, recorded);
      for (const kind of ["preview", "up"] as const) {
        const run = await native.run({ kind, expectNoChanges: true }, forward);
        expect(run.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
        expect(run.exitCode).toBe(0);
      }
      const moved = await native.exportState(forward);
      expect(comparableState(moved)).toEqual(comparableState(recorded));
      const migrations = ownResources(moved);
      expect(migrations.map(({ type }) => type)).toEqual(ownResources(recorded).map(({ type }) => typeInPlugin(type)));

      // A state that the plugin wrote itself has no members of dynamic resources.
      for (const { outputs = {} } of migrations)
        for (const name of ["__provider", "__resourceUrn"]) delete outputs[name];
      await native.importState(back, moved);
      const preview = await native.run({ kind: "preview" }, back);
      const steps = preview.steps.filter(({ type }) => kindOfType(type) !== undefined);
      expect(steps.map(({ op }) => op)).toEqual(migrations.map(() => "update"));
      const up = await native.run({ kind: "up" }, back);
      expect(up.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      const returned = await native.exportState(back);
      expect(comparableState(returned)).toEqual(comparableState(recorded));
      expect(ownResources(returned).map(({ type, outputs }) => [type, outputs?.__provider])).toEqual(
        ownResources(recorded).map(({ type, outputs }) => [type, outputs?.__provider]),
      );
      expect(emulator.journal.entries.filter(({ request }) => request > 0)).toEqual([]);
    },
  );
});

function typeInPlugin(type: string): string | undefined {
  const kind = kindOfType(type);
  return kind && nativeType(kind);
}

/** The resources of this package in a state, in the order of their URNs' names. */
const ownResources = ({ deployment }: DeploymentFile): ResourceState[] =>
  (deployment.resources ?? [])
    .filter(({ type }) => kindOfType(type) !== undefined)
    .sort((one, other) => nameOf(one.urn).localeCompare(nameOf(other.urn)));
