import { parseOutcomeOutputs } from "../../../provider/model/outcome";
import type { Clock } from "../../../provider/session/clock";
import { openSession } from "../../../provider/session/session";
import { Fixture, type ProviderProcess } from "../../../testing/fixture";
import { runInstance } from "../support/instance-fixture";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open({ taskMs: 0 });
});
afterEach(() => fixture.close());

const MINUTE = 60_000;

/** A process in which waiting takes no time, and the pauses before each repeated call. */
function patientProcess(): { process: ProviderProcess; pauses: number[] } {
  const pauses: number[] = [];
  let aheadMs = 0;
  const clock: Clock = {
    now: () => Date.now() + aheadMs,
    async sleep(ms) {
      aheadMs += ms;
      pauses.push(ms);
    },
  };
  const { session, log } = fixture.process();
  return { process: { session: openSession(session.settings, session.log, clock), log }, pauses };
}

/** A backup in the bucket, because the deadline of an upload is a sleep too. */
async function located(): Promise<string> {
  const { bucket, oss } = fixture.emulator;
  await oss.putObject(bucket, "erp.bak", await fixture.backup("erp.bak"));
  return `oss://${bucket}/erp.bak`;
}

const refuse = (code: string, status: number, times: number) =>
  fixture.emulator.faults.add({
    match: { action: "CreateMigrateTask" },
    nth: Array.from({ length: times }, (_, index) => index + 1),
    effect: { kind: "refuse", status, code },
  });

test("waits for an instance that is busy for half an hour, with pauses of at most five minutes", async () => {
  const { process, pauses } = patientProcess();
  refuse("IncorrectDBInstanceState", 403, 8);
  const args = { backup: await located(), pollInterval: "30s", timeout: "5h" };
  const { outputs } = await fixture.up(args, undefined, { process });
  expect(outputs.status).toBe("online");
  expect(pauses.slice(0, 8)).toEqual([0.5, 1, 2, 4, 5, 5, 5, 5].map((minutes) => minutes * MINUTE));
  expect(fixture.requests("CreateMigrateTask")).toHaveLength(9);
});

test("repeats after ConcurrentTaskExceeded with pauses of at most an hour, and then continues the migration", async () => {
  const { process, pauses } = patientProcess();
  refuse("ConcurrentTaskExceeded", 400, 10);
  const args = { backup: await located(), pollInterval: "30s", timeout: "12h" };
  const { outputs } = await fixture.up(args, undefined, { process });
  expect(outputs.status).toBe("online");
  expect(pauses.slice(0, 10)).toEqual([0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60].map((minutes) => minutes * MINUTE));
});

test("does not begin a wait that would end after the deadline: the run ends with the remedy and keeps its state", async () => {
  const { process, pauses } = patientProcess();
  refuse("ConcurrentTaskExceeded", 400, 50);
  const args = { backup: await located(), pollInterval: "30s", timeout: "2h" };
  const { outputs, failed } = await fixture.up(args, undefined, { process });
  expect(failed?.reasons[0]).toMatch(/^API_DAILY_LIMIT_INSTANCE: .*ConcurrentTaskExceeded.*Run pulumi up again later/s);
  expect(outputs).toMatchObject({ status: "uploaded", failure: { retry: "passes" } });
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(120 * MINUTE);
  expect(fixture.requests("CreateMigrateTask").length).toBeLessThan(12);
});

test("a member of an instance does not wait for the next day: it is uploaded and left to the next run, without a failure", async () => {
  const { emulator } = fixture;
  await emulator.rds.setLimits({ perInstanceAndDay: 1 });
  const databases = Object.fromEntries(
    await Promise.all(
      ["crm", "erp", "hr"].map(async (databaseName) => [
        databaseName,
        { backup: await fixture.backup(`${databaseName}.bak`, { databaseName }) },
      ]),
    ),
  );
  const first = await runInstance(fixture, { databases });
  expect(first.recorded.outcome?.failed).toBeUndefined();
  const statusesOf = ({ recorded }: typeof first) =>
    parseOutcomeOutputs(recorded.outcome?.outputs ?? {})
      .summary.map(({ status }) => status)
      .sort();
  expect(statusesOf(first)).toEqual(["online", "planned", "planned"]);
  expect(fixture.requests("CreateMigrateTask").length).toBeLessThanOrEqual(3);

  await emulator.rds.setLimits({ perInstanceAndDay: 500 });
  const next = await runInstance(fixture, { databases }, { prior: first.recorded });
  expect(statusesOf(next)).toEqual(["online", "online", "online"]);
  expect(await fixture.tasks()).toHaveLength(3);
});
