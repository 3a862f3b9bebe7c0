import type { PlainObject } from "../../../provider/model/plain";
import { type Recorded, Scene } from "../../../testing/scene";
import { writeHistory } from "../increments/chain-scene";

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

test("a claim whose run may still send is waited for, and named when the time is over", async () => {
  const args = { backup: await scene.backup("erp.bak") };
  scene.emulator.faults.add({ match: { action: "CreateMigrateTask" }, effect: { kind: "reset", at: "before" } });
  const killed = scene.upUntil(() => scene.requests("CreateMigrateTask").length > 0, args);
  await killed.catch(() => undefined);
  scene.emulator.faults.clear();
  const late = await scene.up({ ...args, timeout: "500ms" }).then(
    ({ outputs }) => (outputs.failure as { code?: string } | undefined)?.code,
    (error: Error) => error.message,
  );
  expect(late).toMatch(/^CLAIM_HELD/);
  expect((await scene.tasks()).length).toBeLessThanOrEqual(1);
});

describe("a run that is told to stop before it has sent anything takes its claim back", () => {
  const claims = () => scene.emulator.oss.objects(scene.emulator.bucket).filter(({ key }) => key.endsWith(".claim"));

  beforeEach(async () => {
    await scene.close();
    // An old claim would be left: somebody may be following it.
    scene = await Scene.open({ tuning: { claimTimes: { sendWithinMs: 30_000, voidAfterMs: 60_000 } } });
  });

  /** Tells it while it waits for the reply to the look behind its claim. */
  async function upToLook(action: string, args: PlainObject, prior?: Recorded): Promise<Recorded> {
    const { mark } = scene;
    scene.emulator.faults.add({ match: { action }, effect: { kind: "delay", ms: 800, at: "after" } });
    const isLooking = () => {
      const claimed = scene.since(mark).indexOf("oss:PutObject");
      return claimed >= 0 && scene.since(mark).includes(`rds:${action}`, claimed);
    };
    const stopped = await scene.upUntil(isLooking, args, prior);
    scene.emulator.faults.clear();
    return stopped;
  }

  test("for a task", async () => {
    const args = { backup: await scene.backup("erp.bak"), phase: "restoring" };
    const stopped = await upToLook("DescribeMigrateTasks", args);
    expect(scene.requests("CreateMigrateTask")).toEqual([]);
    expect(claims()).toEqual([]);
    expect((await scene.up(args, stopped)).outputs.status).toBe("waitingForIncrements");
  });

  test("for an increment", async () => {
    const [backup = "", log = ""] = await writeHistory(scene, ["full", "log"]);
    const waiting = await scene.up({ backup, phase: "restoring" });
    const before = claims();
    const args = { backup, phase: "restoring", increments: [log] };
    const stopped = await upToLook("DescribeOssDownloads", args, waiting);
    expect(scene.requests("CreateMigrateTask")).toHaveLength(1);
    expect(claims()).toEqual(before);
    const { outputs } = await scene.up(args, stopped);
    expect(outputs).toMatchObject({ status: "waitingForIncrements", chain: { files: [{}, { state: "applied" }] } });
  });
});
