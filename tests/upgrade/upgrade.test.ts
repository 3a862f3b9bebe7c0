import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../emulator/emulator";
import type { DeploymentFile } from "../../engine/stand-in/state-file";
import { engines } from "../scenarios/harness";
import { recordedFolder, startService, VERSION, workspaceOf } from "./stack";

jest.setTimeout(120_000);

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
});
