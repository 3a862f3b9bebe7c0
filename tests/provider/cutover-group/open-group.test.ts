import { checkGroup } from "../../../provider/cutover-group/check-group";
import { openGroup } from "../../../provider/cutover-group/open-group";
import { wouldOpen } from "../../../provider/cutover-group/plan-group";
import { readGroup } from "../../../provider/cutover-group/read-group";
import { type GroupInputs, type GroupOutputs, parseGroupOutputs } from "../../../provider/model/cutover-group";
import { InitError } from "../../../provider/model/init-error";
import type { PlainObject } from "../../../provider/model/plain";
import { callOf, Fixture, messages, type Recorded } from "../../../testing/fixture";
import { writeHistory } from "../increments/chain-fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

/** A member that has applied all files: the last is a tail log, or an ordinary log. */
async function member(database: string, last: "tail" | "log" = "tail"): Promise<Recorded> {
  const [backup, ...increments] = await writeHistory(fixture, ["full", last], { databaseName: database });
  const resourceUrn = `urn:pulumi:test::demo::pulumi-nodejs:dynamic/sqlserver:DatabaseMigration::${database}`;
  return fixture.up({ backup, increments, phase: "restoring", resourceUrn });
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
  const { context, members } = callOf(fixture.process(), inputs);
  try {
    const { outs } = await openGroup(context, members, parseGroupOutputs(prior).opened);
    return parseGroupOutputs(outs);
  } catch (error) {
    if (!(error instanceof InitError)) throw error;
    return { ...parseGroupOutputs(error.properties), failed: error.message };
  }
}

/** Runs the group's check; returns its result and the log. */
function check(olds: PlainObject, news: PlainObject) {
  const process = fixture.process();
  const { context, members } = callOf(process, news);
  return { ...checkGroup(context, callOf(process, olds).members, members), log: process.log };
}

const openings = (): unknown[] => fixture.requests("CreateOnlineDatabaseTask").map(({ detail }) => detail.DBName);

test("opens its members in order when all are ready, and then has no change", async () => {
  const members = [await member("erp"), await member("crm")];
  const waiting = groupOf(members, { phase: "restoring" });
  expect((await open(waiting)).status).toBe("waiting");
  expect(openings()).toEqual([]);
  const inputs = groupOf(members);
  const { failures, log } = check(waiting, inputs);
  expect(failures).toEqual([]);
  expect(messages(log, "warning")).toEqual([expect.stringMatching(/^CUTOVER of erp, crm: .*POINT OF NO RETURN/)]);
  const done = await open(inputs);
  expect(done).toMatchObject({ status: "online", opened: [{ database: "erp" }, { database: "crm" }] });
  expect(openings()).toEqual(["erp", "crm"]);
  expect(wouldOpen(done, inputs)).toBe(false);
  expect((await fixture.refresh(members[0] as Recorded)).outputs.status).toBe("online");
});

test("opens none while one is not ready, and names that member at preview and at up", async () => {
  const members = [await member("erp"), await member("crm", "log")];
  const inputs = groupOf(members);
  const reason =
    /1 of 2 databases is not ready, so none was opened\.\nNot ready:\n {2}crm: the last file, crm-1-log.bak, is not a log taken WITH NORECOVERY/;
  expect(check({}, inputs).failures).toEqual([{ property: "", reason: expect.stringMatching(reason) }]);
  expect((await open(inputs)).failed).toMatch(reason);
  expect(openings()).toEqual([]);
});

test("when one fails, those before it stay open, later ones stay closed, and the next up continues there", async () => {
  const members = [await member("erp"), await member("crm"), await member("hr")];
  fixture.emulator.faults.add({
    match: { action: "CreateOnlineDatabaseTask", params: { DBName: "crm" } },
    times: 1,
    effect: { kind: "refuse", status: 400, code: "EngineNotSupported" },
  });
  const failed = await open(groupOf(members));
  expect(failed.failed).toMatch(
    /GROUP_INCOMPLETE: crm could not be opened\.\n.*Already online, and not closed again:\n {2}erp\nNot opened:\n {2}hr\n/s,
  );
  expect(failed).toMatchObject({
    status: "failed",
    opened: [{ status: "online" }, { status: "failed", failure: {} }, { status: "waiting" }],
  });
  expect((await fixture.databases()).map(({ status }) => status)).toEqual(["Running", "restoring", "restoring"]);
  expect(wouldOpen(failed, groupOf(members))).toBe(true);
  const done = await open(groupOf(members), failed as unknown as PlainObject);
  expect(done).toMatchObject({ status: "online" });
  expect(done.opened.every(({ failure }) => failure === undefined)).toBe(true);
  // The refused call carries no parameters in the journal.
  expect(openings()).toEqual(["erp", undefined, "crm", "hr"]);
});

