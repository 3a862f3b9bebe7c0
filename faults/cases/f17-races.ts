import { setTimeout as sleep } from "node:timers/promises";
import type { FaultCase } from "../fault-case";
import { acceptingSecondTasks, CLUSTER, LEGACY_2008R2, programOf, REFUSING_2022, type Service } from "../services";

const RACERS = 6;
/** The racers start within this time, so that some look before and some after the winner has finished; milliseconds. */
const START_WITHIN_MS = 1_500;
/** A task ends before a waiting racer looks again. */
const TASK_MS = 60;

/** F17: six runs at once for one database, on every kind of service. */
export const raceCases = (): FaultCase[] =>
  [REFUSING_2022, CLUSTER, LEGACY_2008R2].flatMap((service) => [race(service), race(acceptingSecondTasks(service))]);

function race(service: Service): FaultCase {
  return {
    family: "F17",
    name: `six racers on ${service.name}`,
    async run(cloud) {
      const fixture = await cloud.fixture({ taskMs: TASK_MS });
      await service.prepare(fixture);
      const args = await programOf(fixture, service);
      fixture.emulator.faults.add({ match: { action: "CreateMigrateTask" }, effect: { kind: "delay", ms: 50 } });
      const racers = Array.from({ length: RACERS }, async () => {
        await sleep(cloud.random() * START_WITHIN_MS);
        return cloud.attempt(fixture, args);
      });
      const ended = await Promise.all(racers);
      const calls = fixture.requests("CreateMigrateTask");
      const tasks = calls.filter(({ status }) => status === 200).length;
      const errors = ended.flatMap(({ error }) =>
        error === undefined ? [] : [/[A-Z]+(?:_[A-Z0-9]+)+/.exec(error)?.[0]],
      );
      if (tasks !== 1) throw new Error(`${calls.length} calls created ${tasks} tasks; ${errors.join(", ")}`);
      const unclear = errors.filter((code) => code !== "DATABASE_EXISTS" && code !== "CLAIM_UNDECIDED");
      if (unclear.length > 0) throw new Error(`racers failed with ${unclear.join(", ")}`);
      const winner = ended.find(({ recorded }) => recorded?.outputs.status === "online");
      await cloud.requireConvergence(fixture, args, winner?.recorded, [args.backup], service.allowance);
      return `${calls.length} calls, ${tasks} task, ${errors.length} racers asked for adopt`;
    },
  };
}
