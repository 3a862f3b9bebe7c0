import type { Recorded } from "../../testing/engine-steps";
import type { Fixture } from "../../testing/fixture";
import type { FaultCase } from "../fault-case";
import type { TestCloud } from "../test-cloud";

/** The progress of the migration when it is destroyed. */
const PHASES = {
  uploading: async (fixture: Fixture, args: Args) => fixture.upToUploading(args),
  uploaded: async (fixture: Fixture, args: Args) => {
    fixture.emulator.faults.add({
      match: { action: "CreateMigrateTask" },
      effect: { kind: "refuse", status: 403, code: "Forbidden.RAM" },
    });
    return fixture.up(args);
  },
  restoring: async (fixture: Fixture, args: Args) => fixture.upToRestoring(args),
  submitted: async (fixture: Fixture, args: Args) => fixture.up({ ...args, wait: "submitted" }),
  online: async (fixture: Fixture, args: Args) => fixture.up(args),
  failed: async (fixture: Fixture, args: Args) => {
    await fixture.emulator.rds.shapeRestore({ failWith: "Failed to open database erp." });
    return fixture.up(args);
  },
} satisfies Record<string, (fixture: Fixture, args: Args) => Promise<Recorded>>;

interface Args extends Record<string, unknown> {
  backup: string;
  onDestroy: "keep" | "stop";
}
type Phase = keyof typeof PHASES;
/** Whether the destroy itself runs without faults or fails and is repeated. */
const WAYS = ["without faults", "its first request is cut", "each reply is lost once"] as const;

/** F14: destroy at each phase. It removes uploads and locks, keeps databases, and terminates tasks only if the program permits it. */
export function destroyCases(): FaultCase[] {
  const phases = Object.keys(PHASES) as Phase[]; // the keys of a literal
  return phases.flatMap((phase) =>
    (["keep", "stop"] as const).flatMap((onDestroy) => WAYS.map((way) => caseOf(phase, onDestroy, way))),
  );
}

function caseOf(phase: Phase, onDestroy: "keep" | "stop", way: (typeof WAYS)[number]): FaultCase {
  return {
    family: "F14",
    name: `${phase}, onDestroy ${onDestroy}, ${way}`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      const args = { backup: await fixture.backup("erp.bak", { dataBytes: 1_000_000 }), onDestroy };
      const known = await PHASES[phase](fixture, args);
      const { faults, rds } = fixture.emulator;
      faults.clear();
      const databases = (await fixture.databases()).filter(({ status }) => status === "Running");
      if (way === "its first request is cut") faults.add({ times: 1, effect: { kind: "reset", at: "before" } });
      if (way === "each reply is lost once") faults.add({ every: 2, times: 4, effect: { kind: "reset", at: "after" } });
      // A failed destroy is repeated; repeating a successful destroy has no effect.
      const tries = [await destroy(fixture, known), await destroy(fixture, known)];
      if (tries[1] !== undefined) throw new Error(`the second destroy failed: ${tries[1]}`);
      faults.clear();
      const mayTerminate = onDestroy === "stop";
      const remaining = (await fixture.databases()).filter(({ status }) => status === "Running");
      if (remaining.length < databases.length) throw new Error("a database was dropped");
      const isRunning = phase === "restoring" || phase === "submitted";
      await rds.clearShapes({});
      await cloud.requireInvariants(fixture, [args.backup], { mayTerminate, resentBytes: 500_000 });
      // Declared again, the migration converges and adopts a task that continued at the service.
      if (phase === "failed") return await stillFails(cloud, fixture, args);
      const allowance = { mayTerminate, mayHaveTerminated: mayTerminate, resentBytes: 1_500_000 };
      const again = await cloud.requireConvergence(fixture, args, undefined, [args.backup], allowance);
      const isSame = again.outputs.migrateTaskId === known.outputs.migrateTaskId;
      if (phase === "online" && !isSame) throw new Error("an online database was migrated again");
      if (isRunning && onDestroy === "keep" && !isSame) throw new Error("the running task was not adopted");
    },
  };
}

/** An unchanged failure is reported again without a second task. */
async function stillFails(cloud: TestCloud, fixture: Fixture, args: Args): Promise<void> {
  const { error = "the up succeeded" } = await cloud.attempt(fixture, args);
  if (!error.startsWith("TASK_OPEN_FAILED")) throw new Error(`the failure was not reported again: ${error}`);
  const tasks = (await fixture.tasks()).length;
  if (tasks !== 1) throw new Error(`${tasks} tasks were submitted for a backup that cannot be restored`);
}

/** @returns the message of the failure; undefined on success */
async function destroy(fixture: Fixture, known: Recorded): Promise<string | undefined> {
  try {
    await fixture.destroy(known);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