test("when the service refuses the calls, the error lists the last known state of every member", async () => {
  const members = [await member("erp"), await member("crm")];
  fixture.emulator.faults.add({
    match: { action: "DescribeMigrateTaskById" },
    effect: { kind: "refuse", status: 400, code: "InvalidSecurityToken.Expired" },
  });
  const inputs = groupOf(members);
  const opened = { database: "erp", instanceId: fixture.emulator.instanceId, status: "online", warnings: [] };
  const { failed } = await open(inputs, { status: "waiting", opened: [opened] });
  expect(failed).toMatch(
    /^TOKEN_EXPIRED: .*\nLast known state of the group:\n {2}erp: online\n {2}crm: waiting\nTo see all databases at any time: .* status$/s,
  );
  expect(openings()).toEqual([]);
});

test("a lost reply and a killed run open each database once", async () => {
  const members = [await member("erp"), await member("crm")];
  fixture.emulator.faults.add({
    match: { action: "CreateOnlineDatabaseTask", params: { DBName: "erp" } },
    times: 1,
    effect: { kind: "reset", at: "after" },
  });
  await open(groupOf(members));
  // Nothing was recorded, so the whole group is created again.
  expect((await open(groupOf(members))).status).toBe("online");
  const running = fixture.emulator.journal.entries.filter(
    ({ action, detail }) => action === "databaseStatus" && detail.status === "Running",
  );
  expect(running.map(({ detail }) => detail.dbName)).toEqual(["erp", "crm"]);
});

describe("a refresh", () => {
  /** `pulumi refresh` of a group, after its members, in the same process. */
  async function refresh(known: PlainObject, members: readonly Recorded[] = []) {
    const process = fixture.process();
    for (const each of members) await fixture.refresh(each, process);
    const mark = fixture.mark;
    const { context, members: recorded } = callOf(process, known);
    const { props } = await readGroup(context, "shop", recorded);
    return { group: parseGroupOutputs(props), asked: fixture.since(mark), log: process.log };
  }

  const recorded = async (inputs: PlainObject) => (await open(inputs)) as unknown as PlainObject;

  test("records newly opened members, with one request for each, and changes nothing", async () => {
    const members = [await member("erp"), await member("crm")];
    const waiting = await recorded(groupOf(members, { phase: "restoring" }));
    await open(groupOf(members));
    const before = openings().length;
    const { group, asked } = await refresh(waiting, members);
    // The databases were listed for the members.
    expect(asked).toEqual(["rds:DescribeMigrateTaskById", "rds:DescribeMigrateTaskById"]);
    expect(group).toMatchObject({
      status: "online",
      opened: [
        { database: "erp", status: "online", openedAt: expect.stringMatching(/Z$/) },
        { database: "crm", status: "online" },
      ],
    });
    expect(openings()).toHaveLength(before);
    expect(wouldOpen(group, groupOf(members))).toBe(false);
    // Open members are final: no request.
    expect((await refresh(group as unknown as PlainObject)).asked).toEqual([]);
  });

  test("of a waiting group keeps it waiting, with one request for the databases", async () => {
    const members = [await member("erp"), await member("crm", "log")];
    const waiting = await recorded(groupOf(members, { phase: "restoring" }));
    const { group, asked } = await refresh(waiting);
    expect(group).toMatchObject({ status: "waiting", opened: [{ status: "waiting" }, { status: "waiting" }] });
    expect(asked).toEqual(["rds:DescribeDatabases"]);
  });

  test("records a failed opening of a killed run, and logs it as an error once", async () => {
    await fixture.emulator.rds.shapeRestore({ dbName: "crm", failToOpen: true });
    const members = [await member("erp"), await member("crm")];
    const failed = await open(groupOf(members));
    expect(failed.failed).toMatch(/GROUP_INCOMPLETE: crm could not be opened\.\n.*Failed to open database crm/s);
    const killed = { ...groupOf(members), status: "waiting", opened: failed.opened.map(asBefore) };
    const { group, log } = await refresh(killed);
    expect(group).toMatchObject({
      status: "failed",
      opened: [{ status: "online" }, { status: "failed", failure: { code: "TASK_OPEN_FAILED" } }],
    });
    expect(messages(log, "error")).toEqual([
      expect.stringMatching(/^crm: TASK_OPEN_FAILED: .*Failed to open database crm/s),
    ]);
    const again = await refresh({ ...killed, ...group });
    expect(again.group.opened).toMatchObject([{ status: "online" }, { status: "failed" }]);
    expect(messages(again.log, "error")).toEqual([]);
  });

  const asBefore = ({ database, instanceId, migrateTaskId }: GroupOutputs["opened"][number]) => ({
    ...{ database, instanceId, migrateTaskId, status: "waiting", warnings: [] },
  });

  test("that fails keeps the last known state, and logs it", async () => {
    const waiting = await recorded(groupOf([await member("erp")], { phase: "restoring" }));
    fixture.emulator.faults.add({
      match: { action: "DescribeDatabases" },
      effect: { kind: "refuse", status: 403, code: "Forbidden.RAM" },
    });
    const { group, log } = await refresh(waiting);
    expect(group.status).toBe("waiting");
    expect(messages(log, "warning")).toEqual([
      expect.stringMatching(/^not refreshed; the last known state is kept\.\nNOT_AUTHORIZED/),
    ]);
  });
});

