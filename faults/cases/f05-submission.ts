import type { PlainObject } from "../../provider/model/plain";
import type { Fixture } from "../../testing/fixture";
import { addCut, type Boundary, boundariesOf, type CutPoint, cutPointsOf, formatBoundary } from "../boundaries";
import type { FaultCase } from "../fault-case";
import type { Allowance, TestCloud } from "../test-cloud";

/** A variant of the service: what it reports about tasks, and what it refuses. */
interface Edition {
  name: string;
  prepare(fixture: Fixture): Promise<void>;
  args?: PlainObject;
  allowance?: Allowance;
}

const without =
  (...unsupportedActions: string[]) =>
  ({ emulator }: Fixture) =>
    emulator.rds.setInstance({ id: emulator.instanceId, unsupportedActions });

const EDITIONS: Edition[] = [
  { name: "2022", prepare: async () => {} },
  {
    name: "a service that accepts a second task and lists tasks late",
    async prepare({ emulator }) {
      await emulator.rds.setSecondTasks({ become: "accepted" });
      await emulator.rds.setListDelay({ ms: 300 });
    },
  },
  { name: "2019 Enterprise, which lists no files", prepare: without("DescribeOssDownloads") },
  {
    name: "2017 Cluster, which lists no tasks",
    prepare: without("DescribeMigrateTasks"),
    allowance: { mayNeedAdopt: true },
  },
  {
    name: "2008 R2, which overwrites",
    async prepare({ emulator }) {
      const { instanceId } = emulator;
      await emulator.rds.setInstance({ id: instanceId, engineVersion: "2008r2" });
      await emulator.rds.setDatabase({ instanceId, name: "erp" });
    },
    args: { allowOverwrite: true },
  },
  {
    name: "a database that waits for increments",
    prepare: async () => {},
    args: { phase: "restoring" },
    allowance: { mayNeedAdopt: true, status: "waitingForIncrements" },
  },
];

async function open(cloud: TestCloud, { prepare, args }: Edition) {
  const fixture = await cloud.fixture();
  await prepare(fixture);
  const legacy = { softwareVersion: { major: 10, minor: 50, build: 6000 } };
  const backup = await fixture.backup("erp.bak", args?.allowOverwrite === true ? legacy : {});
  return { fixture, args: { backup, ...args } };
}

/** The requests from the write of the lock object to the write that adds the task id. */
async function submissionOf(cloud: TestCloud, edition: Edition): Promise<Boundary[]> {
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

function caseOf(place: { edition: Edition; boundary: Boundary; at: CutPoint; how: "cut" | "killed" }): FaultCase {
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
