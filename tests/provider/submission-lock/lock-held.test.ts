import type { PlainObject } from "../../../provider/model/plain";
import { Fixture, type Recorded } from "../../../testing/fixture";
import { writeHistory } from "../increments/chain-fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

test("a claim whose run may still send is waited for, and named when the time is over", async () => {
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

describe("a run that is told to stop before it has sent anything takes its claim back", () => {
  const claims = () =>
    fixture.emulator.oss.objects(fixture.emulator.bucket).filter(({ key }) => key.endsWith(".claim"));

  beforeEach(async () => {
    await fixture.close();
    // An old claim would be left: somebody may be following it.
    fixture = await Fixture.open({ tuning: { lockTimes: { sendWithinMs: 30_000, voidAfterMs: 60_000 } } });
  });

  /** Tells it while it waits for the reply to the look behind its claim. */
  async function upToLook(action: string, args: PlainObject, prior?: Recorded): Promise<Recorded> {
    const { mark } = fixture;
    fixture.emulator.faults.add({ match: { action }, effect: { kind: "delay", ms: 800, at: "after" } });
    const isLooking = () => {
      const claimed = fixture.since(mark).indexOf("oss:PutObject");
      return claimed >= 0 && fixture.since(mark).includes(`rds:${action}`, claimed);
    };
    const stopped = await fixture.upUntil(isLooking, args, prior);
    fixture.emulator.faults.clear();
    return stopped;
  }

  test("for a task", async () => {
    const args = { backup: await fixture.backup("erp.bak"), phase: "restoring" };
    const stopped = await upToLook("DescribeMigrateTasks", args);
    expect(fixture.requests("CreateMigrateTask")).toEqual([]);
    expect(claims()).toEqual([]);
    expect((await fixture.up(args, stopped)).outputs.status).toBe("waitingForIncrements");
  });

  test("for an increment", async () => {
    const [backup = "", log = ""] = await writeHistory(fixture, ["full", "log"]);
    const waiting = await fixture.up({ backup, phase: "restoring" });
    const before = claims();
    const args = { backup, phase: "restoring", increments: [log] };
    const stopped = await upToLook("DescribeOssDownloads", args, waiting);
    expect(fixture.requests("CreateMigrateTask")).toHaveLength(1);
    expect(claims()).toEqual(before);
    const { outputs } = await fixture.up(args, stopped);
    expect(outputs).toMatchObject({ status: "waitingForIncrements", chain: { files: [{}, { state: "applied" }] } });
  });
});
