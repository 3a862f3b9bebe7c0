import type { MigrateTask } from "../../../provider/aliyun/rds-api";
import { type ClaimQuestion, judgeClaim, USUAL_CLAIM_TIMES } from "../../../provider/submission-lock/judge-claim";

const { voidAfterMs } = USUAL_CLAIM_TIMES;
const claim = {
  instanceId: "rm-1",
  databaseName: "erp",
  crc64: "42",
  claimedAt: "2026-05-01T02:00:00.000Z",
  writer: "0b1c",
};
const task = (status: string): MigrateTask => ({
  taskId: "7",
  databaseName: "erp",
  status,
  description: "",
  createdAtMs: 0,
});
const question = (more: Partial<ClaimQuestion> = {}): ClaimQuestion => ({
  claim,
  ageMs: voidAfterMs,
  times: USUAL_CLAIM_TIMES,
  crc64: "42",
  task: undefined,
  isKnown: false,
  listTells: true,
  databasePresent: false,
  overwrites: false,
  ...more,
});
const named = (more: Partial<ClaimQuestion> = {}) => question({ claim: { ...claim, taskId: "7" }, ageMs: 0, ...more });

describe("a claim without a task", () => {
  test("is waited for until it is void, to the millisecond", () => {
    expect(judgeClaim(question({ ageMs: voidAfterMs - 1 }))).toEqual({ kind: "wait", ms: 1 });
    expect(judgeClaim(question())).toEqual({ kind: "void" });
  });
  test("that cannot be read counts by its age alone", () => {
    expect(judgeClaim(question({ claim: undefined, ageMs: 0 }))).toEqual({ kind: "wait", ms: voidAfterMs });
    expect(judgeClaim(question({ claim: undefined }))).toEqual({ kind: "void" });
  });
  test("is not decided where the list does not tell, or where a database of that name is there", () => {
    expect(judgeClaim(question({ listTells: false }))).toEqual({ kind: "undecidable" });
    expect(judgeClaim(question({ databasePresent: true }))).toEqual({ kind: "undecidable" });
  });
  test("on 2008 R2 the database has to be there, so it says nothing", () => {
    expect(judgeClaim(question({ databasePresent: true, overwrites: true }))).toEqual({ kind: "void" });
  });
});

describe("a claim with a task", () => {
  test.each(["NoStart", "Running", "Waiting", "Verifying"])("that is %s hands it over", (status) => {
    expect(judgeClaim(named({ task: task(status) }))).toEqual({ kind: "task", task: task(status) });
  });
  test("that succeeded hands it over while its database is there", () => {
    expect(judgeClaim(named({ task: task("Success"), databasePresent: true }))).toMatchObject({ kind: "task" });
    expect(judgeClaim(named({ task: task("Success") }))).toEqual({ kind: "void" });
  });
  test("that failed is news once", () => {
    expect(judgeClaim(named({ task: task("Failed") }))).toMatchObject({ kind: "task" });
    expect(judgeClaim(named({ task: task("Failed"), isKnown: true }))).toEqual({ kind: "void" });
  });
  test("whose task the service has forgotten is void only while there is no database", () => {
    expect(judgeClaim(named())).toEqual({ kind: "void" });
    expect(judgeClaim(named({ databasePresent: true }))).toEqual({ kind: "undecidable" });
  });
  test("of other bytes under the same key says nothing about these", () => {
    expect(judgeClaim(named({ crc64: "43", task: task("Success"), databasePresent: true }))).toEqual({ kind: "void" });
  });
  test("counts where the list does not tell", () => {
    expect(judgeClaim(named({ listTells: false, task: task("Running") }))).toMatchObject({ kind: "task" });
  });
});
