import { setTimeout as sleep } from "node:timers/promises";
import { DEFAULT_LOCK_TIMES, type LockTimes } from "../../provider/model/lock-times";
import type { PlainObject } from "../../provider/model/plain";
import type { Fixture } from "../../testing/fixture";
import type { Family, FaultCase } from "../fault-case";
import {
  acceptingSecondTasks,
  CLUSTER,
  INCREMENTS,
  LEGACY_2008R2,
  programOf,
  REFUSING_2022,
  type Service,
} from "../services";

const WITH_REAL_LOCK_TIMES = [REFUSING_2022, CLUSTER, acceptingSecondTasks(LEGACY_2008R2)];

const SERVICES = [
  REFUSING_2022,
  acceptingSecondTasks(REFUSING_2022),
  CLUSTER,
  acceptingSecondTasks(CLUSTER),
  LEGACY_2008R2,
  acceptingSecondTasks(LEGACY_2008R2),
  acceptingSecondTasks(INCREMENTS),
];

/** About as many requests as one `up` sends until its task is created. */
const REQUESTS = 30;
/** After the chosen request has reached the service; milliseconds. */
const LONGEST_DELAY_MS = 25;
/** The lock of the stopped process expires while the other run waits for it. */
const SHORT_LOCK_TIMES = { sendWithinMs: 1_000, expireAfterMs: 2_500 };
/** A run that waits for a lock of the real times needs two minutes. */
const REAL_TIMEOUT = "5m";

/**
 * F16: a process stands still at a random moment, as in a virtual machine that is suspended or moved; another run migrates the
 * same database meanwhile; then the first one continues.
 */
export const stoppedProcessCases = (): FaultCase[] =>
  SERVICES.map((service) =>
    stopAndContinue({
      family: "F16",
      service,
      name: `a process stands still while another run migrates, on ${service.name}`,
      lockTimes: SHORT_LOCK_TIMES,
      moment: (fixture, random) => {
        const requests = Math.floor(random() * REQUESTS);
        return () => fixture.emulator.journal.entries.filter(({ request }) => request > 0).length >= requests;
      },
    }),
  );

/** F18: the same with the real lock times: the process is stopped under its lock, and the other run waits two minutes for it. */
export const realLockTimeCases = (): FaultCase[] =>
  WITH_REAL_LOCK_TIMES.map((service) =>
    stopAndContinue({
      family: "F18",
      service,
      name: `a process stands still under its lock for as long as locks hold, on ${service.name}`,
      lockTimes: DEFAULT_LOCK_TIMES,
      moment: (fixture) => () => fixture.requests("PutObject").length > 0,
      args: { timeout: REAL_TIMEOUT },
    }),
  );

interface StoppedProcess {
  family: Family;
  service: Service;
  name: string;
  lockTimes: LockTimes;
  /** Whether the process has come to the place where it is stopped, after a random delay of some milliseconds. */
  moment: (fixture: Fixture, random: () => number) => () => boolean;
  args?: PlainObject;
}

function stopAndContinue({ family, service, name, lockTimes, moment, args: more }: StoppedProcess): FaultCase {
  return {
    family,
    name,
    async run(cloud) {
      const fixture = await cloud.fixture({ tuning: { lockTimes } });
      await service.prepare(fixture);
      const args = { ...(await programOf(fixture, service)), ...more };
      const isReached = moment(fixture, cloud.random);
      const delayMs = cloud.random() * LONGEST_DELAY_MS;
      const reached = async () => {
        while (!isReached()) await sleep(1);
        await sleep(delayMs);
      };
      const { stopped, meanwhile: other } = await cloud.attemptStopped(fixture, args, reached, () =>
        cloud.attempt(fixture, args),
      );
      const allowance = { ...service.allowance, mayLeaveLateLock: true };
      const [prior] = [other, stopped].flatMap(({ recorded }) => recorded ?? []);
      await cloud.requireConvergence(fixture, args, prior, [args.backup], allowance);
      cloud.requireOneTask(fixture);
    },
  };
}
