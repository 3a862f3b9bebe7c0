import type { RdsApi } from "../aliyun/rds-api";
import type { MigrateTask } from "../model/migrate-task";
import { type Clock, isRecent } from "./clock";

/** The service keeps tasks for a week. The window is 30 minutes shorter, because its clock and ours may differ. */
const LIST_REACH_MS = 7 * 24 * 3_600_000 - 30 * 60_000;
/** Padding at both ends of the window: the service's clock may differ, and its times have whole minutes. */
const WINDOW_PADDING_MS = 15 * 60_000;

/**
 * The cached migration tasks of one instance: fifty waiting migrations share one list of all pages instead of fetching fifty
 * tasks. Tasks that are too old for the list, and tasks of instances that do not support it (2017 cluster edition), are fetched
 * by id.
 */
export interface TaskListCache {
  /** Tasks of full backups created since `sinceMs`, from a list fetched at `notBeforeMs` or later; undefined where the list is not supported. */
  list(options: { sinceMs: number; notBeforeMs: number }): Promise<MigrateTask[] | undefined>;
  /** One task in its current state; undefined when the service does not know the id. */
  find(taskId: string, options: { createdAtMs: number; notBeforeMs: number }): Promise<MigrateTask | undefined>;
}

interface Fetch {
  startedMs: number;
  sinceMs: number;
  tasks: Promise<MigrateTask[] | undefined>;
  ended: boolean;
}

/** @param onList gets the tasks of each list */
export function openTaskListCache(
  rds: RdsApi,
  instanceId: string,
  clock: Clock,
  onList: (tasks: readonly MigrateTask[]) => void = () => {},
): TaskListCache {
  let latest: Fetch | undefined;
  /** The fetch that starts after the current one; shared by all callers that need a newer list. */
  let next: Promise<MigrateTask[] | undefined> | undefined;
  let earliestMs = Number.POSITIVE_INFINITY;

  const startFetch = (): Promise<MigrateTask[] | undefined> => {
    const now = clock.now();
    const fromMs = Math.max(earliestMs - WINDOW_PADDING_MS, now - LIST_REACH_MS);
    const tasks = rds.listMigrateTasks(instanceId, { fromMs, toMs: now + WINDOW_PADDING_MS });
    const fetch: Fetch = { startedMs: now, sinceMs: earliestMs, tasks, ended: false };
    latest = fetch;
    tasks.then(
      (fetched = []) => {
        fetch.ended = true;
        onList(fetched);
      },
      // A failed list must not be served to later callers; those that already wait for it get the error.
      () => {
        if (latest === fetch) latest = undefined;
      },
    );
    return tasks;
  };

  const list: TaskListCache["list"] = ({ sinceMs, notBeforeMs }) => {
    earliestMs = Math.min(earliestMs, sinceMs);
    if (latest === undefined) return startFetch();
    if (latest.sinceMs <= sinceMs && isRecent(latest.startedMs, notBeforeMs, clock.now())) return latest.tasks;
    if (latest.ended) return startFetch();
    next ??= latest.tasks
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return startFetch();
      });
    return next;
  };

  return {
    list,
    async find(taskId, { createdAtMs, notBeforeMs }) {
      const inReach = createdAtMs > clock.now() - LIST_REACH_MS + WINDOW_PADDING_MS;
      // If the list fails or is not supported, fetch the task by its id.
      const listed = inReach ? await list({ sinceMs: createdAtMs, notBeforeMs }).catch(() => undefined) : undefined;
      return listed?.find((task) => task.taskId === taskId) ?? rds.describeMigrateTask(instanceId, taskId);
    },
  };
}
