import { migrationError } from "../errors/migration-error";
import { overwritesOnRestore } from "../model/engine-version";
import { takesIncrements } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import { findDatabase } from "../session/databases";
import type { Job } from "../session/job";
import { SHARED_FACTS_MAX_AGE_MS } from "../session/lookups";
import { classifyLock, type LockDecision } from "../submission-lock/classify-lock";
import type { FoundLock, LockStore } from "../submission-lock/lock-store";
import type { FoundLockDecision } from "../submission-lock/submit-once";
import { listIsComplete, type TaskSearch } from "./find-task";

/** What another run's lock of a full backup means when the list shows no task. @throws CLAIM_UNDECIDED */
export async function decideFoundLock(
  job: Job,
  search: TaskSearch,
  found: FoundLock,
  store: LockStore,
): Promise<FoundLockDecision<MigrateTask>> {
  const decision = await fetchAndClassify(job, search, found);
  switch (decision.kind) {
    case "task": {
      const { task } = decision;
      job.log.info(
        `continues migration task ${task.taskId} (${task.status}), by the submission lock that an earlier or another run left in the bucket`,
      );
      return { kind: "existing", value: task };
    }
    case "ambiguous":
      throw migrationError("CLAIM_UNDECIDED", {
        ...store.errorValues(found),
        task: found.stored?.taskId,
        found: await describeEvidence(job),
      });
    default:
      return decision;
  }
}

async function fetchAndClassify(
  job: Job,
  { object, failedTaskId }: TaskSearch,
  { stored: lock, ageMs }: FoundLock,
): Promise<LockDecision> {
  const { inputs, session } = job;
  const taskId = lock?.taskId;
  const task =
    taskId === undefined ? undefined : await session.clients.rds(inputs).describeMigrateTask(inputs.instanceId, taskId);
  const { engineVersion } = await session.lookups.instance(inputs, inputs.instanceId);
  return classifyLock({
    lock,
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

/** What the task list and the database list show, for a person who has to decide. */
async function describeEvidence(job: Job): Promise<string> {
  const { inputs, session, progress } = job;
  const { databaseName } = progress;
  const list = session.run.unlisted.has(inputs.instanceId)
    ? "the edition lists no migration tasks"
    : `the task list shows no task of ${databaseName}${takesIncrements(inputs) ? ", but may omit tasks that wait for increments" : ""}`;
  const database = await findDatabase(job, session.clock.now() - SHARED_FACTS_MAX_AGE_MS);
  const presence =
    database === undefined
      ? `the database ${databaseName} does not exist`
      : `the database ${database.name} exists (${database.status})`;
  return `${list}; ${presence}`;
}
