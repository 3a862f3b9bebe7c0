import type { RdsApi } from "../../../provider/aliyun/rds-api";
import type { MigrateTask } from "../../../provider/model/migrate-task";
import type { Clock } from "../../../provider/session/clock";
import { openTaskListCache } from "../../../provider/session/task-list-cache";

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const NOW_MS = Date.parse("2026-03-01T12:00:00Z");

/** A service whose list requests get their reply from the test. */
function service(tasks: MigrateTask[] = []) {
  let nowMs = NOW_MS;
  const lists: { window: { fromMs: number; toMs: number }; reply: (tasks?: MigrateTask[] | Error) => void }[] = [];
  const fetchedById: string[] = [];
  const rds = {
    listMigrateTasks: (_: string, window: { fromMs: number; toMs: number }) =>
      new Promise<MigrateTask[] | undefined>((resolve, reject) => {
        lists.push({
          window,
          reply: (result = tasks) => (result instanceof Error ? reject(result) : resolve(result)),
        });
      }),
    describeMigrateTask: async (_: string, taskId: string) => {
      fetchedById.push(taskId);
      return tasks.find((task) => task.taskId === taskId);
    },
  } as unknown as RdsApi; // the cache calls nothing else
  const clock: Clock = { now: () => nowMs, sleep: async () => {} };
  return {
    cache: openTaskListCache(rds, "rm-1", clock),
    lists,
    fetchedById,
    advance: (ms: number) => {
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

const nextTick = () => new Promise((resolve) => setImmediate(resolve));

test("callers during a fetch share it", async () => {
  const { cache, lists } = service([task("1")]);
  const all = Array.from({ length: 50 }, () => cache.list({ sinceMs: NOW_MS - HOUR_MS, notBeforeMs: 0 }));
  lists[0]?.reply();
  expect(await Promise.all(all)).toEqual(Array.from({ length: 50 }, () => [task("1")]));
  expect(lists).toHaveLength(1);
});

test("a list from before the clock was set back is not served, because its age is unknown", async () => {
  const { cache, lists, advance } = service([task("1")]);
  const first = cache.list({ sinceMs: NOW_MS - HOUR_MS, notBeforeMs: 0 });
  lists[0]?.reply([]);
  expect(await first).toEqual([]);
  const second = cache.list({ sinceMs: NOW_MS - HOUR_MS, notBeforeMs: advance(-600_000) });
  lists[1]?.reply();
  expect(await second).toEqual([task("1")]);
});

test("callers that need a newer list than the current fetch share the next one", async () => {
  const { cache, lists, advance } = service();
  const first = cache.list({ sinceMs: NOW_MS, notBeforeMs: 0 });
  const later = advance(1_000);
  const newer = [
    cache.list({ sinceMs: NOW_MS, notBeforeMs: later }),
    cache.list({ sinceMs: NOW_MS, notBeforeMs: later }),
  ];
  expect(lists).toHaveLength(1);
  lists[0]?.reply([task("1")]);
  await nextTick();
  lists[1]?.reply([task("1"), task("2")]);
  expect(await first).toHaveLength(1);
  expect((await Promise.all(newer)).map((each) => each?.length)).toEqual([2, 2]);
  expect(lists).toHaveLength(2);
});

test("the window begins before the oldest requested time and ends after now, because clocks differ", async () => {
  const { cache, lists } = service();
  void cache.list({ sinceMs: NOW_MS - 2 * HOUR_MS, notBeforeMs: 0 });
  expect(lists[0]?.window.fromMs).toBeLessThan(NOW_MS - 2 * HOUR_MS);
  expect(lists[0]?.window.toMs).toBeGreaterThan(NOW_MS);
});

test("a list that does not reach back far enough is fetched again", async () => {
  const { cache, lists } = service();
  const near = cache.list({ sinceMs: NOW_MS - HOUR_MS, notBeforeMs: 0 });
  lists[0]?.reply();
  await near;
  void cache.list({ sinceMs: NOW_MS - 5 * HOUR_MS, notBeforeMs: 0 });
  expect(lists[1]?.window.fromMs).toBeLessThan(NOW_MS - 5 * HOUR_MS);
});

test("the window never reaches beyond the week that the service keeps", async () => {
  const { cache, lists } = service();
  void cache.list({ sinceMs: 0, notBeforeMs: 0 });
  expect(lists[0]?.window.fromMs).toBeGreaterThan(NOW_MS - WEEK_MS);
  expect(lists[0]?.window.fromMs).toBeLessThan(NOW_MS - WEEK_MS + HOUR_MS);
});

test("a task within reach is found in the list, an older one by its id, without a list", async () => {
  const old = task("9", NOW_MS - 2 * WEEK_MS);
  const { cache, lists, fetchedById } = service([task("1"), old]);
  const found = cache.find("1", { createdAtMs: NOW_MS - HOUR_MS, notBeforeMs: 0 });
  lists[0]?.reply();
  expect(await found).toEqual(task("1"));
  expect(fetchedById).toEqual([]);
  expect(await cache.find("9", { createdAtMs: old.createdAtMs, notBeforeMs: 0 })).toEqual(old);
  expect(fetchedById).toEqual(["9"]);
  expect(lists).toHaveLength(1);
});

test("when a list lags or fails, the task is fetched by id, and a failed list is not cached", async () => {
  const { cache, lists, fetchedById } = service([task("1")]);
  const lagging = cache.find("1", { createdAtMs: NOW_MS, notBeforeMs: 0 });
  lists[0]?.reply([]);
  expect(await lagging).toEqual(task("1"));
  const failing = cache.find("1", { createdAtMs: NOW_MS, notBeforeMs: NOW_MS + 1 });
  lists[1]?.reply(new Error("refused"));
  expect(await failing).toEqual(task("1"));
  expect(fetchedById).toEqual(["1", "1"]);
  const after = cache.list({ sinceMs: NOW_MS, notBeforeMs: 0 });
  lists[2]?.reply();
  expect(await after).toEqual([task("1")]);
});
