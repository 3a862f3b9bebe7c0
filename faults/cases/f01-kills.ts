import type { Recorded } from "../../testing/engine-steps";
import type { Scene } from "../../testing/scene";
import type { Arena } from "../arena";
import { type Boundary, boundariesOf, type CutPoint, cutAt, cutPointsOf, labelOf } from "../boundaries";
import type { FaultCase } from "../fault-case";

/** Small enough to be quick, large enough for three parts. */
const DATA_BYTES = 200_000;
const PART_BYTES = 102_400;

const argsOf = async (scene: Scene) => ({
  backup: await scene.backup("erp.bak", { dataBytes: DATA_BYTES }),
  upload: { partSize: PART_BYTES, parallel: 1 },
});

/** How an `up` begins: with nothing, or with a state that names an uploaded object whose submission was refused. */
const BEGINNINGS = ["create", "update"] as const;
type Beginning = (typeof BEGINNINGS)[number];

async function begin(arena: Arena, scene: Scene, beginning: Beginning): Promise<Recorded | undefined> {
  if (beginning === "create") return undefined;
  const refuse = scene.emulator.faults.add({
    match: { action: "CreateMigrateTask" },
    effect: { kind: "refuse", status: 403, code: "Forbidden.RAM" },
  });
  const { recorded } = await arena.attempt(scene, await argsOf(scene));
  scene.emulator.faults.remove(refuse);
  return recorded;
}

/** The requests of an undisturbed run whose task is done at once: how often a longer one is asked for is left to chance. */
async function requestsOf(arena: Arena, beginning: Beginning): Promise<Boundary[]> {
  const scene = await arena.scene();
  await scene.emulator.rds.setPace({ taskMs: 0 });
  const prior = await begin(arena, scene, beginning);
  const mark = scene.mark;
  await arena.attempt(scene, await argsOf(scene), prior);
  return boundariesOf(scene.emulator.journal.entries.slice(mark));
}

/** F1: every request of create and of update, cut and killed before, during and after it. */
export async function killCases(arena: Arena): Promise<FaultCase[]> {
  const cases: FaultCase[] = [];
  for (const beginning of BEGINNINGS) {
    for (const boundary of await requestsOf(arena, beginning)) {
      for (const at of cutPointsOf(boundary)) {
        for (const how of ["cut", "killed"] as const) cases.push(caseOf({ beginning, boundary, at, how }));
      }
    }
  }
  return cases;
}

function caseOf(place: { beginning: Beginning; boundary: Boundary; at: CutPoint; how: "cut" | "killed" }): FaultCase {
  const { beginning, boundary, at, how } = place;
  return {
    family: "F1",
    name: `${beginning} ${how} ${at} ${labelOf(boundary)}`,
    async run(arena) {
      const scene = await arena.scene();
      const prior = await begin(arena, scene, beginning);
      const args = await argsOf(scene);
      cutAt(scene.emulator, boundary, at);
      const { recorded, killed } =
        how === "cut" ? await arena.attempt(scene, args, prior) : await arena.attemptKilled(scene, args, prior);
      if (how === "killed" && !killed) throw new Error(`${labelOf(boundary)} was not reached`);
      await arena.settles(scene, args, recorded, [args.backup], { resentBytes: PART_BYTES });
    },
  };
}
