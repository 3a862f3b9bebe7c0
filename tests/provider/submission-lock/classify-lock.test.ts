import { DEFAULT_LOCK_TIMES } from "../../../provider/model/lock-times";
import type { MigrateTask } from "../../../provider/model/migrate-task";
import { classifyLock, type LockInput } from "../../../provider/submission-lock/classify-lock";

const { expireAfterMs } = DEFAULT_LOCK_TIMES;
const lock = {
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
const input = (more: Partial<LockInput> = {}): LockInput => ({
  lock,
  ageMs: expireAfterMs,
  times: DEFAULT_LOCK_TIMES,
  crc64: "42",
  task: undefined,
  isKnown: false,
  listIsComplete: true,
  databasePresent: false,
  overwrites: false,
  ...more,
});
const named = (more: Partial<LockInput> = {}) => input({ lock: { ...lock, taskId: "7" }, ageMs: 0, ...more });

describe("a lock without a task", () => {
  test("is waited for until it expires, to the millisecond", () => {
    expect(classifyLock(input({ ageMs: expireAfterMs - 1 }))).toEqual({ kind: "wait", ms: 1 });
    expect(classifyLock(input())).toEqual({ kind: "expired" });
  });
  test("that cannot be parsed counts by its age alone", () => {
    expect(classifyLock(input({ lock: undefined, ageMs: 0 }))).toEqual({ kind: "wait", ms: expireAfterMs });
    expect(classifyLock(input({ lock: undefined }))).toEqual({ kind: "expired" });
  });
  test("is ambiguous where the list is incomplete, or where a database of that name exists", () => {
    expect(classifyLock(input({ listIsComplete: false }))).toEqual({ kind: "ambiguous" });
    expect(classifyLock(input({ databasePresent: true }))).toEqual({ kind: "ambiguous" });
  });
  test("on 2008 R2 the database must exist, so it shows nothing", () => {
    expect(classifyLock(input({ databasePresent: true, overwrites: true }))).toEqual({ kind: "expired" });
  });
});

describe("a lock with a task", () => {
  test.each(["NoStart", "Running", "Waiting", "Verifying"])("that is %s yields it", (status) => {
    expect(classifyLock(named({ task: task(status) }))).toEqual({ kind: "task", task: task(status) });
  });
  test("that succeeded yields it while its database exists", () => {
    expect(classifyLock(named({ task: task("Success"), databasePresent: true }))).toMatchObject({ kind: "task" });
    expect(classifyLock(named({ task: task("Success") }))).toEqual({ kind: "expired" });
  });
  test("that failed yields it once", () => {
    expect(classifyLock(named({ task: task("Failed") }))).toMatchObject({ kind: "task" });
    expect(classifyLock(named({ task: task("Failed"), isKnown: true }))).toEqual({ kind: "expired" });
  });
  test("whose task the service has forgotten is expired only while no database exists", () => {
    expect(classifyLock(named())).toEqual({ kind: "expired" });
    expect(classifyLock(named({ databasePresent: true }))).toEqual({ kind: "ambiguous" });
  });
  test("of other bytes under the same key is expired", () => {
    expect(classifyLock(named({ crc64: "43", task: task("Success"), databasePresent: true }))).toEqual({
      kind: "expired",
    });
  });
  test("counts where the list is incomplete", () => {
    expect(classifyLock(named({ listIsComplete: false, task: task("Running") }))).toMatchObject({ kind: "task" });
  });
});
