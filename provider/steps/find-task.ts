import type { ObjectFacts } from "../aliyun/object-store";
import { classifyTask } from "../decisions/classify-task";
import { findOwnTask, mayBeOwn, type OwnTask, type TaskMatch } from "../decisions/own-task";
import { migrationError } from "../errors/migration-error";
import { takesIncrements } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { isSameName } from "../model/names";
import { findDatabase } from "../session/databases";
import { type Job, warn } from "../session/job";
import { recordTask } from "./follow-task";

/** What to search for in the list of tasks. */
export interface TaskSearch {
  /** The task restores this object. */
  object: ObjectFacts;
  /** The task whose failure is recorded; it and earlier failures are ignored. */
  failedTaskId?: string;
  /** The oldest list that may be used, by when its fetch began; milliseconds since the epoch. @default now */
  notBeforeMs?: number;
}

/**
 * The migration's own task in the list of tasks; undefined when the list shows none, or the edition has no list.
 * @throws TASK_AMBIGUOUS, REPLACE_BLOCKED
 */
export async function findTask(job: Job, search: TaskSearch): Promise<MigrateTask | undefined> {
  const own = await searchTaskList(job, search);
  const { databaseName } = job.progress;
  if (own.kind === "unlisted") {
    job.session.run.unlisted.add(job.inputs.instanceId);
    return undefined;
  }
  if (own.kind === "ambiguous") throw migrationError("TASK_AMBIGUOUS", { database: databaseName, tasks: own.taskIds });
  if (own.kind === "none") return undefined;
  if (own.kind === "stillThere") {
    // Record the task first, so that the failed replacement keeps the state as it was.
    recordTask(job, own.task);
    throw migrationError("REPLACE_BLOCKED", { database: databaseName, instance: job.inputs.instanceId });
  }
  if (!own.certain && classifyTask(own.task).kind !== "failed") {
    warn(
      job,
      `Migration task ${own.task.taskId} was matched to this migration by its database name and time; the service does not report which file it restores.`,
    );
  }
  job.log.info(`continues migration task ${own.task.taskId} (${own.task.status})`);
  return own.task;
}

async function searchTaskList(job: Job, search: TaskSearch): Promise<OwnTask | { kind: "unlisted" }> {
  const { inputs, session, progress } = job;
  const { object, failedTaskId, notBeforeMs = session.clock.now() } = search;
  const { databaseName } = progress;
  const wanted = { databaseName, objectLastModifiedMs: object.lastModifiedMs };
  const taskList = session.lookups.taskList(inputs, inputs.instanceId);
  // Without a readable time of the object, the list reaches as far back as possible.
  const listed = await taskList.list({ sinceMs: object.lastModifiedMs || 0, notBeforeMs });
  if (listed === undefined) return { kind: "unlisted" };
  const knownMs = listed.find(({ taskId }) => taskId === failedTaskId)?.createdAtMs;
  const possible = listed.filter((task) => mayBeOwn(task, wanted) && !isKnownFailure(task, failedTaskId, knownMs));
  const candidates: TaskMatch[] = [];
  for (const task of possible) {
    const files = await session.clients.rds(inputs).listTaskFiles(inputs.instanceId, task.taskId);
    candidates.push({ task, fileNames: files?.map((file) => file.fileName) });
  }
  const succeeded = possible.some((task) => classifyTask(task).kind === "online");
  const databasePresent = succeeded && (await findDatabase(job, notBeforeMs)) !== undefined;
  return findOwnTask({
    ...wanted,
    objectKey: object.key,
    databasePresent,
    candidates,
    retired: session.run.retiredTasks,
  });
}

/** The recorded failure, or one before it: an earlier failed task of the object would otherwise count as this run's. */
const isKnownFailure = (
  task: MigrateTask,
  failedTaskId: string | undefined,
  knownMs = Number.NEGATIVE_INFINITY,
): boolean => task.taskId === failedTaskId || (classifyTask(task).kind === "failed" && task.createdAtMs <= knownMs);

/**
 * Whether the list contains every task of this migration: on most editions, for full backups that are opened at once. The
 * documentation says "only migration tasks created to migrate full backup files", which leaves open whether the list includes
 * the full backup of a database that waits for increments (UPDF). A task found there is used, but its absence proves nothing.
 */
export const listIsComplete = ({ inputs, session }: Job): boolean =>
  !session.run.unlisted.has(inputs.instanceId) && !takesIncrements(inputs);

/** A running task that restores another object into the database of this name; undefined when the list shows none. */
export async function findForeignTask(job: Job): Promise<MigrateTask | undefined> {
  const { inputs, session, progress } = job;
  const now = session.clock.now();
  const listed = await session.lookups
    .taskList(inputs, inputs.instanceId)
    .list({ sinceMs: now - WEEK_MS, notBeforeMs: now });
  return listed?.find(
    (task) =>
      isSameName(task.databaseName, progress.databaseName) && !["online", "failed"].includes(classifyTask(task).kind),
  );
}

/** The service lists one week of tasks. */
const WEEK_MS = 7 * 24 * 3_600_000;
