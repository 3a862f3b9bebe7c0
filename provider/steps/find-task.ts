import type { ObjectFacts } from "../aliyun/object-store";
import { classifyTask } from "../decisions/classify-task";
import { findOwnTask, mayBeOwn, type OwnTask, type TaskMatch } from "../decisions/own-task";
import { migrationError } from "../errors/migration-error";
import { takesIncrements } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { findDatabase } from "../session/databases";
import { type Job, warn } from "../session/job";
import { recordTask } from "./follow-task";

/** What is looked for in the list of tasks. */
export interface TaskSearch {
  /** The task restores this object. */
  object: ObjectFacts;
  /** The task whose failure is recorded: it and the failures before it are known and count no more. */
  failedTaskId?: string;
  /** The look began then or later; milliseconds since the epoch. @default now */
  notBeforeMs?: number;
}

/**
 * The migration's own task, by the list of tasks; undefined when the list shows none, and where there is no list.
 * @throws TASK_AMBIGUOUS, REPLACE_BLOCKED
 */
export async function findTask(job: Job, search: TaskSearch): Promise<MigrateTask | undefined> {
  const own = await askWhoseTask(job, search);
  const { databaseName } = job.progress;
  if (own.kind === "unlisted") {
    job.session.run.unlisted.add(job.inputs.instanceId);
    return undefined;
  }
  if (own.kind === "ambiguous") throw migrationError("TASK_AMBIGUOUS", { database: databaseName, tasks: own.taskIds });
  if (own.kind === "none") return undefined;
  if (own.kind === "stillThere") {
    // Recorded first, so that the failed replacement leaves the state as it was.
    recordTask(job, own.task);
    throw migrationError("REPLACE_BLOCKED", { database: databaseName, instance: job.inputs.instanceId });
  }
  if (!own.certain && classifyTask(own.task).kind !== "failed") {
    warn(
      job,
      `Migration task ${own.task.taskId} was taken as this migration's by its database name and time; the service does not tell which file it restores.`,
    );
  }
  job.log.info(`continues migration task ${own.task.taskId} (${own.task.status})`);
  return own.task;
}

async function askWhoseTask(job: Job, search: TaskSearch): Promise<OwnTask | { kind: "unlisted" }> {
  const { inputs, session, progress } = job;
  const { object, failedTaskId, notBeforeMs = session.clock.now() } = search;
  const { databaseName } = progress;
  const question = { databaseName, objectLastModifiedMs: object.lastModifiedMs };
  const board = session.lookups.taskList(inputs, inputs.instanceId);
  // Without a readable time of the object, the list goes as far back as it can.
  const listed = await board.list({ sinceMs: object.lastModifiedMs || 0, notBeforeMs });
  if (listed === undefined) return { kind: "unlisted" };
  const possible = withoutKnownFailures(listed, failedTaskId).filter((task) => mayBeOwn(task, question));
  const candidates: TaskMatch[] = [];
  for (const task of possible) {
    const files = await session.clients.rds(inputs).listTaskFiles(inputs.instanceId, task.taskId);
    candidates.push({ task, fileNames: files?.map((file) => file.fileName) });
  }
  const succeeded = possible.some((task) => classifyTask(task).kind === "online");
  const databasePresent = succeeded && (await findDatabase(job, notBeforeMs)) !== undefined;
  return findOwnTask({
    ...question,
    objectKey: object.key,
    databasePresent,
    candidates,
    retired: session.run.retiredTasks,
  });
}

/** Two failures of one object are two tasks: if only the last were left out, the one before would be taken for the answer. */
function withoutKnownFailures(tasks: readonly MigrateTask[], failedTaskId: string | undefined): MigrateTask[] {
  const knownMs = tasks.find(({ taskId }) => taskId === failedTaskId)?.createdAtMs ?? Number.NEGATIVE_INFINITY;
  const isKnown = (task: MigrateTask) => classifyTask(task).kind === "failed" && task.createdAtMs <= knownMs;
  return tasks.filter((task) => task.taskId !== failedTaskId && !isKnown(task));
}

/**
 * Whether a task of this migration would stand in the list: on most editions, and for full backups that are opened at once.
 * The documents say of the list "only migration tasks created to migrate full backup files", which leaves open whether the
 * full backup of a database that waits for increments (UPDF) is among them; it is taken from there but never missed there.
 */
export const listIsComplete = ({ inputs, session }: Job): boolean =>
  !session.run.unlisted.has(inputs.instanceId) && !takesIncrements(inputs);

/** A live task that restores something else into the database of this name; undefined when the list shows none. */
export async function findForeignTask(job: Job): Promise<MigrateTask | undefined> {
  const { inputs, session, progress } = job;
  const now = session.clock.now();
  const listed = await session.lookups
    .taskList(inputs, inputs.instanceId)
    .list({ sinceMs: now - WEEK_MS, notBeforeMs: now });
  const wanted = progress.databaseName.toLowerCase();
  return listed?.find(
    (task) => task.databaseName.toLowerCase() === wanted && !["online", "failed"].includes(classifyTask(task).kind),
  );
}

/** As far back as the service lists. */
const WEEK_MS = 7 * 24 * 3_600_000;
