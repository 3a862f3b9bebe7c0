import { Fixture, type LogRow, URN } from "../../../testing/fixture";
import { OUTCOME_URN, runInstance } from "../support/instance-fixture";

const END = /about (\w{3} )?\d\d:\d\d, [\d.]+( to [\d.]+)? min/;

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open({ taskMs: 2_500 });
});
afterEach(() => fixture.close());

const statusOf = (log: readonly LogRow[], urn: string): string[] =>
  log.filter((row) => row.kind === "status" && row.urn === urn).map(({ message }) => message);

test("the row of a migration has its end as soon as the run knows a restore of the instance", async () => {
  const process = fixture.process();
  await fixture.up({ backup: await fixture.backup("erp.bak") }, undefined, { process });
  expect(statusOf(process.log, URN).filter((line) => END.test(line))).toEqual([]);
  const crm = `${URN}-crm`;
  const backup = await fixture.backup("crm.bak", { databaseName: "crm" });
  await fixture.up({ backup, resourceUrn: crm }, undefined, { process });
  const lines = statusOf(process.log, crm);
  expect(lines).toContainEqual(expect.stringMatching(/^task \d+ Running; online about /));
  expect(lines.filter((line) => /Running; /.test(line)).every((line) => END.test(line))).toBe(true);
});

test("the row of an instance has the end of all databases, learnt from those that an earlier run has migrated", async () => {
  const erp = { backup: await fixture.backup("erp.bak", { databaseName: "erp" }) };
  const crm = { backup: await fixture.backup("crm.bak", { databaseName: "crm" }) };
  const first = await runInstance(fixture, { databases: { erp } });
  expect(statusOf(first.log, OUTCOME_URN).filter((line) => END.test(line))).toEqual([]);
  const second = await runInstance(fixture, { databases: { erp, crm } }, { prior: first.recorded });
  const lines = statusOf(second.log, OUTCOME_URN);
  expect(lines[0]).toMatch(/^1 of 2 databases online; done about .*; 1 (running|not started)/);
  expect(lines[0]).toMatch(END);
  expect(lines.at(-1)).toBe("2 of 2 databases online");
});
