import fc from "fast-check";
import { classifyTask } from "../../../provider/decisions/classify-task";
import { TASK_STATUSES } from "../../../provider/model/migrate-task";

const of = (status: string, description = "") => classifyTask({ status, description });

test.each([
  ["NoStart", "running"],
  ["Running", "running"],
  ["Waiting", "waiting"],
  ["Success", "online"],
  ["Failed", "failed"],
])("%s is %s", (status, kind) => {
  expect(of(status).kind).toBe(kind);
});

test.each(["success", "SUCCESS", "Finished", "Cancelled", ""])("%j is not taken for an end", (status) => {
  expect(of(status)).toEqual({ kind: "unrecognised" });
});

test("no word but the documented ones is final, and none but Success is a success", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (status, description) => {
      const { kind } = of(status, description);
      if (!TASK_STATUSES.some((known) => known === status)) expect(kind).toBe("unrecognised");
      if (status !== "Success") expect(kind).not.toBe("online");
    }),
  );
});

const DAMAGE =
  "asynchronously DBCC checkdb failed: CHECKDB found 0 allocation errors and 2 consistency errors in table 'XXX' (object ID XXX).";
const NO_ACCOUNT =
  "Your RDS doesn't have any init account yet, please create one and grant permissions on RDS console to this migrated database (erp).";

const warningsOf = (description: string): string[] => {
  const verdict = of("Success", description);
  return verdict.kind === "online" ? verdict.warnings : ["not online"];
};

test.each([DAMAGE, "DBCC checkdb failed"])("a Success that says %j is online with a warning that quotes it", (text) => {
  expect(warningsOf(text)).toEqual([expect.stringContaining(`"${text}"`)]);
});

test("a Success without an account says that nobody can log in", () => {
  expect(warningsOf(NO_ACCOUNT)).toEqual([expect.stringContaining(`"${NO_ACCOUNT}" The database is online`)]);
});

test.each(["", "Success to DBCC checkdb asynchronously."])("a Success that says %j has nothing to warn of", (text) => {
  expect(warningsOf(text)).toEqual([]);
});

test("both faults of one description are told", () => {
  expect(warningsOf(`${NO_ACCOUNT} ${DAMAGE}`)).toHaveLength(2);
});

test("a warning stays the same when DBCC's answer is added to the description", () => {
  expect(warningsOf(`${NO_ACCOUNT} Success to DBCC checkdb asynchronously.`)).toEqual(warningsOf(NO_ACCOUNT));
});
