import { drawCases } from "../../faults/draw-cases";
import type { FaultCase } from "../../faults/fault-case";
import { ProviderPool } from "../../faults/provider-pool";
import { listCases, runCase } from "../../faults/run-cases";
import { runSoaks } from "../../faults/run-soaks";

jest.setTimeout(180_000);

/** A few of `npm run faults`, which takes all: the places where most has gone wrong, in real processes that are killed. */
const CHOSEN = [
  "F1 create killed during oss:UploadPart#2",
  "F1 create killed after oss:CompleteMultipartUpload#1",
  "F1 create killed after rds:CreateMigrateTask#1",
  "F1 create killed before oss:DeleteObject#1",
  "F1 update killed after oss:PutObject#1",
  "F2 the network breaks in the middle of every second part",
  "F3 CompleteMultipartUpload is done, its reply gets lost",
  "F4 CreateMigrateTask: a reply is a proxy's page with 200, behind its back all is done",
  "F5 killed before rds:CreateMigrateTask#1 on a service that refuses no second task and lists them late",
  "F5 killed after rds:CreateMigrateTask#1 on 2017 Cluster, which lists no tasks",
  "F6 two runs at once, one is killed; a second task would be accepted",
  "F7 the machine is in America/New_York",
  "F8 the backup is truncated in the middle of its upload",
  "F9 two-sets.bak from the disk",
  "F10 a task in a status that nobody has documented",
  "F11 SecurityTokenExpired at UploadPart#2",
  "F12 no space, after the preview",
  "F13 lost: the state and the database",
  "F14 restoring, onDestroy stop, each reply is lost once",
];

const pool = new ProviderPool();
let cases: FaultCase[];
beforeAll(async () => {
  cases = await listCases(pool);
});
afterAll(() => pool.close());

test.each(CHOSEN)("%s: it ends well", async (wanted) => {
  const drawn = drawCases(cases, 1).find(({ fault }) => `${fault.family} ${fault.name}` === wanted);
  if (drawn === undefined) throw new Error("there is no such case");
  const broken = await runCase(drawn, pool);
  expect(broken === undefined ? "" : `seed ${drawn.seed}: ${broken}`).toBe("");
});

test("every family has cases, and no two have the same name", () => {
  expect(new Set(cases.map(({ family }) => family)).size).toBe(14);
  expect(new Set(cases.map(({ family, name }) => `${family} ${name}`)).size).toBe(cases.length);
});

test("a small soak at each level keeps every promise", async () => {
  const said: string[] = [];
  const levels = ["light", "medium", "heavy"] as const;
  const { failed } = await runSoaks({ seed: 1, levels, databases: 12 }, pool, (line) => said.push(line));
  expect(failed === 0 ? "" : said.join("\n")).toBe("");
});
