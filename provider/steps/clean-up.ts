import { type DbccAnswer, dbccAnswer, isCleanupDue, uploadedObjects } from "../decisions/cleanup";
import { PollPause } from "../decisions/poll-pause";
import { pollIntervalMs, requireBackup } from "../model/inputs";
import { type Job, warn } from "../session/job";
import { pollUntil } from "../session/poll-until";
import { deleteUploaded } from "./delete-objects";
import { fetchTask, recordTask } from "./follow-task";

/** The longest that one `up` waits for the DBCC result once the database is online; the next `up` continues. */
export const DBCC_PATIENCE_MS = 3_600_000;
/** Without a DBCC result for this long, none is expected: the objects stay, and no later run deletes them. */
export const DBCC_GIVEN_UP_MS = 24 * 3_600_000;

/** `cleanup: "afterOnline"`: deletes the objects that this program uploaded, once DBCC CHECKDB reports no damage. */
export async function cleanUp(job: Job): Promise<void> {
  const { inputs, progress, session } = job;
  const record = { ...progress, backup: inputs.backup };
  if (!isCleanupDue(record, inputs.cleanup)) return;
  const objects = uploadedObjects(record);
  const { bucket } = requireBackup(inputs);
  const names = objects.map(({ key }) => `oss://${bucket}/${key}`).join(", ");
  const answer = await waitForDbcc(job);
  if (answer === "none") {
    const endedMs = Date.parse(progress.finishedAt ?? "") || session.clock.now();
    if (endedMs > session.clock.now() - DBCC_GIVEN_UP_MS)
      return job.log.info(`${names} stays until DBCC CHECKDB has answered; the next pulumi up asks again`);
    progress.cleanedUp = false;
    return warn(job, `${names} was not deleted: DBCC CHECKDB did not answer within a day`);
  }
  if (answer === "damaged") {
    progress.cleanedUp = false;
    return warn(job, `${names} was not deleted: DBCC CHECKDB found damage in the restored database`);
  }
  const { done, left } = await deleteUploaded(session, inputs, bucket, objects);
  for (const message of left) job.log.info(message);
  if (!done) return;
  progress.cleanedUp = true;
  job.log.info(`deleted ${names}: ${progress.databaseName} is online and DBCC CHECKDB has found it sound`);
}

/** Polls the task until it shows a DBCC result; fetches once where `up` does not wait. */
async function waitForDbcc(job: Job): Promise<DbccAnswer> {
  const { inputs, progress, session, signal } = job;
  const { clock } = session;
  const { migrateTaskId } = progress;
  const currentAnswer = (): DbccAnswer => dbccAnswer(progress, inputs.checkDb);
  if (migrateTaskId === undefined) return currentAnswer();
  const { value } = await pollUntil(currentAnswer(), {
    fetchNext: async () => {
      const nowMs = clock.now();
      const { databaseName, startedAt } = progress;
      const createdAtMs = Date.parse(startedAt ?? "") || nowMs;
      const known = { taskId: migrateTaskId, databaseName, status: "", description: "", createdAtMs };
      const task = await fetchTask(job, known, nowMs);
      // The service has forgotten the task: what is recorded stays.
      if (task.status !== "") recordTask(job, task);
      return currentAnswer();
    },
    isDone: (answer) => answer !== "none",
    fetchesAtOnce: true,
    pause: new PollPause({ firstMs: pollIntervalMs(inputs) }),
    deadlineMs: inputs.wait === "submitted" ? 0 : Math.min(job.deadlineMs, clock.now() + DBCC_PATIENCE_MS),
    clock,
    signal,
  });
  return value;
}
