import { readBaseline } from "../../../provider/source/baseline";
import { type VerificationOptions, verifyBaselines } from "../../../provider/source/verify-baselines";
import {
  baselineText,
  type GivenRecord,
  PLAIN_CONTENTS,
  PLAIN_DATABASE,
  PLAIN_SERVER,
} from "../../../testing/baseline/baseline-text";

const table = (name: string, rows: number): GivenRecord => ({ record: "table", database: "ERP", name, rows });
const whole = (...records: GivenRecord[]): GivenRecord[] => [PLAIN_SERVER, PLAIN_DATABASE, PLAIN_CONTENTS, ...records];
const crm: GivenRecord[] = [PLAIN_DATABASE, PLAIN_CONTENTS].map((record) => ({ ...record, database: "CRM" }));
const denied: GivenRecord = { record: "notRead", database: "ERP", what: "definitions", why: "denied" };
const orphan = (login: string | null): GivenRecord => ({
  ...{ record: "user", database: "ERP", name: "app", type: "SQL_USER", login, isWithoutLogin: false },
});

function verify(before: readonly GivenRecord[], after: readonly GivenRecord[], options?: VerificationOptions) {
  const read = (records: readonly GivenRecord[]) => readBaseline(baselineText(records), "b.json");
  const { failed, ...rest } = verifyBaselines(read(before), read(after), options);
  return { failed: failed.map(({ name }) => name), ...rest };
}

const before = whole(table("[dbo].[a]", 5), table("[dbo].[b]", 5));
const after = whole(table("[dbo].[a]", 4), table("[dbo].[b]", 4));
const ROWS = ["ERP/rows/[dbo].[a]", "ERP/rows/[dbo].[b]"];

it("passes over the same facts, and counts what it compared", () =>
  expect(verify([...before, ...crm], [...before, ...crm])).toEqual({
    failed: [],
    unused: [],
    counts: { databases: 2, accepted: 0, todo: 0, expected: 0 },
  }));

it("fails on each difference until it is accepted by name, whatever its values", () => {
  expect(verify(before, after).failed).toEqual(ROWS);
  expect(verify(before, after, { accepted: ROWS.slice(0, 1) })).toMatchObject({
    failed: ROWS.slice(1),
    counts: { accepted: 1 },
  });
  const later = whole(table("[dbo].[a]", 3), table("[dbo].[b]", 3));
  expect(verify(before, later, { accepted: ROWS })).toMatchObject({ failed: [], counts: { accepted: 2 } });
});

it("names what is accepted and occurs no more", () =>
  expect(verify(before, before, { accepted: ROWS })).toMatchObject({ failed: [], unused: ROWS }));

it("fails on what a script could not read, until that is accepted by name", () => {
  const sides = ["ERP/not read/definitions/source", "ERP/not read/definitions/destination"];
  expect(verify(whole(denied), whole(denied)).failed).toEqual(sides);
  expect(verify(whole(denied), whole(denied), { accepted: sides }).failed).toEqual([]);
});

it("fails on what is left to do only when it is strict", () => {
  const [old, now] = [whole(orphan("app")), whole(orphan(null))];
  expect(verify(old, now)).toMatchObject({ failed: [], counts: { todo: 1 } });
  expect(verify(old, now, { strict: true })).toMatchObject({ failed: ["ERP/login/app"], counts: { todo: 0 } });
  expect(verify(old, now, { strict: true, accepted: ["ERP/login/app"] }).failed).toEqual([]);
});

it("what a migration always changes never fails, and may be accepted without a warning", () => {
  const now = whole({ ...PLAIN_DATABASE, owner: "rds" });
  expect(verify(whole(), now, { strict: true, accepted: ["ERP/setting/owner"] })).toMatchObject({
    failed: [],
    unused: [],
    counts: { expected: 1 },
  });
});

it("compares the databases that are asked for, without case, by their new names", () => {
  expect(verify([...before, ...crm], after, { databases: ["crm"] }).failed).toEqual(["CRM/database"]);
  const renamed = crm.map((record) => ({ ...record, database: "Sales" }));
  const options = { databases: ["CRM"], renamed: new Map([["CRM", "Sales"]]) };
  expect(verify([...before, ...crm], renamed, options)).toMatchObject({ failed: [], counts: { databases: 1 } });
});

it("an empty comparison fails: a database that the source's file lacks, and a file without any", () => {
  expect(verify(before, before, { databases: ["ERP", "HR"] }).failed).toEqual(["HR/source"]);
  expect(verify([PLAIN_SERVER], [PLAIN_SERVER]).failed).toEqual(["databases"]);
});
