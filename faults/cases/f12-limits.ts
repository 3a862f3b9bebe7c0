import type { Fixture } from "../../testing/fixture";
import type { FaultCase } from "../fault-case";

/** A limit of the service, and how it goes away. */
interface Limit {
  name: string;
  set(fixture: Fixture): Promise<void>;
  lift(fixture: Fixture): Promise<void>;
}

const instance =
  (members: { dbMaxQuantity?: number; storageGb?: number; systemBytes?: number; status?: string; lockMode?: string }) =>
  ({ emulator }: Fixture): Promise<void> =>
    emulator.rds.setInstance({ id: emulator.instanceId, ...members });

const GIB = 2 ** 30;
const LIMITS: Limit[] = [
  {
    name: "the 21st migration of a database",
    set: ({ emulator }) => emulator.rds.setLimits({ perDatabaseAndDay: 0 }),
    lift: ({ emulator }) => emulator.rds.setLimits({ perDatabaseAndDay: 20 }),
  },
  {
    name: "the 501st migration of an instance",
    set: ({ emulator }) => emulator.rds.setLimits({ perInstanceAndDay: 0 }),
    lift: ({ emulator }) => emulator.rds.setLimits({ perInstanceAndDay: 500 }),
  },
  { name: "one database too many", set: instance({ dbMaxQuantity: 0 }), lift: instance({ dbMaxQuantity: 100 }) },
  {
    name: "no space",
    set: instance({ storageGb: 10, systemBytes: 10 * GIB - 1_000 }),
    lift: instance({ storageGb: 100, systemBytes: GIB }),
  },
  { name: "a stopped instance", set: instance({ status: "Stopped" }), lift: instance({ status: "Running" }) },
  {
    name: "a locked instance",
    set: instance({ lockMode: "LockByExpiration" }),
    lift: instance({ lockMode: "Unlock" }),
  },
];
/** The limit is there at the preview, or comes up between the preview's looks and the submission. */
const MOMENTS = ["at the preview", "after the preview"] as const;

/** F12: what the service does not take any more today. Nothing is burnt, and it goes on when the limit is gone. */
export const limitCases = (): FaultCase[] => LIMITS.flatMap((limit) => MOMENTS.map((moment) => caseOf(limit, moment)));

function caseOf({ name, set, lift }: Limit, moment: (typeof MOMENTS)[number]): FaultCase {
  return {
    family: "F12",
    name: `${name}, ${moment}`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      const args = { backup: await fixture.backup("erp.bak"), timeout: "2s" };
      const { faults } = fixture.emulator;
      if (moment === "at the preview") await set(fixture);
      else {
        // The upload begins behind the preview: while its first request waits, the world changes.
        const held = faults.add({
          match: { action: "ListMultipartUploads" },
          times: 1,
          effect: { kind: "reset", at: "before" },
        });
        faults.beforeReset = () => set(fixture);
        void held;
      }
      const { recorded, error } = await cloud.attempt(fixture, args);
      faults.beforeReset = async () => {};
      if (error === undefined) throw new Error("the limit was not noticed");
      const again = await cloud.attempt(fixture, args, recorded);
      const failed = (await fixture.tasks()).length;
      if (failed > 1) throw new Error(`${failed} tasks were spent on what cannot work`);
      await lift(fixture);
      await cloud.settles(fixture, { ...args, timeout: "20s" }, again.recorded, [args.backup]);
    },
  };
}
