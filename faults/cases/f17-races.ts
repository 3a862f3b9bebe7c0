import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { DEFAULT_LOCK_TIMES, type LockTimes } from "../../provider/model/lock-times";
import type { FaultCase } from "../fault-case";
import {
  acceptingSecondTasks,
  CLUSTER,
  INCREMENTS,
  LEGACY_2008R2,
  programOf,
  REFUSING_2022,
  type Service,
} from "../services";

const RACERS = 6;
/** The racers start within this time, so that some look before and some after the winner has finished; milliseconds. */
const START_WITHIN_MS = 1_500;
/** A task ends before a waiting racer looks again. */
const TASK_MS = 60;

const SERVICES = [REFUSING_2022, CLUSTER, LEGACY_2008R2, INCREMENTS].flatMap((service) => [
  service,
  acceptingSecondTasks(service),
]);

/** F17: six runs at once for one database, on every kind of service. Nobody is killed, so that no lock has to expire. */
export const raceCases = (): FaultCase[] => [
  ...SERVICES.map((service) => race(service, `six racers on ${service.name}`)),
  ...SERVICES.map((service) => race(service, `six racers with real lock times on ${service.name}`, DEFAULT_LOCK_TIMES)),
];

function race(service: Service, name: string, lockTimes?: LockTimes): FaultCase {
  return {
    family: "F17",
    name,
    async run(cloud) {
      const fixture = await cloud.fixture({ taskMs: TASK_MS, tuning: lockTimes && { lockTimes } });
      await service.prepare(fixture);
      // A run does not begin a wait for a lock that would end after its timeout.
      const args = { ...(await programOf(fixture, service)), timeout: "5m" };
      fixture.emulator.faults.add({ match: { action: "CreateMigrateTask" }, effect: { kind: "delay", ms: 50 } });
      const racers = Array.from({ length: RACERS }, async () => {
        await sleep(cloud.random() * START_WITHIN_MS);
        return cloud.attempt(fixture, args);
      });
      const ended = await Promise.all(racers);
      const errors = ended.flatMap(({ error }) =>
        error === undefined ? [] : [/[A-Z]+(?:_[A-Z0-9]+)+/.exec(error)?.[0]],
      );
      cloud.counts["questions for adopt"] = errors.length;
      cloud.requireOneTask(fixture);
      const unclear = errors.filter((code) => code !== "DATABASE_EXISTS" && code !== "CLAIM_UNDECIDED");
      if (unclear.length > 0) throw new Error(`racers failed with ${unclear.join(", ")}`);
      const { status = "online" } = service.allowance ?? {};
      const winner = ended.find(({ recorded }) => recorded?.outputs.status === status);
      // Racers that upload at the same time send the same parts of one upload.
      const resentBytes = RACERS * statSync(args.backup).size;
      const allowance = { ...service.allowance, mayLeaveLateLock: true, resentBytes };
      await cloud.requireConvergence(fixture, args, winner?.recorded, [args.backup], allowance);
    },
  };
}
