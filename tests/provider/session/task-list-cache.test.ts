import type { RdsApi } from "../../../provider/aliyun/rds-api";
import type { MigrateTask } from "../../../provider/model/migrate-task";
import type { Clock } from "../../../provider/session/clock";
import { openTaskListCache } from "../../../provider/session/task-list-cache";

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const NOW_MS = Date.parse("2026-03-01T12:00:00Z");

/** A service whose list is answered when the test says so. */
function service(tasks: MigrateTask[] = []) {
  let nowMs = NOW_MS;
  const lists: { window: { fromMs: number; toMs: number }; answer: (tasks?: MigrateTask[] | Error) => void }[] = [];
  const asked: string[] = [];
  const rds = {
    listMigrateTasks: (_: string, window: { fromMs: number; toMs: number }) =>
      new Promise<MigrateTask[] | undefined>((resolve, reject) => {
        lists.push({
          window,
          answer: (given = tasks) => (given instanceof Error ? reject(given) : resolve(given)),
        });
      }),
    describeMigrateTask: async (_: string, taskId: string) => {
      asked.push(taskId);
      return tasks.find((task) => task.taskId === taskId);
    },
  } as unknown as RdsApi; // the board calls nothing else
  const clock: Clock = { now: () => nowMs, sleep: async () => {} };
  return {
    board: openTaskListCache(rds, "rm-1", clock),
    lists,
    asked,
    pass: (ms: number) => {
      nowMs += ms;
      return nowMs;
    },
  };
}

const task = (taskId: string, createdAtMs = NOW_MS - HOUR_MS): MigrateTask => ({
  taskId,
  databaseName: "erp",
  status: "Running",
  description: "",
  createdAtMs,
});

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("all who ask while a look is under way share it", async () => {
  const { board, lists } = service([task("1")]);
  const all = Array.from({ length: 50 }, () => board.list({ sinceMs: NOW_MS - HOUR_MS, notBeforeMs: 0 }));
  lists[0]?.answer();
  expect(await Promise.all(all)).toEqual(Array.from({ length: 50 }, () => [task("1")]));
  expect(lists).toHaveLength(1);
});

test("who needs a newer look than the one under way gets the next, which is shared too", async () => {
  const { board, lists, pass } = service();
  const first = board.list({ sinceMs: NOW_MS, notBeforeMs: 0 });
  const later = pass(1_000);
  const newer = [
    board.list({ sinceMs: NOW_MS, notBeforeMs: later }),
    board.list({ sinceMs: NOW_MS, notBeforeMs: later }),
  ];
  expect(lists).toHaveLength(1);
  lists[0]?.answer([task("1")]);
  await settle();
  lists[1]?.answer([task("1"), task("2")]);
  expect(await first).toHaveLength(1);
  expect((await Promise.all(newer)).map((each) => each?.length)).toEqual([2, 2]);
  expect(lists).toHaveLength(2);
});

test("the window begins before the oldest that anybody asked for, and reaches beyond now: clocks differ", async () => {
  const { board, lists } = service();
  void board.list({ sinceMs: NOW_MS - 2 * HOUR_MS, notBeforeMs: 0 });
  expect(lists[0]?.window.fromMs).toBeLessThan(NOW_MS - 2 * HOUR_MS);
  expect(lists[0]?.window.toMs).toBeGreaterThan(NOW_MS);
});

test("a look that does not reach back far enough is not good enough", async () => {
  const { board, lists } = service();
  const near = board.list({ sinceMs: NOW_MS - HOUR_MS, notBeforeMs: 0 });
  lists[0]?.answer();
  await near;
  void board.list({ sinceMs: NOW_MS - 5 * HOUR_MS, notBeforeMs: 0 });
  expect(lists[1]?.window.fromMs).toBeLessThan(NOW_MS - 5 * HOUR_MS);
});

test("the window never reaches beyond the week that the service keeps", async () => {
  const { board, lists } = service();
  void board.list({ sinceMs: 0, notBeforeMs: 0 });
  expect(lists[0]?.window.fromMs).toBeGreaterThan(NOW_MS - WEEK_MS);
  expect(lists[0]?.window.fromMs).toBeLessThan(NOW_MS - WEEK_MS + HOUR_MS);
});

test("a task within reach is found in the list, an older one by its id, without a list", async () => {
  const old = task("9", NOW_MS - 2 * WEEK_MS);
  const { board, lists, asked } = service([task("1"), old]);
  const found = board.find("1", { createdAtMs: NOW_MS - HOUR_MS, notBeforeMs: 0 });
  lists[0]?.answer();
  expect(await found).toEqual(task("1"));
  expect(asked).toEqual([]);
  expect(await board.find("9", { createdAtMs: old.createdAtMs, notBeforeMs: 0 })).toEqual(old);
  expect(asked).toEqual(["9"]);
  expect(lists).toHaveLength(1);
});

test("a list that lags or fails leads to the task's id, and a failed one is not handed to the next", async () => {
  const { board, lists, asked } = service([task("1")]);
  const lagging = board.find("1", { createdAtMs: NOW_MS, notBeforeMs: 0 });
  lists[0]?.answer([]);
  expect(await lagging).toEqual(task("1"));
  const failing = board.find("1", { createdAtMs: NOW_MS, notBeforeMs: NOW_MS + 1 });
  lists[1]?.answer(new Error("refused"));
  expect(await failing).toEqual(task("1"));
  expect(asked).toEqual(["1", "1"]);
  const after = board.list({ sinceMs: NOW_MS, notBeforeMs: 0 });
  lists[2]?.answer();
  expect(await after).toEqual([task("1")]);
});
