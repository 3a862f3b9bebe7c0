import fc from "fast-check";
import { classifyTask } from "../../../provider/decisions/classify-task";
import { findOwnTask, type OwnTaskInput, type TaskMatch } from "../../../provider/decisions/own-task";
import { type MigrateTask, TASK_STATUSES } from "../../../provider/model/migrate-task";

const UPLOADED_MS = Date.parse("2026-03-01T12:00:00Z");
const MINUTE_MS = 60_000;
const KEY = "backups/erp_FULL_20260301115000.bak";
const FILE = "erp_FULL_20260301115000.bak";

const task = (more: Partial<MigrateTask> = {}): MigrateTask => ({
  taskId: "1",
  databaseName: "erp",
  status: "Running",
  description: "",
  createdAtMs: UPLOADED_MS + MINUTE_MS,
  ...more,
});

const ask = (candidates: TaskMatch[], more: Partial<OwnTaskInput> = {}) =>
  findOwnTask({
    databaseName: "erp",
    objectKey: KEY,
    objectLastModifiedMs: UPLOADED_MS,
    databasePresent: true,
    retired: new Set(),
    candidates,
    ...more,
  });

test("finds the task with the object's file, with certainty", () => {
  expect(ask([{ task: task(), fileNames: [FILE] }])).toEqual({ kind: "own", task: task(), certain: true });
});

test("compares the database's name without case", () => {
  expect(ask([{ task: task({ databaseName: "ERP" }), fileNames: [FILE] }]).kind).toBe("own");
  expect(ask([{ task: task({ databaseName: "erp2" }), fileNames: [FILE] }]).kind).toBe("none");
});

test("ignores a task with another file", () => {
  expect(ask([{ task: task(), fileNames: ["other.bak"] }]).kind).toBe("none");
});

test.each([
  ["a quarter of an hour before the object", -15 * MINUTE_MS, "own"],
  ["a millisecond earlier", -15 * MINUTE_MS - 1, "none"],
])("a task created %s: %s ms → %s", (_, offsetMs, kind) => {
  expect(ask([{ task: task({ createdAtMs: UPLOADED_MS + offsetMs }), fileNames: [FILE] }]).kind).toBe(kind);
});

test("a task without a readable time stays a candidate", () => {
  expect(ask([{ task: task({ createdAtMs: Number.NaN }), fileNames: [FILE] }]).kind).toBe("own");
});

test("where the service lists no files, a single task is found without certainty", () => {
  expect(ask([{ task: task(), fileNames: undefined }])).toMatchObject({ kind: "own", certain: false });
  expect(ask([{ task: task(), fileNames: [] }])).toMatchObject({ kind: "own", certain: false });
});

test("two live tasks are ambiguous and both ids are returned", () => {
  const two = [task(), task({ taskId: "2", status: "NoStart" })].map((each) => ({ task: each, fileNames: undefined }));
  expect(ask(two)).toEqual({ kind: "ambiguous", taskIds: ["1", "2"] });
});

test("a Success counts only while its database exists", () => {
  const succeeded = [{ task: task({ status: "Success" }), fileNames: [FILE] }];
  expect(ask(succeeded).kind).toBe("own");
  expect(ask(succeeded, { databasePresent: false }).kind).toBe("none");
});

test("a live task precedes a Success, a Success precedes a failure, and the newest of equals wins", () => {
  const of = (taskId: string, status: string, minute: number) => ({
    task: task({ taskId, status, createdAtMs: UPLOADED_MS + minute * MINUTE_MS }),
    fileNames: [FILE],
  });
  const ended = [of("1", "Failed", 9), of("2", "Success", 1), of("3", "Success", 2), of("4", "Failed", 8)];
  expect(ask([...ended, of("5", "Running", 0)])).toMatchObject({ task: { taskId: "5" } });
  expect(ask(ended)).toMatchObject({ task: { taskId: "3" } });
  expect(ask(ended, { databasePresent: false })).toMatchObject({ task: { taskId: "1" } });
});

test("a retired task does not count as a result, but still as a running task", () => {
  const retired = new Set(["1"]);
  const succeeded = [{ task: task({ status: "Success" }), fileNames: [FILE] }];
  expect(ask(succeeded, { retired, databasePresent: false }).kind).toBe("none");
  expect(ask(succeeded, { retired, databasePresent: true }).kind).toBe("stillThere");
  expect(ask([{ task: task({ status: "Failed" }), fileNames: [FILE] }], { retired }).kind).toBe("none");
  expect(ask([{ task: task({ status: "Running" }), fileNames: [FILE] }], { retired }).kind).toBe("own");
});

describe("laws", () => {
  const anyTask = fc.record({
    taskId: fc.integer({ min: 1, max: 99 }).map(String),
    databaseName: fc.constantFrom("erp", "ERP", "crm"),
    status: fc.constantFrom(...TASK_STATUSES, "Verifying", ""),
    description: fc.constant(""),
    createdAtMs: fc.integer({ min: -60, max: 60 }).map((minutes) => UPLOADED_MS + minutes * MINUTE_MS),
  });
  const anyCandidate = fc.record({
    task: anyTask,
    fileNames: fc.constantFrom([FILE], ["other.bak"], [], undefined),
  });
  const candidates = fc.uniqueArray(anyCandidate, { maxLength: 6, selector: (each) => each.task.taskId });
  const isLive = ({ status }: MigrateTask) =>
    ["running", "waiting", "unrecognised"].includes(classifyTask({ status, description: "" }).kind);

  test("never picks one of two live tasks that match, nor a finished one instead of a live one", () => {
    fc.assert(
      fc.property(candidates, fc.boolean(), (all, databasePresent) => {
        const answer = ask(all, { databasePresent });
        const fits = (each: TaskMatch) => ask([each], { databasePresent }).kind === "own";
        const live = all.filter((each) => isLive(each.task) && fits(each));
        if (live.length > 1) expect(answer.kind).toBe("ambiguous");
        if (live.length === 1) expect(answer).toMatchObject({ kind: "own", task: live[0]?.task });
      }),
    );
  });

  test("never finds a task of another database, of another file or from long before the object", () => {
    fc.assert(
      fc.property(candidates, (all) => {
        const answer = ask(all);
        if (answer.kind !== "own") return;
        expect(answer.task.databaseName.toLowerCase()).toBe("erp");
        expect(answer.task.createdAtMs).toBeGreaterThanOrEqual(UPLOADED_MS - 15 * MINUTE_MS);
        expect(all.find((each) => each.task === answer.task)?.fileNames).not.toEqual(["other.bak"]);
      }),
    );
  });

  test("does not depend on the order of the list, except for tasks of the same minute", () => {
    fc.assert(
      fc.property(candidates, (all) => {
        const minutes = all.map((each) => each.task.createdAtMs);
        fc.pre(new Set(minutes).size === minutes.length);
        const forward = ask(all);
        const backward = ask([...all].reverse());
        expect(backward.kind).toBe(forward.kind);
        if (forward.kind === "own") expect(backward).toEqual(forward);
      }),
    );
  });
});
