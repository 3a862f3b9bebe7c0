import { randomUUID } from "node:crypto";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { overwritesOnRestore } from "../model/engine-version";
import { pollIntervalMs, requireBackup, takesIncrements } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { findDatabase } from "../session/databases";
import { type Job, warn } from "../session/job";
import { SHARED_FACTS_MAX_AGE_MS } from "../session/lookups";
import { classifyLock, type LockDecision } from "../submission-lock/classify-lock";
import { releaseLock } from "../submission-lock/job-locks";
import { type FoundLock, type HeldLock, isHeld, type LockStore } from "../submission-lock/lock-store";
import { findTask, listIsComplete, type TaskSearch } from "./find-task";

/** Between two looks at somebody's claim at first; each later pause is twice as long, up to a quarter of a minute. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 15_000;

/** Whether this run may send CreateMigrateTask, or has a task already. */
export type Acquisition =
  | { kind: "task"; task: MigrateTask }
  /** `claim` is undefined where none can be written. */
  | { kind: "send"; claim: HeldLock | undefined };

/**
 * Waits for the right to send CreateMigrateTask: claims it, then looks whether somebody was resolveConflict. In this order: a task
 * that came about before the claim stands in the list by now, and none comes about after it.
 * @throws CLAIM_UNDECIDED, CLAIM_HELD, and what findTask throws
 */
export async function acquireSubmission(job: Job, desk: LockStore, search: TaskSearch): Promise<Acquisition> {
  const wish = { crc64: search.object.crc64, writer: randomUUID() };
  let pauseMs = Math.min(pollIntervalMs(job.inputs), FIRST_PAUSE_MS);
  let taken = await tryAcquire(job, () => desk.take(wish));
  for (;;) {
    if (taken === undefined || isHeld(taken)) return confirmNoTask(job, desk, search, taken);
    const found = taken;
    job.signal.throwIfAborted();
    const task = await findTask(job, search);
    if (task !== undefined) return { kind: "task", task };
    const verdict = await judge(job, search, found);
    switch (verdict.kind) {
      case "task":
        job.log.info(
          `continues migration task ${verdict.task.taskId} (${verdict.task.status}), by the claim that an earlier or another run left in the bucket`,
        );
        return verdict;
      case "ambiguous":
        throw migrationError("CLAIM_UNDECIDED", { ...claimValues(job, desk, found), found: await whatShows(job) });
      case "void":
        taken = await tryAcquire(job, () => desk.take(wish, found));
        break;
      case "wait": {
        const { clock } = job.session;
        if (clock.now() + verdict.ms > job.deadlineMs)
          throw migrationError("CLAIM_HELD", claimValues(job, desk, found));
        job.log.status("waiting for the task of another run that has claimed this backup, or for the end of its claim");
        await clock.sleep(Math.min(pauseMs, verdict.ms), job.signal);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
        job.signal.throwIfAborted();
        taken = await tryAcquire(job, () => desk.take(wish));
      }
    }
  }
}

/** The look that a claim, or the lack of the right to write one, leads to. */
async function confirmNoTask(
  job: Job,
  desk: LockStore,
  search: TaskSearch,
  claim: HeldLock | undefined,
): Promise<Acquisition> {
  try {
    job.signal.throwIfAborted();
    const task = await findTask(job, { ...search, notBeforeMs: await oldestLookMs(job, claim) });
    if (task === undefined) {
      if (claim === undefined) warnNotFetched(job);
      return { kind: "send", claim };
    }
    await releaseLock(desk, claim);
    return { kind: "task", task };
  } catch (error) {
    await releaseLock(desk, claim);
    throw error;
  }
}

/**
 * How old the look behind a claim may be. A task that no claim shows was created before this claim by somebody who has taken
 * his own away since: when his migration had settled. A member of an InstanceMigration returns before that and leaves its
 * claim to a later run, so under the first claim of its object a recent list that all members share is enough. Five hundred
 * of them would otherwise read all pages hundreds of times. What was never claimed (the console, the vendor's script) RDS
 * tells by its refusal; not 2008 R2, which restores over what is there.
 */
