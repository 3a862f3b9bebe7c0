import type { Recorded } from "../../testing/engine-steps";
import type { Scene } from "../../testing/scene";
import type { Arena } from "../arena";
import type { FaultCase } from "../fault-case";

/** How far the migration is when it is destroyed. */
const PHASES = {
  uploading: async (scene: Scene, args: Args) => scene.upToUploading(args),
  uploaded: async (scene: Scene, args: Args) => {
    scene.emulator.faults.add({
      match: { action: "CreateMigrateTask" },
      effect: { kind: "refuse", status: 403, code: "Forbidden.RAM" },
    });
    return scene.up(args);
  },
  restoring: async (scene: Scene, args: Args) => scene.upToRestoring(args),
  submitted: async (scene: Scene, args: Args) => scene.up({ ...args, wait: "submitted" }),
  online: async (scene: Scene, args: Args) => scene.up(args),
  failed: async (scene: Scene, args: Args) => {
    await scene.emulator.rds.shapeRestore({ failWith: "Failed to open database erp." });
    return scene.up(args);
  },
} satisfies Record<string, (scene: Scene, args: Args) => Promise<Recorded>>;

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
    async run(arena) {
      const scene = await arena.scene();
      const args = { backup: await scene.backup("erp.bak", { dataBytes: 1_000_000 }), onDestroy };
      const known = await PHASES[phase](scene, args);
      const { faults, rds } = scene.emulator;
      faults.clear();
      const databases = (await scene.databases()).filter(({ status }) => status === "Running");
      if (way === "its first request is cut") faults.add({ times: 1, effect: { kind: "reset", at: "before" } });
      if (way === "each reply is lost once") faults.add({ every: 2, times: 4, effect: { kind: "reset", at: "after" } });
      // A destroy that fails is run again; one that is run again after it went through finds nothing to do.
      const tries = [await destroy(scene, known), await destroy(scene, known)];
      if (tries[1] !== undefined) throw new Error(`the second destroy failed: ${tries[1]}`);
      faults.clear();
      const mayTerminate = onDestroy === "stop";
      const there = (await scene.databases()).filter(({ status }) => status === "Running");
      if (there.length < databases.length) throw new Error("a database is gone");
      const isAtWork = phase === "restoring" || phase === "submitted";
      await rds.clearShapes({});
      await arena.keptPromises(scene, [args.backup], { mayTerminate, resentBytes: 500_000 });
      // Declared once more it converges; what went on at the service is taken up.
      if (phase === "failed") return await stillFails(arena, scene, args);
      const allowance = { mayTerminate, mayHaveEnded: mayTerminate, resentBytes: 1_500_000 };
      const again = await arena.settles(scene, args, undefined, [args.backup], allowance);
      const isSame = again.outputs.migrateTaskId === known.outputs.migrateTaskId;
      if (phase === "online" && !isSame) throw new Error("what was online was migrated once more");
      if (isAtWork && onDestroy === "keep" && !isSame) throw new Error("the task that went on was not taken up");
    },
  };
}

/** A failure that nothing has changed since is told again, and costs no second task. */
async function stillFails(arena: Arena, scene: Scene, args: Args): Promise<void> {
  const { error = "it went through" } = await arena.attempt(scene, args);
  if (!error.startsWith("TASK_OPEN_FAILED")) throw new Error(`the failure was not told again: ${error}`);
  const tasks = (await scene.tasks()).length;
  if (tasks !== 1) throw new Error(`${tasks} tasks were spent on what cannot work`);
}

/** The words of its error; undefined when it went through. */
async function destroy(scene: Scene, known: Recorded): Promise<string | undefined> {
  try {
    await scene.destroy(known);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
