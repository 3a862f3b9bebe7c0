import { drawCases } from "../../faults/draw-cases";
import type { FaultCase } from "../../faults/fault-case";
import { ProviderPool } from "../../faults/provider-pool";
import { listCases, runCase } from "../../faults/run-cases";
import { runSoaks } from "../../faults/run-soaks";
import type { ResourceHost } from "../../testing/resource-host";

jest.setTimeout(180_000);

/** A selection of the cases of `npm run faults`, chosen from the places with the most past failures. */
const CHOSEN = [
  "F1 create killed during oss:UploadPart#2",
  "F1 create killed after oss:CompleteMultipartUpload#1",
  "F1 create killed after rds:CreateMigrateTask#1",
  "F1 create killed before oss:DeleteObject#1",
  "F1 update killed after oss:PutObject#1",
  "F2 the network breaks in the middle of every second part",
  "F3 CompleteMultipartUpload succeeds, its reply is lost",
  "F4 CreateMigrateTask: a reply is a proxy's page with 200, the request succeeds",
  "F4 DescribeMigrateTasks: each reply has fewer rows than its count",
  "F5 killed before rds:CreateMigrateTask#1 on a service that accepts a second task and lists tasks late",
  "F5 killed after rds:CreateMigrateTask#1 on 2017 Cluster, which lists no tasks",
  "F6 two runs at once, one is killed; a second task would be accepted",
  "F7 the machine is in America/New_York",
  "F7 the clock of a held run is set back by 10 minutes while another run migrates, on 2008 R2, which overwrites, and accepts a second task",
  "F8 the backup is truncated in the middle of its upload",
  "F9 two-sets.bak from the disk",
  "F10 a task in an undocumented status",
  "F10 a task that fails in each run of a loop that nobody attends",
  "F11 SecurityTokenExpired at UploadPart#2",
  "F12 no space, after the preview",
  "F13 lost: the state and the database",
  "F14 restoring, onDestroy stop, each reply is lost once",
  "F16 a process stands still while another run migrates, on 2008 R2, which overwrites, and accepts a second task",
  "F16 a process stands still while another run migrates, on 2017 Cluster, which lists no tasks",
  "F17 six racers on 2017 Cluster, which lists no tasks, and accepts a second task",
];

/** The families whose faults meet what the hosts do themselves: kills, lost replies, runs at once, lost state and destroy. */
const NATIVE_TOO = /^F(1|5|6|13|14) /;

const pool = new ProviderPool();
let cases: FaultCase[];
beforeAll(async () => {
  cases = await listCases(pool);
});
afterAll(() => pool.close());

async function converge(wanted: string, host: ResourceHost): Promise<void> {
  const drawn = drawCases(cases, 1).find(({ fault }) => `${fault.family} ${fault.name}` === wanted);
  if (drawn === undefined) throw new Error("no such case");
  const { broken } = await runCase(drawn, pool, host);
  expect(broken === undefined ? "" : `seed ${drawn.seed}: ${broken}`).toBe("");
}

test.each(CHOSEN)("%s: converges", (wanted) => converge(wanted, "dynamic"));

test.each(CHOSEN.filter((name) => NATIVE_TOO.test(name)))("%s: converges with the native plugin", (wanted) =>
  converge(wanted, "native"),
);

test("every family has cases, and names are unique within a family", () => {
  expect(new Set(cases.map(({ family }) => family)).size).toBe(18);
  expect(new Set(cases.map(({ family, name }) => `${family} ${name}`)).size).toBe(cases.length);
});

test("a small soak at each level keeps every guarantee", async () => {
  const lines: string[] = [];
  const levels = ["light", "medium", "heavy"] as const;
  const { failed } = await runSoaks({ seed: 1, levels, databases: 12 }, pool, (line) => lines.push(line));
  expect(failed === 0 ? "" : lines.join("\n")).toBe("");
});
