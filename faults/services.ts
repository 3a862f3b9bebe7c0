import type { PlainObject } from "../provider/model/plain";
import type { Fixture } from "../testing/fixture";
import type { Allowance } from "./test-cloud";

/** A variant of the service: what it reports about tasks, and what it refuses. */
export interface Service {
  name: string;
  prepare(fixture: Fixture): Promise<void>;
  args?: PlainObject;
  allowance?: Allowance;
}

/** An instance that answers these calls with "not supported". */
export const without =
  (...unsupportedActions: string[]) =>
  ({ emulator }: Fixture): Promise<unknown> =>
    emulator.rds.setInstance({ id: emulator.instanceId, unsupportedActions });

const acceptsSecondTasks = ({ emulator }: Fixture): Promise<unknown> =>
  emulator.rds.setSecondTasks({ become: "accepted" });

export const REFUSING_2022: Service = { name: "2022", async prepare() {} };

export const ACCEPTING_LATE_LIST: Service = {
  name: "a service that accepts a second task and lists tasks late",
  async prepare(fixture) {
    await acceptsSecondTasks(fixture);
    await fixture.emulator.rds.setListDelay({ ms: 300 });
  },
};

export const CLUSTER: Service = {
  name: "2017 Cluster, which lists no tasks",
  async prepare(fixture) {
    await without("DescribeMigrateTasks")(fixture);
  },
  allowance: { mayNeedAdopt: true },
};

export const LEGACY_2008R2: Service = {
  name: "2008 R2, which overwrites",
  async prepare({ emulator }) {
    const { instanceId } = emulator;
    await emulator.rds.setInstance({ id: instanceId, engineVersion: "2008r2" });
    await emulator.rds.setDatabase({ instanceId, name: "erp" });
  },
  args: { allowOverwrite: true },
};

/** The same service, except that it creates a second task where it would refuse one. */
export const acceptingSecondTasks = (service: Service): Service => ({
  ...service,
  name: `${service.name}, and accepts a second task`,
  async prepare(fixture) {
    await service.prepare(fixture);
    await acceptsSecondTasks(fixture);
  },
});

/** A database that is not opened, so that the list may omit its task. */
export const INCREMENTS: Service = {
  name: "a database that waits for increments",
  async prepare() {},
  args: { phase: "restoring" },
  allowance: { mayNeedAdopt: true, status: "waitingForIncrements" },
};

/** Writes the backup of a case and completes its arguments. */
export async function programOf(fixture: Fixture, { args }: Service): Promise<PlainObject & { backup: string }> {
  const legacy = { softwareVersion: { major: 10, minor: 50, build: 6000 } };
  const backup = await fixture.backup("erp.bak", args?.allowOverwrite === true ? legacy : {});
  return { backup, ...args };
}
