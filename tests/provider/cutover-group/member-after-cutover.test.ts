import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openGroup } from "../../../provider/cutover-group/open-group";
import { messages, type Recorded, Scene } from "../../../testing/scene";
import { writeHistory } from "../increments/chain-scene";

let scene: Scene;
let folder: string;
beforeEach(async () => {
  scene = await Scene.open({ taskMs: 60 });
  folder = join(scene.folder, "logs");
  mkdirSync(folder);
});
afterEach(() => scene.close());

const sends = (): number => scene.requests("CreateMigrateTask").length;

/** A member with a folder of increments, which keeps `phase: "restoring"` and was opened by its group. */
async function opened() {
  const [backup = "", tail = "", late = "", later = ""] = await writeHistory(scene, ["full", "tail", "log", "log"]);
  copyFileSync(tail, join(folder, "tail.trn"));
  const args = { pollInterval: "20ms", backup, increments: folder, phase: "restoring" };
  const state = await scene.up(args);
  const { databaseName, instanceId, migrateTaskId, status } = state.outputs;
  const member = {
    name: "erp",
    database: databaseName,
    ...{ instanceId, migrateTaskId, status, readyForCutover: true },
  };
  const hostInputs = { members: [member], pollInterval: "20ms", timeout: "20s" };
  const { session } = scene.process();
  await openGroup({ session, signal: new AbortController().signal, hostInputs, prior: {} });
  return { args, state, late, later };
}

/** What the folder shows by now: the applied log is gone, and one has come that does not follow it. */
function leaveGap(later: string): void {
  rmSync(join(folder, "tail.trn"));
  copyFileSync(later, join(folder, "later.trn"));
}

describe.each([
  ["before a refresh", async (state: Recorded) => state],
  ["after a refresh", (state: Recorded) => scene.refresh(state)],
])("of a group that has opened its members, %s", (_when, known) => {
  test("a gap in a member's folder is the loud warning that the source was still written, and no fault", async () => {
    const { args, state, later } = await opened();
    leaveGap(later);
    const before = await known(state);
    expect((await scene.preview(args, before)).failures).toEqual([]);
    const { outputs, failed, log } = await scene.up(args, before);
    expect(failed).toBeUndefined();
    expect(outputs.status).toBe("online");
    expect(messages(log, "warning")).toContainEqual(
      expect.stringMatching(/THE SOURCE OF erp WAS WRITTEN AFTER THE CUTOVER: .*later\.trn/),
    );
    expect(sends()).toBe(2);
    const preview = await scene.preview(args, await scene.refresh({ ...before, outputs }));
    expect(preview).toMatchObject({ failures: [], diff: { changes: false } });
    expect(messages(preview.log, "warning")).toEqual([expect.stringMatching(/^SOURCE_WRITTEN_AFTER/)]);
  });

  test("a folder that is gone, with what was applied from it, is no fault either", async () => {
    const { args, state } = await opened();
    rmSync(folder, { recursive: true });
    const before = await known(state);
    const { outputs, failed } = await scene.up(args, before);
    expect(failed).toBeUndefined();
    const refreshed = await scene.refresh({ ...before, outputs });
    expect(refreshed.outputs.status).toBe("online");
    expect(await scene.preview(args, refreshed)).toMatchObject({ failures: [], diff: { changes: false } });
  });

  test("a new file that is named is an error, and is not sent", async () => {
    const { args, state, late } = await opened();
    const { failed, outputs } = await scene.up({ ...args, increments: [late] }, await known(state));
    expect(failed?.reasons[0]).toMatch(/^INCREMENT_AFTER_CUTOVER/);
    expect(outputs.status).toBe("online");
    expect(sends()).toBe(2);
  });
});

test("as long as the group has not opened it, a gap in a member's folder fails its preview", async () => {
  const [backup, , later = ""] = await writeHistory(scene, ["full", "log", "log"]);
  const args = { pollInterval: "20ms", backup, increments: folder, phase: "restoring" };
  const state = await scene.up(args);
  copyFileSync(later, join(folder, "later.trn"));
  expect((await scene.preview(args, state)).failures).toEqual([expect.stringMatching(/^CHAIN_GAP/)]);
});

test("a preview of a member asks RDS for nothing as long as its chain is whole", async () => {
  const { args, state, late } = await opened();
  copyFileSync(late, join(folder, "late.trn"));
  const refreshed = await scene.refresh(state);
  const { mark } = scene;
  const { failures, log } = await scene.preview(args, refreshed);
  expect(failures).toEqual([]);
  expect(messages(log, "warning")).toEqual([expect.stringMatching(/^SOURCE_WRITTEN_AFTER/)]);
  expect(scene.since(mark)).toEqual([]);
});
