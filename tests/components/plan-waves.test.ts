import * as pulumi from "@pulumi/pulumi";
import { assignPlan, type PlanArgs } from "../../components/plan-waves";
import { fetchBegunMigrations } from "../../components/recorded-migrations";
import { parsePlanFile } from "../../provider/model/plan-item";
import { dynamicType, nativeType } from "../../provider/model/resource-type";

const databases = ["crm", "ERP", "hr"].map((database) => ({ database, backup: `${database}.bak` }));
const AT = "2026-12-04T14:00:00.000Z";
const planned = (database: string, wave: number, runner: number) => ({
  ...{ version: 1, database, wave, runner, windowOpensAt: AT, windowClosesAt: "2026-12-06T22:00:00.000Z" },
  ...{ waveStartsAt: AT, waveEndsAt: AT, submitAt: AT, restoreAt: AT, endAt: AT },
});
const PLAN = [planned("erp", 1, 1), planned("crm", 2, 2), planned("hr", 1, 2)];

function assign(items: object[], runner: PlanArgs["runner"], { begun = [] as string[], filter = {} } = {}) {
  const plan = parsePlanFile(JSON.stringify(items));
  if ("fault" in plan) throw new Error(plan.fault);
  const { waves, skipped } = assignPlan(
    plan,
    { runner },
    { databases, filter, hasBegun: (name) => begun.includes(name) },
  );
  return {
    waves: waves.map((wave) => [wave.plan?.name, wave.databases.map(({ database }) => database)]),
    skipped,
    all: waves,
  };
}

test("a runner gets its databases in the waves and windows of the plan", () => {
  const { waves, skipped, all } = assign(PLAN, 2);
  expect(waves).toEqual([
    ["1", ["hr"]],
    ["2", ["crm"]],
  ]);
  expect(all[0]?.plan).toEqual({ name: "1", opensAt: AT, closesAt: "2026-12-06T22:00:00.000Z" });
  expect(skipped).toEqual([
    { file: "ERP.bak", cause: "notChosen", reason: "is the backup of ERP, which runner 1 migrates" },
  ]);
});

test("the shares of all runners are disjoint and complete, and a list of runners takes all of theirs", () => {
  const shares = [1, 2].map((runner) => assign(PLAN, runner).waves.flatMap(([, names]) => names));
  expect(shares.flat().sort()).toEqual(["ERP", "crm", "hr"]);
  const whole = [
    ["1", ["ERP", "hr"]],
    ["2", ["crm"]],
  ];
  expect(assign(PLAN, [1, 2]).waves).toEqual(whole);
  expect(assign(PLAN, undefined).waves).toEqual(whole);
});

test("what has begun stays in its stack, also when the plan gives it to another runner or leaves it out", () => {
  expect(assign(PLAN, 1, { begun: ["crm"] }).waves).toEqual([
    ["1", ["ERP"]],
    ["2", ["crm"]],
  ]);
  expect(assign([planned("erp", 1, 1), planned("hr", 1, 2)], 1, { begun: ["crm"] }).waves).toEqual([
    ["1", ["crm", "ERP"]],
  ]);
});

test("a database that does not fit the plan is left out and logged", () => {
  const { skipped } = assign(
    [planned("erp", 1, 1), planned("hr", 1, 1), { version: 1, database: "CRM", limit: "space" }],
    1,
  );
  expect(skipped).toEqual([
    { file: "crm.bak", cause: "notPlanned", reason: "holds crm, which does not fit the plan (space)" },
  ]);
});

test("a database that the program's filter excludes may be in the plan", () => {
  const chosen = [...PLAN, planned("test", 1, 1)];
  expect(assign(chosen, undefined, { filter: { exclude: "test" } }).waves).toHaveLength(2);
});

test.each<[string, object[], PlanArgs["runner"], string]>([
  ["a database that the plan lacks", PLAN.slice(0, 2), 1, "[waves.plan] does not contain hr"],
  ["a database without a backup", [...PLAN, planned("dwh", 1, 1)], 1, "[waves.plan] contains dwh without a backup"],
  ["a runner that the plan lacks", PLAN, 3, "[waves.runner] is 3; the plan has 1, 2"],
  ["no runner", PLAN, [], "[waves.runner] is empty"],
])("%s is refused", (_case, items, runner, message) =>
  expect(() => assign(items, runner)).toThrow(expect.objectContaining({ message: expect.stringContaining(message) })),
);

test.each([
  ["{", "is not JSON"],
  ['{"databases":[]}', "is not what plan --json prints"],
  ['[{"version":2,"database":"erp"}]', "has format 2; this version reads format 1"],
  ['[{"version":1,"database":"erp","wave":0}]', "is not what plan --json prints"],
])("%s is no plan of this format", (text, fault) => expect(parsePlanFile(text)).toEqual({ fault }));

test("migrations that the stack's own state records have begun, except planned ones", async () => {
  const asked: unknown[] = [];
  const record = (type: string, name: string, status: string): [string, object] => [
    `urn:pulumi:test::demo::a:Parent$${type}::${name}`,
    { type, outputs: { status } },
  ];
  const outputs = Object.fromEntries([
    record(dynamicType("DatabaseMigration"), "source-erp", "submitted"),
    record(nativeType("DatabaseMigration"), "source-crm", "online"),
    record(dynamicType("DatabaseMigration"), "source-hr", "planned"),
    record(dynamicType("MigrationOutcome"), "source-outcome", "online"),
  ]);
  const call = ({ token, inputs }: pulumi.runtime.MockCallArgs) => {
    asked.push([token, inputs]);
    return { outputs };
  };
  await pulumi.runtime.setMocks({ call, newResource: () => ({ id: "", state: {} }) }, "demo", "test", false, "acme");
  expect([...(await fetchBegunMigrations())].sort()).toEqual(["source-crm", "source-erp"]);
  expect(asked).toEqual([["pulumi:pulumi:readStackResourceOutputs", { stackName: "acme/demo/test" }]]);
  pulumi.runtime.disconnect();
});
