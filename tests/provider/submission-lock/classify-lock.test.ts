import { DEFAULT_LOCK_TIMES } from "../../../provider/model/lock-times";
import type { MigrateTask } from "../../../provider/model/migrate-task";
import { classifyLock, type LockInput } from "../../../provider/submission-lock/classify-lock";

const { voidAfterMs } = DEFAULT_LOCK_TIMES;
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
const question = (more: Partial<LockInput> = {}): LockInput => ({
  claim,
  ageMs: voidAfterMs,
  times: DEFAULT_LOCK_TIMES,
  crc64: "42",
  task: undefined,
  isKnown: false,
  listIsComplete: true,
  databasePresent: false,
  overwrites: false,
  ...more,
});
const named = (more: Partial<LockInput> = {}) => question({ claim: { ...claim, taskId: "7" }, ageMs: 0, ...more });

describe("a claim without a task", () => {
  test("is waited for until it is void, to the millisecond", () => {
    expect(classifyLock(question({ ageMs: voidAfterMs - 1 }))).toEqual({ kind: "wait", ms: 1 });
    expect(classifyLock(question())).toEqual({ kind: "void" });
  });
  test("that cannot be read counts by its age alone", () => {
    expect(classifyLock(question({ claim: undefined, ageMs: 0 }))).toEqual({ kind: "wait", ms: voidAfterMs });
    expect(classifyLock(question({ claim: undefined }))).toEqual({ kind: "void" });
  });
  test("is not decided where the list does not tell, or where a database of that name is there", () => {
    expect(classifyLock(question({ listIsComplete: false }))).toEqual({ kind: "ambiguous" });
    expect(classifyLock(question({ databasePresent: true }))).toEqual({ kind: "ambiguous" });
  });
  test("on 2008 R2 the database has to be there, so it says nothing", () => {
    expect(classifyLock(question({ databasePresent: true, overwrites: true }))).toEqual({ kind: "void" });
  });
});

describe("a claim with a task", () => {
  test.each(["NoStart", "Running", "Waiting", "Verifying"])("that is %s hands it over", (status) => {
    expect(classifyLock(named({ task: task(status) }))).toEqual({ kind: "task", task: task(status) });
  });
  test("that succeeded hands it over while its database is there", () => {
    expect(classifyLock(named({ task: task("Success"), databasePresent: true }))).toMatchObject({ kind: "task" });
    expect(classifyLock(named({ task: task("Success") }))).toEqual({ kind: "void" });
  });
  test("that failed is news once", () => {
    expect(classifyLock(named({ task: task("Failed") }))).toMatchObject({ kind: "task" });
    expect(classifyLock(named({ task: task("Failed"), isKnown: true }))).toEqual({ kind: "void" });
  });
  test("whose task the service has forgotten is void only while there is no database", () => {
    expect(classifyLock(named())).toEqual({ kind: "void" });
    expect(classifyLock(named({ databasePresent: true }))).toEqual({ kind: "ambiguous" });
  });
  test("of other bytes under the same key says nothing about these", () => {
    expect(classifyLock(named({ crc64: "43", task: task("Success"), databasePresent: true }))).toEqual({
      kind: "void",
    });
  });
  test("counts where the list does not tell", () => {
    expect(classifyLock(named({ listIsComplete: false, task: task("Running") }))).toMatchObject({ kind: "task" });
  });
});
