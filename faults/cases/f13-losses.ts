import { renameSync } from "node:fs";
import type { PlainObject } from "../../provider/model/plain";
import type { Recorded } from "../../testing/engine-steps";
import type { Fixture } from "../../testing/fixture";
import type { FaultCase } from "../fault-case";

/** What is lost after a migration is online, and the input of the next `up`. */
interface Loss {
  name: string;
  lose(fixture: Fixture, done: Recorded): Promise<void>;
  /** Whether the state is lost too. */
  losesState: boolean;
  /** Arguments that the user adds to the program. */
  adds?: (done: Recorded) => PlainObject;
}

const dropDatabase = ({ emulator }: Fixture) =>
  emulator.rds.removeDatabase({ instanceId: emulator.instanceId, name: "erp" });
const forgetTask = ({ emulator }: Fixture, { outputs }: Recorded) =>
  emulator.rds.removeTask({ instanceId: emulator.instanceId, taskId: String(outputs.migrateTaskId) });
const removeObject = async ({ emulator }: Fixture, { outputs }: Recorded) =>
  emulator.oss.removeObject(emulator.bucket, String(outputs.objectKey));

const LOSSES: Loss[] = [
  { name: "the state", lose: async () => {}, losesState: true },
  {
    name: "the state; the task is adopted by its id",
    lose: async () => {},
    losesState: true,
    adds: ({ outputs }) => ({ adopt: outputs.migrateTaskId }),
  },
  {
    name: "the state and the task's history; the database is adopted",
    lose: forgetTask,
    losesState: true,
    adds: () => ({ adopt: true }),
  },
  { name: "the state and the database", lose: dropDatabase, losesState: true },
  { name: "the object", lose: removeObject, losesState: false },
  { name: "the task's history", lose: forgetTask, losesState: false },
  { name: "the database, with its record", lose: dropDatabase, losesState: false },
];

/** F13: manual deletions, and a lost or moved state. */
export const lossCases = (): FaultCase[] => [...LOSSES.map(caseOf), movedCase()];

function caseOf({ name, lose, losesState, adds = () => ({}) }: Loss): FaultCase {
  return {
    family: "F13",
    name: `lost: ${name}`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      const args = { backup: await fixture.backup("erp.bak") };
      const { recorded: done } = await cloud.attempt(fixture, args);
      if (done === undefined) throw new Error("the first up recorded nothing");
      await lose(fixture, done);
      const refreshed = losesState ? undefined : await fixture.refresh(done);
      if (refreshed?.id === "") throw new Error("the record was dropped");
      await cloud.requireConvergence(fixture, { ...args, ...adds(done) }, refreshed, [args.backup], {
        resentBytes: 200_000,
      });
    },
  };
}

/** The state is exported as JSON and imported on a machine without the backup; the preview there must be empty. */
function movedCase(): FaultCase {
  return {
    family: "F13",
    name: "the state is exported and imported on a machine without the backup",
    async run(cloud) {
      const fixture = await cloud.fixture();
      const args = { backup: await fixture.backup("erp.bak") };
      const { recorded: done } = await cloud.attempt(fixture, args);
      if (done === undefined) throw new Error("the first up recorded nothing");
      const { id, inputs, outputs } = JSON.parse(JSON.stringify(done)) as Recorded;
      const mark = fixture.mark;
      renameSync(args.backup, `${args.backup}.elsewhere`);
      const preview = await fixture.preview(args, { id, inputs, outputs, log: [] });
      if (preview.failures.length > 0 || preview.diff?.changes !== false)
        throw new Error(`the preview is not empty: ${preview.failures.join("; ")}`);
      if (fixture.since(mark).length > 0) throw new Error(`the preview requested ${fixture.since(mark).join(", ")}`);
      await cloud.requireInvariants(fixture, [`${args.backup}.elsewhere`]);
    },
  };
}
