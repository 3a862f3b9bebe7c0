import type { MigrateTask } from "../model/migrate-task";
import { isSameName } from "../model/names";
import { classifyTask } from "./classify-task";

/** A listed task with the names of its files. */
export interface TaskMatch {
  task: MigrateTask;
  /** Undefined where the edition does not support DescribeOssDownloads. */
  fileNames: readonly string[] | undefined;
}

export interface OwnTaskInput {
  databaseName: string;
  objectKey: string;
  objectLastModifiedMs: number;
  /** Whether the instance has an online database of that name now. */
  databasePresent: boolean;
  candidates: readonly TaskMatch[];
  /** Tasks of a migration that this run has deleted; their results do not count. */
  retired: ReadonlySet<string>;
}

export type OwnTask =
  | { kind: "none" }
  | { kind: "own"; task: MigrateTask; certain: boolean }
  /** The database of a migration that this run deleted still exists: it can be recorded, but not migrated again. */
  | { kind: "stillThere"; task: MigrateTask }
  | { kind: "ambiguous"; taskIds: string[] };

/** Maximum difference between the clocks of OSS and RDS. Design value; it is not documented. */
const CLOCK_TOLERANCE_MS = 15 * 60_000;

/** Whether a task can belong to this migration, by its list entry: same database name, not older than the object. */
export function mayBeOwn(task: MigrateTask, input: { databaseName: string; objectLastModifiedMs: number }): boolean {
  const sameName = isSameName(task.databaseName, input.databaseName);
  // A task with an unreadable CreateTime stays a candidate: finding one task too many is safer than submitting a
  // second.
  const notOlder = !(task.createdAtMs < input.objectLastModifiedMs - CLOCK_TOLERANCE_MS);
  return sameName && notOlder;
}

/**
 * Finds the task of this migration. CreateMigrateTask takes no client token and the list contains no object keys, so
 * the database name, the time and, where the service lists files, the file name have to match. Live tasks precede
 * finished ones. A successful task whose database no longer exists does not count. Several live matches are
 * `ambiguous`.
 */
export function findOwnTask(input: OwnTaskInput): OwnTask {
  const fileName = input.objectKey.slice(input.objectKey.lastIndexOf("/") + 1);
  const matching = input.candidates.filter(
    ({ task, fileNames }) =>
      mayBeOwn(task, input) && (fileNames === undefined || fileNames.length === 0 || fileNames.includes(fileName)),
  );
  const live = matching.filter(({ task }) => ["running", "waiting", "unrecognised"].includes(classifyTask(task).kind));
  if (live.length > 0) return onlyTask(live);
  const isOnline = ({ task }: TaskMatch) => input.databasePresent && classifyTask(task).kind === "online";
  const deleted = matching.filter(({ task }) => input.retired.has(task.taskId)).filter(isOnline);
  if (deleted.length > 0) return { kind: "stillThere", task: newest(deleted).task };
  const ended = matching.filter(({ task }) => !input.retired.has(task.taskId));
  const succeeded = ended.filter(isOnline);
  if (succeeded.length > 0) return { kind: "own", task: newest(succeeded).task, certain: isCertain(newest(succeeded)) };
  const failed = ended.filter(({ task }) => classifyTask(task).kind === "failed");
  if (failed.length > 0) return { kind: "own", task: newest(failed).task, certain: isCertain(newest(failed)) };
  return { kind: "none" };
}

function onlyTask(live: readonly TaskMatch[]): OwnTask {
  const [only] = live;
  if (live.length === 1 && only !== undefined) return { kind: "own", task: only.task, certain: isCertain(only) };
  return { kind: "ambiguous", taskIds: live.map(({ task }) => task.taskId) };
}

const isCertain = ({ fileNames }: TaskMatch): boolean => fileNames !== undefined && fileNames.length > 0;

const newest = (candidates: readonly TaskMatch[]): TaskMatch =>
  candidates.reduce((best, each) => (each.task.createdAtMs > best.task.createdAtMs ? each : best));
