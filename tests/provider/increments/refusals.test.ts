import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DAMAGES } from "../../../testing/backup-writer/damage-backup";
import { Fixture, until } from "../../../testing/fixture";
import { taken, writeHistory } from "./chain-fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open({ taskMs: 40 });
});
afterEach(() => fixture.close());

/** A person in the console: submits a file in the bucket, to the task of its full backup or as a new task. */
async function giveByHand(key: string, path: string, taskId?: string): Promise<string> {
  const { bucket, oss, instanceId } = fixture.emulator;
  await oss.putObject(bucket, key, readFileSync(path));
  const reply = await fixture
    .process()
    .session.clients.rds({})
    .createMigrateTask({
      ...{ instanceId, databaseName: "erp", checkDb: "async", waitsForIncrements: true },
      ...(taskId === undefined ? {} : { taskId }),
      object: { position: `oss-cn-hangzhou.aliyuncs.com:${bucket}:${key}` },
    });
  await until(() => fixture.isTaskAt("waiting"));
  return reply.taskId;
}

const FAST = { pollInterval: "20ms" };
const codeOf = (outputs: Record<string, unknown>): unknown => (outputs.failure as { code?: string } | undefined)?.code;

test("a truncated log is unusable", async () => {
  const [backup, log = ""] = await writeHistory(fixture, ["full", "log"], { logBytes: 200_000 });
  const cut = join(fixture.folder, "cut.trn");
  writeFileSync(cut, DAMAGES["cut-in-the-middle"](readFileSync(log)));
  const { failures } = await fixture.preview({ backup, increments: [cut], phase: "restoring" });
  expect(failures).toEqual([expect.stringMatching(/^INCREMENT_UNFIT: .*cut\.trn cannot be applied/s)]);
});

test("a log of another recovery fork is refused with both forks and the LSN", async () => {
  const forkOf = (mark: string) => ({ RecoveryForkID: `00000000-0000-0000-0000-00000000000${mark}`, EndLSN: 1n });
  const [backup] = await writeHistory(fixture, ["full", "log"], { forks: [forkOf("1")] });
  const [, other] = await writeHistory(fixture, ["full", "log"], { forks: [forkOf("2"), forkOf("1")] }, "-forked");
  const { failures } = await fixture.preview({ backup, increments: [other], phase: "restoring" });
  expect(failures).toEqual([expect.stringMatching(/^CHAIN_FORK: .*0000001.*LSN 34\d+/s)]);
});

test("a file that adopt names but the chain does not contain", async () => {
  const [backup, log] = await writeHistory(fixture, ["full", "log"]);
  const waiting = await fixture.up({ ...FAST, backup, phase: "restoring" });
  const adopt = `${waiting.outputs.migrateTaskId}/nobody.bak`;
  const { outputs } = await fixture.up({ ...FAST, backup, phase: "restoring", increments: [log], adopt }, waiting);
  expect(codeOf(outputs)).toBe("ADOPT_UNKNOWN_FILE");
});

test("a task that was created to open its database takes no increments", async () => {
  const [backup, log] = await writeHistory(fixture, ["full", "log"]);
  const held = await fixture.upToRestoring({ ...FAST, backup });
  await fixture.emulator.rds.clearShapes({});
  const args = { ...FAST, backup, phase: "restoring", increments: [log], adopt: String(held.outputs.migrateTaskId) };
  const ended = await fixture.up(args).then(
    ({ outputs }) => codeOf(outputs),
    (error: Error) => error.message,
  );
  expect(ended).toMatch(/^CHAIN_TASK_OPENS/);
});

test("an opening without an answer is completed by the next up, with the same token", async () => {
  const [backup, log] = await writeHistory(fixture, ["full", "tail"]);
  const args = { ...FAST, backup, increments: [log] };
  const match = { action: "CreateOnlineDatabaseTask" };
  fixture.emulator.faults.add({ match, effect: { kind: "reset", at: "before" } });
  const lost = await fixture.up({ ...args, timeout: "3s" });
  expect(codeOf(lost.outputs) ?? lost.failed?.reasons[0]).toMatch(/CUTOVER_UNSETTLED/);
  fixture.emulator.faults.clear();
  const { outputs } = await fixture.up(args, lost);
  expect(outputs.status).toBe("online");
  const tokens = fixture.requests("CreateOnlineDatabaseTask").map(({ detail }) => JSON.stringify(detail));
  // The service never saw the call that was cut.
  expect(new Set(tokens.flatMap((each) => /ClientToken[^,]*/.exec(each ?? "") ?? [])).size).toBe(1);
});

const isRoot = process.getuid?.() === 0;
(isRoot ? test.skip : test)(
  `a folder that cannot be listed is no empty one${isRoot ? " (skipped: root may list any folder)" : ""}`,
  async () => {
    const [backup] = await writeHistory(fixture, ["full"]);
    const increments = join(fixture.folder, "logs");
    mkdirSync(increments, { mode: 0 });
    const { failures } = await fixture.preview({ backup, increments, phase: "restoring" });
    expect(failures).toEqual([expect.stringMatching(/^INCREMENTS_UNREADABLE: .*logs cannot be listed: EACCES/s)]);
  },
);

