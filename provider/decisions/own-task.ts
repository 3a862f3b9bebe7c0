import type { MigrateTask } from "../model/migrate-task";
import { isSameName } from "../model/names";
import { classifyTask } from "./classify-task";

/** A task as the list shows it, with the names of its files where the service tells them. */
export interface TaskMatch {
  task: MigrateTask;
  /** Undefined: DescribeOssDownloads does not answer here. */
  fileNames: readonly string[] | undefined;
}

export interface OwnTaskInput {
  databaseName: string;
  objectKey: string;
  objectLastModifiedMs: number;
  /** Whether the instance shows an open database of that name now. */
  databasePresent: boolean;
  candidates: readonly TaskMatch[];
  /** Tasks that belong to a migration which this run has just deleted: as results they count no more. */
  retired: ReadonlySet<string>;
}

export type OwnTask =
  | { kind: "none" }
  | { kind: "own"; task: MigrateTask; certain: boolean }
  /** The database that a deleted migration of this run brought is still there: it can be recorded, not migrated again. */
  | { kind: "stillThere"; task: MigrateTask }
  | { kind: "ambiguous"; taskIds: string[] };

/** How far the clocks of OSS and RDS may differ; design value, the documents name none. */
const CLOCK_TOLERANCE_MS = 15 * 60_000;

/** Tasks that may be this migration's by what the list alone tells: the database's name, and not older than the object. */
export function mayBeOwn(task: MigrateTask, question: { databaseName: string; objectLastModifiedMs: number }): boolean {
  const sameName = isSameName(task.databaseName, question.databaseName);
  // An unreadable CreateTime is no proof of age: such a task stays in question, which errs on the side of one task.
  const notOlder = !(task.createdAtMs < question.objectLastModifiedMs - CLOCK_TOLERANCE_MS);
  return sameName && notOlder;
}

/**
 * Whose task is it? CreateMigrateTask takes no client token and the list names no object, so a task is this migration's if
 * its database, its time and, where the service tells them, its file fit. A live one is taken before a finished one; a
 * Success whose database is gone counts as none; of several that cannot be told apart none is taken.
 */
export function findOwnTask(question: OwnTaskInput): OwnTask {
  const fileName = question.objectKey.slice(question.objectKey.lastIndexOf("/") + 1);
  const fitting = question.candidates.filter(
    ({ task, fileNames }) =>
      mayBeOwn(task, question) && (fileNames === undefined || fileNames.length === 0 || fileNames.includes(fileName)),
  );
  const live = fitting.filter(({ task }) => ["running", "waiting", "unrecognised"].includes(classifyTask(task).kind));
  if (live.length > 0) return pick(live);
  const isOnline = ({ task }: TaskMatch) => question.databasePresent && classifyTask(task).kind === "online";
  const deleted = fitting.filter(({ task }) => question.retired.has(task.taskId)).filter(isOnline);
  if (deleted.length > 0) return { kind: "stillThere", task: newest(deleted).task };
  const ended = fitting.filter(({ task }) => !question.retired.has(task.taskId));
  const succeeded = ended.filter(isOnline);
  if (succeeded.length > 0) return { kind: "own", task: newest(succeeded).task, certain: isCertain(newest(succeeded)) };
  const failed = ended.filter(({ task }) => classifyTask(task).kind === "failed");
  if (failed.length > 0) return { kind: "own", task: newest(failed).task, certain: isCertain(newest(failed)) };
  return { kind: "none" };
}

function pick(live: readonly TaskMatch[]): OwnTask {
  const [only] = live;
  if (live.length === 1 && only !== undefined) return { kind: "own", task: only.task, certain: isCertain(only) };
  return { kind: "ambiguous", taskIds: live.map(({ task }) => task.taskId) };
}

const isCertain = ({ fileNames }: TaskMatch): boolean => fileNames !== undefined && fileNames.length > 0;

const newest = (candidates: readonly TaskMatch[]): TaskMatch =>
  candidates.reduce((best, each) => (each.task.createdAtMs > best.task.createdAtMs ? each : best));