test("an open member without a task is recorded as open", async () => {
  const erp = await member("erp");
  const inputs = groupOf([erp]);
  const adopted = { name: "crm", database: "crm", instanceId: erp.outputs.instanceId, status: "online" };
  const done = await open({ ...inputs, members: [...(inputs.members as PlainObject[]), adopted] });
  expect(done).toMatchObject({
    status: "online",
    opened: [{ database: "erp" }, { database: "crm", status: "online" }],
  });
  expect(openings()).toEqual(["erp"]);
});

test("a database that was migrated again is opened again; the record of its earlier task is ignored", async () => {
  const erp = await member("erp");
  const done = await open(groupOf([erp]));
  await fixture.emulator.rds.removeDatabase({ instanceId: fixture.emulator.instanceId, name: "erp" });
  const again = await fixture.replace(
    { backup: erp.inputs.backup, increments: spelled(erp), phase: "restoring", resourceUrn: erp.inputs.resourceUrn },
    erp,
  );
  expect(again.outputs.status).toBe("waitingForIncrements");
  const inputs = groupOf([again]);
  expect(wouldOpen(done, inputs)).toBe(true);
  expect(await open(inputs, done as unknown as PlainObject)).toMatchObject({ status: "online" });
  expect(openings()).toEqual(["erp", "erp"]);
});

const spelled = ({ inputs }: Recorded): string[] => (inputs.increments as { file: string }[]).map(({ file }) => file);

test("lists the open databases when another member is not ready", async () => {
  const members = [await member("erp"), await member("crm", "log")];
  await open(groupOf([members[0] as Recorded]));
  const refreshed = [await fixture.refresh(members[0] as Recorded), members[1] as Recorded];
  const reason =
    /1 of 2 databases is not ready, so none of the others was opened\.\nNot ready:\n {2}crm: .*\nAlready online:\n {2}erp\n/;
  expect((await open(groupOf(refreshed))).failed).toMatch(reason);
});

test("does not go back to restoring", () => {
  const inputs = { members: [{ name: "erp", database: "erp", instanceId: "rm-1", status: "online" }] };
  const { failures } = check(inputs, { ...inputs, phase: "restoring" });
  expect(failures).toEqual([{ property: "", reason: expect.stringMatching(/^PHASE_ONE_WAY/) }]);
});