async function oldestLookMs({ inputs, session }: Job, claim: HeldLock | undefined): Promise<number> {
  const nowMs = session.clock.now();
  if (inputs.deferred !== true || claim?.generation !== 1) return nowMs;
  // What this run has deleted, and perhaps ended, would still run in an older list.
  if (session.run.retiredTasks.size > 0) return nowMs;
  const { engineVersion } = await session.lookups.instance(inputs, inputs.instanceId);
  return overwritesOnRestore(engineVersion) ? nowMs : nowMs - SHARED_FACTS_MAX_AGE_MS;
}

/** Neither a claim nor a list: said, and kept in the outputs. */
function warnNotFetched(job: Job): void {
  const { instanceId } = job.inputs;
  if (!job.session.run.unlisted.has(instanceId)) return;
  warn(
    job,
    `${instanceId} does not list migration tasks (its edition does not support it), and no claim can be left in the bucket: a task that an earlier run created without recording it could not be looked for. RDS refuses a second one while the database is there.`,
  );
}

/** Undefined where the bucket may only be read: said once a run, and the service's list and refusals have to do alone. */
export async function tryAcquire<T>(job: Job, take: () => Promise<T>): Promise<T | undefined> {
  const { session, inputs } = job;
  const { bucket } = requireBackup(inputs);
  if (session.run.bucketsWithoutLocks.has(bucket)) return undefined;
  try {
    return await take();
  } catch (error) {
    if (!isMigrationError(error) || error.code !== "OSS_ACCESS_DENIED") throw error;
    session.run.bucketsWithoutLocks.add(bucket);
    job.log.warning(
      `${bucket} may not be written to, so this run leaves no submission locks there.
Only the task list and RDS's refusals keep two runs at once from creating two tasks. ${error.message}`,
    );
    return undefined;
  }
}

async function judge(job: Job, { object, failedTaskId }: TaskSearch, found: FoundLock): Promise<LockDecision> {
  const { inputs, session } = job;
  const { claim, ageMs } = found;
  const taskId = claim?.taskId;
  const task =
    taskId === undefined ? undefined : await session.clients.rds(inputs).describeMigrateTask(inputs.instanceId, taskId);
  const { engineVersion } = await session.lookups.instance(inputs, inputs.instanceId);
  return classifyLock({
    claim,
    ageMs,
    times: session.lockTimes,
    crc64: object.crc64,
    task,
    isKnown: taskId !== undefined && (taskId === failedTaskId || session.run.retiredTasks.has(taskId)),
    listIsComplete: listIsComplete(job),
    databasePresent: (await findDatabase(job, session.clock.now())) !== undefined,
    overwrites: overwritesOnRestore(engineVersion),
  });
}

/** What the list of tasks and that of databases show, where that is not enough. */
async function whatShows(job: Job): Promise<string> {
  const { inputs, session, progress } = job;
  const { databaseName } = progress;
  const list = session.run.unlisted.has(inputs.instanceId)
    ? "the edition lists no migration tasks"
    : `the task list shows no task of ${databaseName}${takesIncrements(inputs) ? ", but may omit tasks that wait for increments" : ""}`;
  const database = await findDatabase(job, session.clock.now() - SHARED_FACTS_MAX_AGE_MS);
  const there =
    database === undefined
      ? `the database ${databaseName} does not exist`
      : `the database ${database.name} exists (${database.status})`;
  return `${list}; ${there}`;
}

function claimValues({ inputs, progress }: Job, desk: LockStore, { claim, generation, ageMs }: FoundLock) {
  return {
    database: progress.databaseName,
    instance: inputs.instanceId,
    claim: `oss://${desk.place.bucket}/${desk.key(generation)}`,
    claimedAt: claim?.claimedAt ?? `${Math.round(ageMs / 1000)} s ago`,
    task: claim?.taskId,
  };
}