test("the service cannot distinguish two objects of the same name", async () => {
  const [backup, one = "", two = ""] = await writeHistory(fixture, ["full", "log", "log"]);
  const { bucket, oss } = fixture.emulator;
  await oss.putObject(bucket, "monday/log.trn", readFileSync(one));
  await oss.putObject(bucket, "tuesday/log.trn", readFileSync(two));
  const increments = [`oss://${bucket}/monday/log.trn`, `oss://${bucket}/tuesday/log.trn`];
  const { failures } = await fixture.preview({ backup, increments, phase: "restoring" });
  expect(failures).toContainEqual(
    expect.stringMatching(
      /^INCREMENT_NAMES_COLLIDE: .*tuesday\/log\.trn is used twice\..*monday\/log\.trn has the same name/s,
    ),
  );
});

test("a cutover with more files than the day has calls reports when it may continue", async () => {
  const types = ["full", ...Array.from({ length: 20 }, () => "log" as const), "tail"] as const;
  const [backup, ...increments] = await writeHistory(fixture, [...types], { dataBytes: 8_192, logBytes: 512 });
  const { outputs } = await fixture.up({ ...FAST, backup, increments });
  expect(codeOf(outputs)).toBe("INCREMENTS_LIMITED");
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(20);
});

test("an adopted task whose full backup cannot be read takes no increments", async () => {
  const [backup = "", log] = await writeHistory(fixture, ["full", "log"]);
  const waiting = await fixture.up({ ...FAST, backup, phase: "restoring" });
  writeFileSync(backup, "what was a backup once");
  const adopt = String(waiting.outputs.migrateTaskId);
  const args = { ...FAST, backup, databaseName: "erp", phase: "restoring", increments: [log], adopt };
  await expect(fixture.up(args)).rejects.toThrow(
    `CHAIN_START_UNKNOWN: the header of ${backup} holds no LSNs.\nWithout them, no increments of erp can be planned.`,
  );
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
});

test("a file that a person has submitted to the task stops the chain until the program names it", async () => {
  const [backup, first = "", second = ""] = await writeHistory(fixture, ["full", "log", "log"]);
  const args = { ...FAST, backup, phase: "restoring" };
  const waiting = await fixture.up(args);
  const { bucket } = fixture.emulator;
  const taskId = await giveByHand("by-hand/monday.trn", first, String(waiting.outputs.migrateTaskId));

  const stopped = await fixture.up({ ...args, increments: [first, second] }, waiting);
  expect(stopped.outputs.failure).toMatchObject({
    code: "INCREMENT_UNKNOWN",
    cause: expect.stringContaining(`Migration task ${taskId} holds monday.trn, which is neither an increment`),
  });
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(2);

  const named = [`oss://${bucket}/by-hand/monday.trn`, second];
  const { outputs } = await fixture.up({ ...args, increments: named }, stopped);
  expect(outputs.status).toBe("waitingForIncrements");
  expect(await taken(fixture)).toHaveLength(3);
});

test("a full backup with a lock but no call needs a person to decide, and the error describes what the service shows", async () => {
  const [backup] = await writeHistory(fixture, ["full"]);
  const args = { ...FAST, backup, phase: "restoring" };
  const match = { action: "CreateMigrateTask" };
  fixture.emulator.faults.add({ match, effect: { kind: "reset", at: "before" } });
  const isCut = () => fixture.emulator.faults.list().some(({ struck }) => struck > 0);
  await fixture.upUntil(isCut, args);
  fixture.emulator.faults.clear();
  const { failed } = await fixture.up(args);
  expect(failed?.reasons).toEqual([
    expect.stringMatching(
      /^CLAIM_UNDECIDED: .*the task list shows no task of erp, but may omit tasks that wait for increments; the database erp does not exist\..* delete oss:\S+\.claim/s,
    ),
  ]);
  expect(await fixture.tasks()).toEqual([]);
});

test.each(["dump/", ""])(
  "a task created by hand is adopted, whatever the name of its full backup (in %j)",
  async (place) => {
    const [backup = "", first = "", tail] = await writeHistory(fixture, ["full", "log", "tail"]);
    const taskId = await giveByHand(`${place}whole.bak`, backup);
    await giveByHand(`${place}monday.trn`, first, taskId);
    const increments = [`oss://${fixture.emulator.bucket}/${place}monday.trn`, tail];
    const { outputs } = await fixture.up({ ...FAST, backup, increments, adopt: taskId });
    expect(outputs).toMatchObject({ status: "online", migrateTaskId: taskId });
    expect(outputs.chain).toMatchObject({ files: [{ type: "FULL" }, { type: "LOG" }, { type: "LOG" }] });
    expect(fixture.requests("CreateMigrateTask")).toHaveLength(3);
  },
);

test("a task that has restored another full backup takes none of this one's increments", async () => {
  const [restored = ""] = await writeHistory(fixture, ["full"]);
  const adopt = await giveByHand("whole.bak", restored);
  const later = { startDate: "2024-06-01T02:00:00" };
  const [backup, increment] = await writeHistory(fixture, ["full", "differential"], later, "-later");
  const { outputs } = await fixture.up({ ...FAST, backup, increments: [increment], phase: "restoring", adopt });
  expect(outputs.failure).toMatchObject({
    code: "ADOPT_OTHER_BACKUP",
    cause: expect.stringContaining("It restored erp from whole.bak, not from"),
  });
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
});
