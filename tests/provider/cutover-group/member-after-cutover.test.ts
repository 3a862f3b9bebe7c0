import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openGroup } from "../../../provider/cutover-group/open-group";
import { callOf, Fixture, messages, type Recorded } from "../../../testing/fixture";
import { writeHistory } from "../increments/chain-fixture";

let fixture: Fixture;
let folder: string;
beforeEach(async () => {
  fixture = await Fixture.open({ taskMs: 60 });
  folder = join(fixture.folder, "logs");
  mkdirSync(folder);
});
afterEach(() => fixture.close());

const sends = (): number => fixture.requests("CreateMigrateTask").length;

/** A member with a folder of increments that keeps `phase: "restoring"` and was opened by its group. */
async function opened() {
  const [backup = "", tail = "", late = "", later = ""] = await writeHistory(fixture, ["full", "tail", "log", "log"]);
  copyFileSync(tail, join(folder, "tail.trn"));
  const args = { pollInterval: "20ms", backup, increments: folder, phase: "restoring" };
  const state = await fixture.up(args);
  const { databaseName, instanceId, migrateTaskId, status } = state.outputs;
  const member = {
    name: "erp",
    database: databaseName,
    ...{ instanceId, migrateTaskId, status, readyForCutover: true },
  };
  const hostInputs = { members: [member], pollInterval: "20ms", timeout: "20s" };
  const { context, members } = callOf(fixture.process(), hostInputs);
  await openGroup(context, members, []);
  return { args, state, late, later };
}

/** Changes the folder: deletes the applied log and adds one that does not follow it. */
function leaveGap(later: string): void {
  rmSync(join(folder, "tail.trn"));
  copyFileSync(later, join(folder, "later.trn"));
}

describe.each([
  ["before a refresh", async (state: Recorded) => state],
  ["after a refresh", (state: Recorded) => fixture.refresh(state)],
])("of a group that has opened its members, %s", (_when, known) => {
  test("a gap in a member's folder is a warning that the source was still written, not a failure", async () => {
    const { args, state, later } = await opened();
    leaveGap(later);
    const before = await known(state);
    expect((await fixture.preview(args, before)).failures).toEqual([]);
    const { outputs, failed, log } = await fixture.up(args, before);
    expect(failed).toBeUndefined();
    expect(outputs.status).toBe("online");
    expect(messages(log, "warning")).toContainEqual(
      expect.stringMatching(/THE SOURCE OF erp WAS WRITTEN AFTER THE CUTOVER\.\n.*later\.trn/s),
    );
    expect(sends()).toBe(2);
    const preview = await fixture.preview(args, await fixture.refresh({ ...before, outputs }));
    expect(preview).toMatchObject({ failures: [], diff: { changes: false } });
    expect(messages(preview.log, "warning")).toEqual([expect.stringMatching(/^SOURCE_WRITTEN_AFTER/)]);
  });

  test("a deleted folder of applied files is not a failure either", async () => {
    const { args, state } = await opened();
    rmSync(folder, { recursive: true });
    const before = await known(state);
    const { outputs, failed } = await fixture.up(args, before);
    expect(failed).toBeUndefined();
    const refreshed = await fixture.refresh({ ...before, outputs });
    expect(refreshed.outputs.status).toBe("online");
    expect(await fixture.preview(args, refreshed)).toMatchObject({ failures: [], diff: { changes: false } });
  });

  test("a new file that the program names is an error, and is not sent", async () => {
    const { args, state, late } = await opened();
    const { failed, outputs } = await fixture.up({ ...args, increments: [late] }, await known(state));
    expect(failed?.reasons[0]).toMatch(/^INCREMENT_AFTER_CUTOVER/);
    expect(outputs.status).toBe("online");
    expect(sends()).toBe(2);
  });
});

test("until the group has opened the member, a gap in its folder fails the preview", async () => {
  const [backup, , later = ""] = await writeHistory(fixture, ["full", "log", "log"]);
  const args = { pollInterval: "20ms", backup, increments: folder, phase: "restoring" };
  const state = await fixture.up(args);
  copyFileSync(later, join(folder, "later.trn"));
  expect((await fixture.preview(args, state)).failures).toEqual([expect.stringMatching(/^CHAIN_GAP/)]);
});

test("a preview of a member with a complete chain sends no request to RDS", async () => {
  const { args, state, late } = await opened();
  copyFileSync(late, join(folder, "late.trn"));
  const refreshed = await fixture.refresh(state);
  const { mark } = fixture;
  const { failures, log } = await fixture.preview(args, refreshed);
  expect(failures).toEqual([]);
  expect(messages(log, "warning")).toEqual([expect.stringMatching(/^SOURCE_WRITTEN_AFTER/)]);
  expect(fixture.since(mark)).toEqual([]);
});
