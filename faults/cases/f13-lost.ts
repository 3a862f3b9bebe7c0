import { renameSync } from "node:fs";
import type { PlainObject } from "../../provider/model/plain";
import type { Recorded } from "../../testing/engine-steps";
import type { Fixture } from "../../testing/fixture";
import type { FaultCase } from "../fault-case";

/** What goes missing after a migration is online, and what the next `up` is given. */
interface Loss {
  name: string;
  lose(fixture: Fixture, done: Recorded): Promise<void>;
  /** The state is gone too. */
  withoutState: boolean;
  /** What the user adds to the program. */
  adds?: (done: Recorded) => PlainObject;
}

const dropDatabase = ({ emulator }: Fixture) =>
  emulator.rds.removeDatabase({ instanceId: emulator.instanceId, name: "erp" });
const forgetTask = ({ emulator }: Fixture, { outputs }: Recorded) =>
  emulator.rds.removeTask({ instanceId: emulator.instanceId, taskId: String(outputs.migrateTaskId) });
const removeObject = async ({ emulator }: Fixture, { outputs }: Recorded) =>
  emulator.oss.removeObject(emulator.bucket, String(outputs.objectKey));

const LOSSES: Loss[] = [
  { name: "the state", lose: async () => {}, withoutState: true },
  {
    name: "the state; the task is adopted by its id",
    lose: async () => {},
    withoutState: true,
    adds: ({ outputs }) => ({ adopt: outputs.migrateTaskId }),
  },
  {
    name: "the state and the task's history; the database is adopted",
    lose: forgetTask,
    withoutState: true,
    adds: () => ({ adopt: true }),
  },
  { name: "the state and the database", lose: dropDatabase, withoutState: true },
  { name: "the object", lose: removeObject, withoutState: false },
  { name: "the task's history", lose: forgetTask, withoutState: false },
  { name: "the database, with its record", lose: dropDatabase, withoutState: false },
];

/** F13: what somebody deletes by hand, and a state that is gone or moved. */
export const lossCases = (): FaultCase[] => [...LOSSES.map(caseOf), movedCase()];

function caseOf({ name, lose, withoutState, adds = () => ({}) }: Loss): FaultCase {
  return {
    family: "F13",
    name: `lost: ${name}`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      const args = { backup: await fixture.backup("erp.bak") };
      const { recorded: done } = await cloud.attempt(fixture, args);
      if (done === undefined) throw new Error("it did not even begin");
      await lose(fixture, done);
      const refreshed = withoutState ? undefined : await fixture.refresh(done);
      if (refreshed?.id === "") throw new Error("the record was dropped");
      await cloud.settles(fixture, { ...args, ...adds(done) }, refreshed, [args.backup], { resentBytes: 200_000 });
    },
  };
}

/** The state goes through JSON to a machine that does not have the backup: there is nothing to do there. */
function movedCase(): FaultCase {
  return {
    family: "F13",
    name: "the state is exported and imported on a machine without the backup",
    async run(cloud) {
      const fixture = await cloud.fixture();
      const args = { backup: await fixture.backup("erp.bak") };
      const { recorded: done } = await cloud.attempt(fixture, args);
      if (done === undefined) throw new Error("it did not even begin");
      const { id, inputs, outputs } = JSON.parse(JSON.stringify(done)) as Recorded;
      const mark = fixture.mark;
      renameSync(args.backup, `${args.backup}.elsewhere`);
      const preview = await fixture.preview(args, { id, inputs, outputs, log: [] });
      if (preview.failures.length > 0 || preview.diff?.changes !== false)
        throw new Error(`the preview there is not empty: ${preview.failures.join("; ")}`);
      if (fixture.since(mark).length > 0) throw new Error(`it asked for ${fixture.since(mark).join(", ")}`);
      await cloud.keptPromises(fixture, [`${args.backup}.elsewhere`]);
    },
  };
}
