import { setTimeout as sleep } from "node:timers/promises";
import type { Fixture } from "../../testing/fixture";
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
const LOCK_TIMES = { sendWithinMs: 1_000, expireAfterMs: 2_500 };

/**
 * F16: a process stands still at a random moment, as in a virtual machine that is suspended or moved; another run migrates the
 * same database meanwhile; then the first one continues.
 */
export const stoppedProcessCases = (): FaultCase[] => SERVICES.map(stopAndContinue);

function stopAndContinue(service: Service): FaultCase {
  return {
    family: "F16",
    name: `a process stands still while another run migrates, on ${service.name}`,
    async run(cloud) {
      const fixture = await cloud.fixture({ tuning: { lockTimes: LOCK_TIMES } });
      await service.prepare(fixture);
      const args = await programOf(fixture, service);
      const requests = Math.floor(cloud.random() * REQUESTS);
      const delayMs = cloud.random() * LONGEST_DELAY_MS;
      const moment = async () => {
        await requestsReach(fixture, requests);
        await sleep(delayMs);
      };
      const { stopped, meanwhile: other } = await cloud.attemptStopped(fixture, args, moment, () =>
        cloud.attempt(fixture, args),
      );
      const { allowance } = service;
      await cloud.requireConvergence(fixture, args, other.recorded ?? stopped.recorded, [args.backup], allowance);
      const accepted = fixture.requests("CreateMigrateTask").filter(({ status }) => status === 200);
      if (accepted.length !== 1) throw new Error(`${accepted.length} tasks were created`);
    },
  };
}

async function requestsReach({ emulator }: Fixture, wanted: number): Promise<void> {
  while (emulator.journal.entries.filter(({ request }) => request > 0).length < wanted) await sleep(1);
}
