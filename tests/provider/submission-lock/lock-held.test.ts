import type { PlainObject } from "../../../provider/model/plain";
import { Fixture, type Recorded } from "../../../testing/fixture";
import { writeHistory } from "../increments/chain-fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

test("a lock whose run may still send is waited for, and named in the error at the deadline", async () => {
  const args = { backup: await fixture.backup("erp.bak") };
  fixture.emulator.faults.add({ match: { action: "CreateMigrateTask" }, effect: { kind: "reset", at: "before" } });
  const killed = fixture.upUntil(() => fixture.requests("CreateMigrateTask").length > 0, args);
  await killed.catch(() => undefined);
  fixture.emulator.faults.clear();
  const late = await fixture.up({ ...args, timeout: "500ms" }).then(
    ({ outputs }) => (outputs.failure as { code?: string } | undefined)?.code,
    (error: Error) => error.message,
  );
  expect(late).toMatch(/^CLAIM_HELD/);
  expect((await fixture.tasks()).length).toBeLessThanOrEqual(1);
});

test("an increment whose writer is delayed for too long is not sent under the old lock, and once under the next", async () => {
  const [backup = "", log = ""] = await writeHistory(fixture, ["full", "log"]);
  const waiting = await fixture.up({ backup, phase: "restoring" });
  const { mark } = fixture;
  // Two list calls find the position of the task, the third is the check under the lock.
  fixture.emulator.faults.add({
    match: { action: "DescribeOssDownloads" },
    nth: 3,
    effect: { kind: "delay", ms: 950 },
  });
  const { outputs } = await fixture.up({ backup, phase: "restoring", increments: [log] }, waiting);
  expect(outputs).toMatchObject({ status: "waitingForIncrements", chain: { files: [{}, { state: "applied" }] } });
  const calls = fixture.since(mark);
  expect(calls.filter((call) => call === "rds:CreateMigrateTask")).toHaveLength(1);
  // The first lock, one attempt or more while it holds, its successor and the task id.
  expect(calls.filter((call) => call === "oss:PutObject").length).toBeGreaterThanOrEqual(3);
});

describe("a run that is asked to stop before it has sent anything releases its lock", () => {
  const locks = () => fixture.emulator.oss.objects(fixture.emulator.bucket).filter(({ key }) => key.endsWith(".claim"));

  beforeEach(async () => {
    await fixture.close();
    // An old lock would stay: another run may have followed it.
    fixture = await Fixture.open({ tuning: { lockTimes: { sendWithinMs: 30_000, expireAfterMs: 60_000 } } });
  });

  /** Asks it to stop while it waits for the reply to the check under its lock. */
  async function upToCheck(action: string, args: PlainObject, prior?: Recorded): Promise<Recorded> {
    const { mark } = fixture;
    fixture.emulator.faults.add({ match: { action }, effect: { kind: "delay", ms: 800, at: "after" } });
    const isChecking = () => {
      const locked = fixture.since(mark).indexOf("oss:PutObject");
      return locked >= 0 && fixture.since(mark).includes(`rds:${action}`, locked);
    };
    const stopped = await fixture.upUntil(isChecking, args, prior);
    fixture.emulator.faults.clear();
    return stopped;
  }

  test("for a task", async () => {
    const args = { backup: await fixture.backup("erp.bak"), phase: "restoring" };
    const stopped = await upToCheck("DescribeMigrateTasks", args);
    expect(fixture.requests("CreateMigrateTask")).toEqual([]);
    expect(locks()).toEqual([]);
    expect((await fixture.up(args, stopped)).outputs.status).toBe("waitingForIncrements");
  });

  test("for an increment", async () => {
    const [backup = "", log = ""] = await writeHistory(fixture, ["full", "log"]);
    const waiting = await fixture.up({ backup, phase: "restoring" });
    const before = locks();
    const args = { backup, phase: "restoring", increments: [log] };
    const stopped = await upToCheck("DescribeOssDownloads", args, waiting);
    expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
    expect(locks()).toEqual(before);
    const { outputs } = await fixture.up(args, stopped);
    expect(outputs).toMatchObject({ status: "waitingForIncrements", chain: { files: [{}, { state: "applied" }] } });
  });
});
