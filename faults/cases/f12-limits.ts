import type { Fixture } from "../../testing/fixture";
import type { FaultCase } from "../fault-case";

/** A limit of the service, and how to set and lift it. */
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
/** Whether the limit exists at the preview or begins between the checks of the preview and the submission. */
const MOMENTS = ["at the preview", "after the preview"] as const;

/** F12: limits of the service. No attempt of the daily quota is wasted, and the migration continues when the limit is lifted. */
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
        // The first request of the upload comes after the preview, so its fault hook sets the limit in between.
        faults.add({
          match: { action: "ListMultipartUploads" },
          times: 1,
          effect: { kind: "reset", at: "before" },
        });
        faults.beforeReset = () => set(fixture);
      }
      const { recorded, error } = await cloud.attempt(fixture, args);
      faults.beforeReset = async () => {};
      if (error === undefined) throw new Error("the limit was not reported");
      const again = await cloud.attempt(fixture, args, recorded);
      const failed = (await fixture.tasks()).length;
      if (failed > 1) throw new Error(`${failed} tasks were submitted although the limit blocks them`);
      await lift(fixture);
      await cloud.requireConvergence(fixture, { ...args, timeout: "20s" }, again.recorded, [args.backup]);
    },
  };
}
