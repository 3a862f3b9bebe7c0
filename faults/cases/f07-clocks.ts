import type { FaultCase } from "../fault-case";

const MINUTE_MS = 60_000;
/** Within the 15 minutes that the signatures allow, and beyond. */
const OFFSETS_MINUTES = [-20, -14, 14, 20] as const;
/** One with summer time that begins and ends, one behind and one ahead of UTC by odd amounts. */
const ZONES = ["America/New_York", "Pacific/Marquesas", "Pacific/Chatham"] as const;

/** F7: clocks that disagree, and machines elsewhere. */
export function clockCases(): FaultCase[] {
  return [
    ...OFFSETS_MINUTES.map(skewed),
    ...OFFSETS_MINUTES.map((minutes) => skewed(minutes, "from the middle of the upload on")),
    ...ZONES.map(zoned),
  ];
}

/** OSS tells its time and is believed; RDS does not, so a clock that is too wrong has to be set right by a person. */
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
      if (isTooWrong && !isLate && error === undefined) throw new Error("RDS took a request of another time");
      if (!isTooWrong && error !== undefined) throw new Error(`a clock within the tolerance hindered it: ${error}`);
      clock.offsetMs = 0;
      await cloud.settles(fixture, args, recorded, [args.backup], { resentBytes: 500_000 });
    },
  };
}

/** Times go over the wire in UTC whatever the machine thinks. */
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
      // And a run there takes up what a run here has left.
      await cloud.settles(fixture, args, undefined, [args.backup]);
    },
  };
}
