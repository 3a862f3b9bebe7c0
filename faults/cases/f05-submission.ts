import { addCut, type Boundary, boundariesOf, type CutPoint, cutPointsOf, formatBoundary } from "../boundaries";
import type { FaultCase } from "../fault-case";
import {
  ACCEPTING_LATE_LIST,
  CLUSTER,
  INCREMENTS,
  LEGACY_2008R2,
  programOf,
  REFUSING_2022,
  type Service,
  without,
} from "../services";
import type { TestCloud } from "../test-cloud";

const EDITIONS: Service[] = [
  REFUSING_2022,
  ACCEPTING_LATE_LIST,
  {
    name: "2019 Enterprise, which lists no files",
    async prepare(fixture) {
      await without("DescribeOssDownloads")(fixture);
    },
  },
  CLUSTER,
  LEGACY_2008R2,
  INCREMENTS,
];

async function open(cloud: TestCloud, service: Service) {
  const fixture = await cloud.fixture();
  await service.prepare(fixture);
  return { fixture, args: await programOf(fixture, service) };
}

/** The requests from the write of the lock object to the write that adds the task id. */
async function submissionOf(cloud: TestCloud, edition: Service): Promise<Boundary[]> {
  const { fixture, args } = await open(cloud, edition);
  await fixture.emulator.rds.setPace({ taskMs: 0 });
  await cloud.attempt(fixture, args);
  const all = boundariesOf(fixture.emulator.journal.entries);
  const at = (nth: number) => all.findIndex((each) => each.action === "PutObject" && each.nth === nth);
  return all.slice(at(1), at(2) + 1);
}

/** F5: every request of the submission, with the connection cut or the process killed at every point, on every edition. */
export async function submissionCases(cloud: TestCloud): Promise<FaultCase[]> {
  const cases: FaultCase[] = [];
  for (const edition of EDITIONS) {
    for (const boundary of await submissionOf(cloud, edition)) {
      for (const at of cutPointsOf(boundary)) {
        for (const how of ["cut", "killed"] as const) cases.push(caseOf({ edition, boundary, at, how }));
      }
    }
  }
  return cases;
}

function caseOf(place: { edition: Service; boundary: Boundary; at: CutPoint; how: "cut" | "killed" }): FaultCase {
  const { edition, boundary, at, how } = place;
  return {
    family: "F5",
    name: `${how} ${at} ${formatBoundary(boundary)} on ${edition.name}`,
    async run(cloud) {
      const { fixture, args } = await open(cloud, edition);
      addCut(fixture.emulator, boundary, at);
      const { recorded, killed } =
        how === "cut" ? await cloud.attempt(fixture, args) : await cloud.attemptKilled(fixture, args);
      if (how === "killed" && !killed) throw new Error(`${formatBoundary(boundary)} was not reached`);
      await cloud.requireConvergence(fixture, args, recorded, [args.backup], edition.allowance);
      const accepted = fixture.requests("CreateMigrateTask").filter(({ status }) => status === 200);
      if (accepted.length !== 1) throw new Error(`${accepted.length} tasks were created`);
    },
  };
}
