import type { ObjectFacts } from "../aliyun/object-store";
import { classifyTask } from "../decisions/classify-task";
import { findOwnTask, mayBeOwn } from "../decisions/own-task";
import type { MigrationInputs } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { SHARED_FACTS_MAX_AGE_MS } from "../session/lookups";
import type { Session } from "../session/session";
import { openLock } from "../submission-lock/job-locks";

export interface OwnTaskInput {
  inputs: Partial<MigrationInputs>;
  instanceId: string;
  databaseName: string;
  objectKey: string | undefined;
  /** This run replaces the resource: its own finished task does not explain a database of that name. */
  replaces: boolean;
}

/** A task that an earlier run submitted. */
export interface EarlierTask {
  taskId: string;
  hasSucceeded: boolean;
}

/** RDS lists the tasks of one week. */
const WEEK_MS = 7 * 24 * 3_600_000;

/**
 * The tasks of the last week, one cached list for all migrations of the instance; undefined where the edition does not
 * list tasks.
 */
export function recentTasks(session: Session, inputs: Partial<MigrationInputs>, instanceId: string) {
  const now = session.clock.now();
  // Always the whole week: a window for each migration would need a list for each.
  const window = { sinceMs: now - WEEK_MS, notBeforeMs: now - SHARED_FACTS_MAX_AGE_MS };
  return session.lookups.taskList(inputs, instanceId).list(window);
}

/** The task of this migration that an earlier run submitted but did not record, because it was killed. */
export async function findEarlierTask(session: Session, input: OwnTaskInput): Promise<EarlierTask | undefined> {
  const { inputs, instanceId, databaseName, objectKey, replaces } = input;
  if (objectKey === undefined || inputs.bucket === undefined) return undefined;
  const object = await session.clients.store(inputs).headObject(inputs.bucket, objectKey);
  if (object === undefined) return undefined;
  const { lastModifiedMs: objectLastModifiedMs } = object;
  const listed = (await recentTasks(session, inputs, instanceId)) ?? [];
  const possible = listed.filter((task) => mayBeOwn(task, { databaseName, objectLastModifiedMs }));
  const candidates = await Promise.all(
    possible.map(async (task) => {
      const files = await session.clients.rds(inputs).listTaskFiles(instanceId, task.taskId);
      return { task, fileNames: files?.map(({ fileName }) => fileName) };
    }),
  );
  const own = findOwnTask({
    ...{ databaseName, objectKey, objectLastModifiedMs, candidates },
    databasePresent: true,
    retired: new Set(),
  });
  const task = own.kind === "own" ? own.task : await lockedTask(session, input, object);
  if (task === undefined) return undefined;
  const { kind } = classifyTask(task);
  const ended = kind === "online" || kind === "failed";
  return replaces && ended ? undefined : { taskId: task.taskId, hasSucceeded: kind === "online" };
}

/**
 * The task recorded in an earlier run's submission lock. It is found even without a task list, or with an ambiguous
 * one.
 */
async function lockedTask(
  session: Session,
  { inputs, instanceId, databaseName }: OwnTaskInput,
  { bucket, key: objectKey, crc64 }: ObjectFacts,
): Promise<MigrateTask | undefined> {
  const target = { bucket, objectKey, instanceId, databaseName };
  const lock = (await openLock({ session }, inputs, target).fetchNewest())?.stored;
  if (lock?.taskId === undefined || lock.crc64 !== crc64) return undefined;
  return session.clients.rds(inputs).describeMigrateTask(instanceId, lock.taskId);
}
