import type { Recorded } from "../../testing/engine-steps";
import type { Fixture } from "../../testing/fixture";
import type { FaultCase } from "../fault-case";
import type { TestCloud } from "../test-cloud";

/** How far the migration is when it is destroyed. */
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
/** The destroy itself goes through, or meets a fault once and is repeated. */
const WAYS = ["undisturbed", "its first request is cut", "each reply is lost once"] as const;

/** F14: destroy at each phase. Uploads and claims go, databases stay, tasks are ended only where the program says so. */
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
      // A destroy that fails is run again; one that is run again after it went through finds nothing to do.
      const tries = [await destroy(fixture, known), await destroy(fixture, known)];
      if (tries[1] !== undefined) throw new Error(`the second destroy failed: ${tries[1]}`);
      faults.clear();
      const mayTerminate = onDestroy === "stop";
      const there = (await fixture.databases()).filter(({ status }) => status === "Running");
      if (there.length < databases.length) throw new Error("a database is gone");
      const isAtWork = phase === "restoring" || phase === "submitted";
      await rds.clearShapes({});
      await cloud.keptPromises(fixture, [args.backup], { mayTerminate, resentBytes: 500_000 });
      // Declared once more it converges; what went on at the service is taken up.
      if (phase === "failed") return await stillFails(cloud, fixture, args);
      const allowance = { mayTerminate, mayHaveEnded: mayTerminate, resentBytes: 1_500_000 };
      const again = await cloud.settles(fixture, args, undefined, [args.backup], allowance);
      const isSame = again.outputs.migrateTaskId === known.outputs.migrateTaskId;
      if (phase === "online" && !isSame) throw new Error("what was online was migrated once more");
      if (isAtWork && onDestroy === "keep" && !isSame) throw new Error("the task that went on was not taken up");
    },
  };
}

/** A failure that nothing has changed since is told again, and costs no second task. */
async function stillFails(cloud: TestCloud, fixture: Fixture, args: Args): Promise<void> {
  const { error = "it went through" } = await cloud.attempt(fixture, args);
  if (!error.startsWith("TASK_OPEN_FAILED")) throw new Error(`the failure was not told again: ${error}`);
  const tasks = (await fixture.tasks()).length;
  if (tasks !== 1) throw new Error(`${tasks} tasks were spent on what cannot work`);
}

/** The words of its error; undefined when it went through. */
async function destroy(fixture: Fixture, known: Recorded): Promise<string | undefined> {
  try {
    await fixture.destroy(known);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
