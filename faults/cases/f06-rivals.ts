import type { FaultCase } from "../fault-case";

/** What two runs do to each other. */
const MEETINGS = ["both go on", "one is killed"] as const;
const SERVICES = ["refused", "accepted"] as const;

/** F6: two `up` at once, and two stacks that name one database. */
export function rivalCases(): FaultCase[] {
  const sameStack = MEETINGS.flatMap((meeting) => SERVICES.map((become) => twoRuns(meeting, become)));
  return [...sameStack, manyRuns(), twoStacks("at once"), twoStacks("one after the other")];
}

/** Real processes, one of which the emulator may kill while it asks for the task. */
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
      if (meeting === "both go on" && (first.error ?? second.error) !== undefined)
        throw new Error(`they hindered each other: ${first.error ?? second.error}`);
      // Both upload the same parts of the same upload, and the parts of the one that is slower go out once more.
      const allowance = { resentBytes: 2 * 400_000 };
      await cloud.settles(fixture, args, second.recorded ?? first.recorded, [backup], allowance);
    },
  };
}

function manyRuns(): FaultCase {
  return {
    family: "F6",
    name: "six runs at once make one task, though the service would make six",
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
      await cloud.settles(fixture, args, all[0]?.recorded, [file]);
    },
  };
}

/** Two stacks with backups of their own for one name: one migrates, the other is told why it does not. */
function twoStacks(order: "at once" | "one after the other"): FaultCase {
  return {
    family: "F6",
    name: `two stacks name one database, ${order}`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      const one = { backup: await fixture.backup("one.bak"), folder: "one" };
      // A backup of another day: of the same one, to the second, the service shows only the name, which is the same.
      const other = {
        backup: await fixture.backup("other.bak", { startDate: "2024-06-01T02:00:00" }),
        folder: "other",
      };
      const run = (args: typeof one) => cloud.attempt(fixture, args);
      const both = order === "at once" ? await Promise.all([run(one), run(other)]) : [await run(one), await run(other)];
      const losers = both.filter(({ error }) => error !== undefined);
      if (losers.length !== 1) throw new Error(`${losers.length} of two were refused`);
      if (!/DATABASE_BUSY|DATABASE_EXISTS|API_DB_NAME_TAKEN/.test(losers[0]?.error ?? ""))
        throw new Error(`the other one is told ${losers[0]?.error}`);
      const accepted = fixture.requests("CreateMigrateTask").filter(({ status }) => status === 200);
      if (accepted.length !== 1) throw new Error(`${accepted.length} tasks were created`);
      await cloud.keptPromises(fixture, [one.backup, other.backup]);
    },
  };
}
