import type { Recorded } from "../../testing/engine-steps";
import type { Fixture } from "../../testing/fixture";
import { addCut, type Boundary, boundariesOf, type CutPoint, cutPointsOf, formatBoundary } from "../boundaries";
import type { FaultCase } from "../fault-case";
import type { TestCloud } from "../test-cloud";

/** Small enough to be fast, large enough for several parts. */
const DATA_BYTES = 200_000;
const PART_BYTES = 102_400;

const argsOf = async (fixture: Fixture) => ({
  backup: await fixture.backup("erp.bak", { dataBytes: DATA_BYTES }),
  upload: { partSize: PART_BYTES, parallel: 1 },
});

/** The state before an `up`: none, or one with an uploaded object whose submission was refused. */
const BEGINNINGS = ["create", "update"] as const;
type Beginning = (typeof BEGINNINGS)[number];

async function begin(cloud: TestCloud, fixture: Fixture, beginning: Beginning): Promise<Recorded | undefined> {
  if (beginning === "create") return undefined;
  const refuse = fixture.emulator.faults.add({
    match: { action: "CreateMigrateTask" },
    effect: { kind: "refuse", status: 403, code: "Forbidden.RAM" },
  });
  const { recorded } = await cloud.attempt(fixture, await argsOf(fixture));
  fixture.emulator.faults.remove(refuse);
  return recorded;
}

/** The requests of a run without faults. Its task completes at once, because the number of polls of a longer task varies. */
async function requestsOf(cloud: TestCloud, beginning: Beginning): Promise<Boundary[]> {
  const fixture = await cloud.fixture();
  await fixture.emulator.rds.setPace({ taskMs: 0 });
  const prior = await begin(cloud, fixture, beginning);
  const mark = fixture.mark;
  await cloud.attempt(fixture, await argsOf(fixture), prior);
  return boundariesOf(fixture.emulator.journal.entries.slice(mark));
}

/** F1: every request of create and update, with the connection cut or the process killed before, during and after it. */
export async function killCases(cloud: TestCloud): Promise<FaultCase[]> {
  const cases: FaultCase[] = [];
  for (const beginning of BEGINNINGS) {
    for (const boundary of await requestsOf(cloud, beginning)) {
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
    name: `${beginning} ${how} ${at} ${formatBoundary(boundary)}`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      const prior = await begin(cloud, fixture, beginning);
      const args = await argsOf(fixture);
      addCut(fixture.emulator, boundary, at);
      const { recorded, killed } =
        how === "cut" ? await cloud.attempt(fixture, args, prior) : await cloud.attemptKilled(fixture, args, prior);
      if (how === "killed" && !killed) throw new Error(`${formatBoundary(boundary)} was not reached`);
      await cloud.requireConvergence(fixture, args, recorded, [args.backup], { resentBytes: PART_BYTES });
    },
  };
}
