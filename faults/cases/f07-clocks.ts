import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../provider/session/clock";
import { until } from "../../testing/fixture";
import type { FaultCase } from "../fault-case";
import { acceptingSecondTasks, CLUSTER, LEGACY_2008R2, programOf, REFUSING_2022, type Service } from "../services";

const MINUTE_MS = 60_000;
/** Offsets within and beyond the 15 minutes that signatures tolerate. */
const OFFSETS_MINUTES = [-20, -14, 14, 20] as const;
/** A zone with daylight saving time, and zones with unusual offsets behind and ahead of UTC. */
const ZONES = ["America/New_York", "Pacific/Marquesas", "Pacific/Chatham"] as const;

/** F7: wrong clocks, clocks that stand still or step, and other time zones. */
export function clockCases(): FaultCase[] {
  return [
    ...OFFSETS_MINUTES.map(skewed),
    ...OFFSETS_MINUTES.map((minutes) => skewed(minutes, "from the middle of the upload")),
    ...ZONES.map(zoned),
    ...CLOCK_SERVICES.flatMap((service) =>
      Object.entries(LOCAL_CLOCKS).map(([name, move]) => held(service, name, move)),
    ),
  ];
}

/** What happens to the local clock of a run while it is held between its lock and its call. */
const LOCAL_CLOCKS: Record<string, (heldMs: number) => number> = {
  "stands still": (heldMs) => -heldMs,
  "is set back by 10 minutes": () => -10 * MINUTE_MS,
  "is set forward by 10 minutes": () => 10 * MINUTE_MS,
};
const CLOCK_SERVICES = [REFUSING_2022, CLUSTER, acceptingSecondTasks(LEGACY_2008R2)];
const LOCK_TIMES = { sendWithinMs: 1_000, expireAfterMs: 2_500 };
/** Long enough for the other run to follow the expired lock and to migrate. */
const HELD_MS = 5_000;

/** A run is held before it reads its lock again, and another one migrates. When it continues, its clock has not counted that time. */
function held(service: Service, name: string, move: (heldMs: number) => number): FaultCase {
  return {
    family: "F7",
    name: `the clock of a held run ${name} while another run migrates, on ${service.name}`,
    async run(cloud) {
      const fixture = await cloud.fixture({ tuning: { lockTimes: LOCK_TIMES } });
      await service.prepare(fixture);
      const args = await programOf(fixture, service);
      const { faults } = fixture.emulator;
      faults.add({ match: { action: "GetObject" }, times: 1, effect: { kind: "delay", ms: HELD_MS } });
      let heldAtMs: number | undefined;
      const now = () => Date.now() + (heldAtMs === undefined ? 0 : move(Math.min(Date.now() - heldAtMs, HELD_MS)));
      const running = cloud.attempt(fixture, args, undefined, { ...systemClock, now });
      await until(() => fixture.requests("PutObject").length > 0);
      await sleep(300);
      heldAtMs = Date.now();
      const other = await cloud.attempt(fixture, args);
      const first = await running;
      const [prior] = [other, first].flatMap(({ recorded }) => recorded ?? []);
      const allowance = { ...service.allowance, mayLeaveLateLock: true };
      await cloud.requireConvergence(fixture, args, prior, [args.backup], allowance);
      cloud.requireOneTask(fixture);
    },
  };
}

/** OSS reports its time, so the client corrects the offset. RDS does not, so the user must correct a clock beyond the tolerance. */
function skewed(minutes: number, when: unknown = undefined): FaultCase {
  const isLate = typeof when === "string";
  return {
    family: "F7",
    name: `the services' clock is off by ${minutes} minutes${isLate ? `, ${when}` : ""}`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      const { clock } = fixture.emulator;
      const args = { backup: await fixture.backup("erp.bak", { dataBytes: 500_000 }), upload: { partSize: 102_400 } };
      const offsetMs = minutes * MINUTE_MS;
      if (isLate) {
        const effect = { kind: "clock" as const, offsetMs };
        fixture.emulator.faults.add({ match: { action: "UploadPart" }, nth: [2, 3, 4, 5, 6, 7, 8], effect });
        fixture.emulator.faults.add({ match: { service: "rds", action: "CreateMigrateTask" }, times: 1, effect });
      } else {
        clock.offsetMs = offsetMs;
      }
      const { recorded, error } = await cloud.attempt(fixture, args);
      const isTooWrong = Math.abs(minutes) > 15;
      if (isTooWrong && !isLate && error === undefined) throw new Error("RDS accepted a request with a wrong time");
      if (!isTooWrong && error !== undefined)
        throw new Error(`the up failed with a clock within the tolerance: ${error}`);
      clock.offsetMs = 0;
      await cloud.requireConvergence(fixture, args, recorded, [args.backup], { resentBytes: 500_000 });
    },
  };
}

/** Requests carry UTC times in every time zone of the machine. */
function zoned(zone: string): FaultCase {
  return {
    family: "F7",
    name: `the machine is in ${zone}`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      const args = { backup: await fixture.backup("erp.bak") };
      const { recorded, error } = await cloud.attemptKilled(fixture, args, undefined, { TZ: zone });
      if (error !== undefined) throw new Error(error);
      if (recorded?.outputs.dataAsOf !== "2024-05-01T02:01:00") throw new Error("the source's time was converted");
      // A run in this zone continues the work of a run in the original zone.
      await cloud.requireConvergence(fixture, args, undefined, [args.backup]);
    },
  };
}
