import type { RdsApi } from "../aliyun/rds-api";
import type { MigrateTask } from "../model/migrate-task";
import type { Clock } from "./clock";

/** The service keeps a week of tasks; asked a little less, so that its clock and ours may differ. */
const LIST_REACH_MS = 7 * 24 * 3_600_000 - 30 * 60_000;
/** Padding of the window at both ends: the service's clock may be ahead or behind, and its times have whole minutes. */
const WINDOW_PADDING_MS = 15 * 60_000;

/**
 * The migration tasks of one instance, looked at once for everybody: fifty migrations that wait share one list of all
 * pages instead of asking for fifty tasks. Tasks older than the list reaches, and instances that do not support the list
 * (2017 cluster edition), are asked for by id.
 */
export interface TaskListCache {
  /** Tasks of full backups created since then; undefined where there is no list. The look began at `notBeforeMs` or later. */
  list(options: { sinceMs: number; notBeforeMs: number }): Promise<MigrateTask[] | undefined>;
  /** One task as it stands; undefined when the service knows none of that id. */
  find(taskId: string, options: { createdAtMs: number; notBeforeMs: number }): Promise<MigrateTask | undefined>;
}

interface Look {
  beganMs: number;
  sinceMs: number;
  tasks: Promise<MigrateTask[] | undefined>;
  ended: boolean;
}

export function openTaskListCache(rds: RdsApi, instanceId: string, clock: Clock): TaskListCache {
  let held: Look | undefined;
  /** The look that begins when the one under way has ended; shared by all who need a newer one meanwhile. */
  let next: Promise<MigrateTask[] | undefined> | undefined;
  let earliestMs = Number.POSITIVE_INFINITY;

  const begin = (): Promise<MigrateTask[] | undefined> => {
    const now = clock.now();
    const fromMs = Math.max(earliestMs - WINDOW_PADDING_MS, now - LIST_REACH_MS);
    const tasks = rds.listMigrateTasks(instanceId, { fromMs, toMs: now + WINDOW_PADDING_MS });
    const look: Look = { beganMs: now, sinceMs: earliestMs, tasks, ended: false };
    held = look;
    tasks.then(
      () => {
        look.ended = true;
      },
      // A list that failed must not be handed to the next who asks; whoever waits for it gets the error.
      () => {
        if (held === look) held = undefined;
      },
    );
    return tasks;
  };

  const list: TaskListCache["list"] = ({ sinceMs, notBeforeMs }) => {
    earliestMs = Math.min(earliestMs, sinceMs);
    if (held === undefined) return begin();
    if (held.sinceMs <= sinceMs && held.beganMs >= notBeforeMs) return held.tasks;
    if (held.ended) return begin();
    next ??= held.tasks
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return begin();
      });
    return next;
  };

  return {
    list,
    async find(taskId, { createdAtMs, notBeforeMs }) {
      const inReach = createdAtMs > clock.now() - LIST_REACH_MS + WINDOW_PADDING_MS;
      // A list that is refused (it is not supported everywhere) says nothing about the task: ask for it by its id.
      const listed = inReach ? await list({ sinceMs: createdAtMs, notBeforeMs }).catch(() => undefined) : undefined;
      return listed?.find((task) => task.taskId === taskId) ?? rds.describeMigrateTask(instanceId, taskId);
    },
  };
}
