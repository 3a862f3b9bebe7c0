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

test.each(["success", "SUCCESS", "Finished", "Cancelled", ""])("%j is not final", (status) => {
  expect(of(status)).toEqual({ kind: "unrecognised" });
});

test("only documented statuses are final, and only Success is a success", () => {
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
  const decision = of("Success", description);
  return decision.kind === "online" ? decision.warnings : ["not online"];
};

test.each([DAMAGE, "DBCC checkdb failed"])(
  "a Success with the description %j is online with a warning that quotes it",
  (text) => {
    expect(warningsOf(text)).toEqual([expect.stringContaining(`"${text}"`)]);
  },
);

test("a Success without an account warns that nobody can log in", () => {
  expect(warningsOf(NO_ACCOUNT)).toEqual([
    expect.stringMatching(/the database is online.*\nThe service: "Your RDS .+"\n/),
  ]);
});

test.each(["", "Success to DBCC checkdb asynchronously."])(
  "a Success with the description %j has no warning",
  (text) => {
    expect(warningsOf(text)).toEqual([]);
  },
);

test("both faults of one description give warnings", () => {
  expect(warningsOf(`${NO_ACCOUNT} ${DAMAGE}`)).toHaveLength(2);
});

test("a warning stays the same when DBCC's result is added to the description", () => {
  expect(warningsOf(`${NO_ACCOUNT} Success to DBCC checkdb asynchronously.`)).toEqual(warningsOf(NO_ACCOUNT));
});
