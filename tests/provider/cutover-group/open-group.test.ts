import { checkGroup } from "../../../provider/cutover-group/check-group";
import type { GroupInputs, GroupOutputs } from "../../../provider/cutover-group/group-inputs";
import { openGroup } from "../../../provider/cutover-group/open-group";
import { wouldOpen } from "../../../provider/cutover-group/plan-group";
import { InitError } from "../../../provider/host/init-error";
import type { PlainObject } from "../../../provider/host/plain";
import { writeHistory } from "../increments/chain-scene";
import { messages, type Recorded, Scene } from "../support/scene";

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

/** A member that has applied everything up to its tail log, or up to a log that closes nothing. */
async function member(database: string, last: "tail" | "log" = "tail"): Promise<Recorded> {
  const [backup, ...increments] = await writeHistory(scene, ["full", last], { databaseName: database });
  const resourceUrn = `urn:pulumi:test::demo::pulumi-nodejs:dynamic/sqlserver:DatabaseMigration::${database}`;
  return scene.up({ backup, increments, phase: "restoring", resourceUrn });
}

const groupOf = (members: readonly Recorded[], more: Partial<GroupInputs> = {}): PlainObject => ({
  members: members.map(({ outputs }) => ({
    ...{ name: outputs.databaseName, database: outputs.databaseName, instanceId: outputs.instanceId },
    ...{ status: outputs.status, migrateTaskId: outputs.migrateTaskId },
    ...{ readyForCutover: outputs.readyForCutover, cutoverObstacles: outputs.cutoverObstacles },
  })),
  ...{ pollInterval: "50ms", timeout: "20s", resourceUrn: "urn:pulumi:test::demo::x::shop" },
  ...more,
});

async function open(inputs: PlainObject, prior: PlainObject = {}): Promise<GroupOutputs & { failed?: string }> {
  const { session } = scene.process();
  try {
    const { outs } = await openGroup({ session, signal: new AbortController().signal, hostInputs: inputs, prior });
    return outs as unknown as GroupOutputs;
  } catch (error) {
    if (!(error instanceof InitError)) throw error;
    return { ...(error.properties as unknown as GroupOutputs), failed: error.message };
  }
}

const openings = (): unknown[] => scene.requests("CreateOnlineDatabaseTask").map(({ detail }) => detail.DBName);

test("opens its members in order when all are ready, and then has nothing to do", async () => {
  const members = [await member("erp"), await member("crm")];
  const waiting = groupOf(members, { phase: "restoring" });
  expect((await open(waiting)).status).toBe("waiting");
  expect(openings()).toEqual([]);
  const inputs = groupOf(members);
  const { session, log } = scene.process();
  expect(checkGroup(session, waiting, inputs).failures).toEqual([]);
  expect(messages(log, "warning")).toEqual([expect.stringMatching(/^CUTOVER of erp, crm: .*POINT OF NO RETURN/)]);
  const done = await open(inputs);
  expect(done).toMatchObject({ status: "online", opened: [{ database: "erp" }, { database: "crm" }] });
  expect(openings()).toEqual(["erp", "crm"]);
  expect(wouldOpen(done, inputs)).toBe(false);
  expect((await scene.refresh(members[0] as Recorded)).outputs.status).toBe("online");
});

test("opens none while one is not ready, and names it at preview and at up", async () => {
  const members = [await member("erp"), await member("crm", "log")];
  const inputs = groupOf(members);
  const said = /None of the 2 databases .* crm \(the last file, crm-1-log.bak, is no log taken WITH NORECOVERY/;
  expect(checkGroup(scene.process().session, {}, inputs).failures).toEqual([
    { property: "", reason: expect.stringMatching(said) },
  ]);
  expect((await open(inputs)).failed).toMatch(said);
  expect(openings()).toEqual([]);
});

test("when one fails, those before it stay open, those behind it stay closed, and the next up goes on there", async () => {
  const members = [await member("erp"), await member("crm"), await member("hr")];
  scene.emulator.faults.add({
    match: { action: "CreateOnlineDatabaseTask", params: { DBName: "crm" } },
    times: 1,
    effect: { kind: "refuse", status: 400, code: "EngineNotSupported" },
  });
  const failed = await open(groupOf(members));
  expect(failed.failed).toMatch(
    /GROUP_INCOMPLETE: crm could not be opened: .* erp is already online and stays so; hr is not opened/,
  );
  expect(failed).toMatchObject({ opened: [{ status: "online" }, { failure: {} }, { status: "waiting" }] });
  expect((await scene.databases()).map(({ status }) => status)).toEqual(["Running", "restoring", "restoring"]);
  expect(wouldOpen(failed, groupOf(members))).toBe(true);
  const done = await open(groupOf(members), failed as unknown as PlainObject);
  expect(done).toMatchObject({ status: "online" });
  expect(done.opened.every(({ failure }) => failure === undefined)).toBe(true);
  // The refused call carries no parameters in the journal.
  expect(openings()).toEqual(["erp", undefined, "crm", "hr"]);
});

test("a lost reply and a killed run open each database once", async () => {
  const members = [await member("erp"), await member("crm")];
  scene.emulator.faults.add({
    match: { action: "CreateOnlineDatabaseTask", params: { DBName: "erp" } },
    times: 1,
    effect: { kind: "reset", at: "after" },
  });
  await open(groupOf(members));
  // Nothing was recorded: the whole group is created again.
  expect((await open(groupOf(members))).status).toBe("online");
  const running = scene.emulator.journal.entries.filter(
    ({ action, detail }) => action === "databaseStatus" && detail.status === "Running",
  );
  expect(running.map(({ detail }) => detail.dbName)).toEqual(["erp", "crm"]);
});

test("does not go back to restoring", () => {
  const inputs = { members: [{ name: "erp", database: "erp", instanceId: "rm-1", status: "online" }] };
  const { session } = scene.process();
  const { failures } = checkGroup(session, inputs, { ...inputs, phase: "restoring" });
  expect(failures).toEqual([{ property: "", reason: expect.stringMatching(/^PHASE_ONE_WAY/) }]);
});
