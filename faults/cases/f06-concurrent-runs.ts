import type { FaultCase } from "../fault-case";

const MEETINGS = ["both continue", "one is killed"] as const;
const SERVICES = ["refused", "accepted"] as const;

/** F6: concurrent runs of one stack, and two stacks that declare the same database. */
export function concurrentRunCases(): FaultCase[] {
  const sameStack = MEETINGS.flatMap((meeting) => SERVICES.map((become) => twoRuns(meeting, become)));
  return [...sameStack, manyRuns(), twoStacks("at once"), twoStacks("one after the other")];
}

/** Two separate processes; in one variant the emulator kills one of them during the submission. */
function twoRuns(meeting: (typeof MEETINGS)[number], become: (typeof SERVICES)[number]): FaultCase {
  return {
    family: "F6",
    name: `two runs at once, ${meeting}; a second task would be ${become}`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      const backup = await fixture.backup("erp.bak", { dataBytes: 300_000 });
      await fixture.emulator.rds.setSecondTasks({ become });
      const { faults } = fixture.emulator;
      if (meeting === "one is killed") {
        const at = cloud.random() < 0.5 ? "before" : "after";
        faults.add({ match: { action: "CreateMigrateTask" }, times: 1, effect: { kind: "reset", at } });
      } else {
        faults.add({ match: { action: "CreateMigrateTask" }, effect: { kind: "delay", ms: 150 } });
      }
      const args = { backup, upload: { partSize: 102_400 } };
      const [first, second] = await Promise.all([
        meeting === "one is killed" ? cloud.attemptKilled(fixture, args) : cloud.attempt(fixture, args),
        cloud.attempt(fixture, args),
      ]);
      if (meeting === "both continue" && (first.error ?? second.error) !== undefined)
        throw new Error(`one run failed: ${first.error ?? second.error}`);
      // Both runs upload the same parts of one upload, so the slower run sends parts a second time.
      const allowance = { resentBytes: 2 * 400_000 };
      await cloud.requireConvergence(fixture, args, second.recorded ?? first.recorded, [backup], allowance);
    },
  };
}

function manyRuns(): FaultCase {
  return {
    family: "F6",
    name: "six runs at once create one task, although the service would accept six",
    async run(cloud) {
      const fixture = await cloud.fixture();
      await fixture.emulator.rds.setSecondTasks({ become: "accepted" });
      const { bucket, oss } = fixture.emulator;
      const file = await fixture.backup("erp.bak");
      await oss.putObject(bucket, "erp.bak", file);
      const args = { backup: `oss://${bucket}/erp.bak` };
      const all = await Promise.all([1, 2, 3, 4, 5, 6].map(() => cloud.attempt(fixture, args)));
      const ids = new Set(all.map(({ recorded }) => recorded?.outputs.migrateTaskId));
      if (ids.size !== 1) throw new Error(`they record ${[...ids].join(", ")}`);
      await cloud.requireConvergence(fixture, args, all[0]?.recorded, [file]);
    },
  };
}

/** Two stacks with different backups for one database name: one migrates, the other fails with the reason. */
function twoStacks(order: "at once" | "one after the other"): FaultCase {
  return {
    family: "F6",
    name: `two stacks declare one database, ${order}`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      const one = { backup: await fixture.backup("one.bak"), folder: "one" };
      // The backup starts on another day. The service identifies a backup by name and start time only, and the names are equal.
      const other = {
        backup: await fixture.backup("other.bak", { startDate: "2024-06-01T02:00:00" }),
        folder: "other",
      };
      const run = (args: typeof one) => cloud.attempt(fixture, args);
      const both = order === "at once" ? await Promise.all([run(one), run(other)]) : [await run(one), await run(other)];
      const losers = both.filter(({ error }) => error !== undefined);
      if (losers.length !== 1) throw new Error(`${losers.length} of two were refused`);
      if (!/DATABASE_BUSY|DATABASE_EXISTS|API_DB_NAME_TAKEN/.test(losers[0]?.error ?? ""))
        throw new Error(`the other stack failed with ${losers[0]?.error}`);
      const accepted = fixture.requests("CreateMigrateTask").filter(({ status }) => status === 200);
      if (accepted.length !== 1) throw new Error(`${accepted.length} tasks were created`);
      await cloud.requireInvariants(fixture, [one.backup, other.backup]);
    },
  };
}
