import { type DbccAnswer, dbccAnswer, isCleanupDue, uploadedObjects } from "../decisions/cleanup";
import { pollIntervalMs, requireBackup } from "../model/inputs";
import { type Job, warn } from "../session/job";
import { deleteUploaded } from "./delete-objects";
import { fetchTask, recordTask } from "./follow-task";

/** The longest that one `up` waits for DBCC once the database is online; the next `up` asks again. */
export const DBCC_PATIENCE_MS = 3_600_000;
/** A check that has not answered for so long will not: the objects stay, and nothing asks for them any more. */
export const DBCC_GIVEN_UP_MS = 24 * 3_600_000;

/** `cleanup: "afterOnline"`: deletes the objects that this program uploaded once DBCC has found the database sound. */
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

/** Looks at the task until DBCC has answered; once only where `up` waits for nothing. */
async function waitForDbcc(job: Job): Promise<DbccAnswer> {
  const { inputs, progress, session, signal } = job;
  const { migrateTaskId } = progress;
  const untilMs = inputs.wait === "submitted" ? 0 : Math.min(job.deadlineMs, session.clock.now() + DBCC_PATIENCE_MS);
  for (let isFirst = true; ; isFirst = false) {
    const answer = dbccAnswer(progress, inputs.checkDb);
    const nowMs = session.clock.now();
    if (answer !== "none" || migrateTaskId === undefined || (!isFirst && nowMs >= untilMs)) return answer;
    if (!isFirst) await session.clock.sleep(Math.min(pollIntervalMs(inputs), untilMs - nowMs), signal);
    signal.throwIfAborted();
    const createdAtMs = Date.parse(progress.startedAt ?? "") || nowMs;
    const known = {
      taskId: migrateTaskId,
      databaseName: progress.databaseName,
      status: "",
      description: "",
      createdAtMs,
    };
    const seen = await fetchTask(job, known, session.clock.now());
    // Not known to the service any more: what it said last stays.
    if (seen.status !== "") recordTask(job, seen);
  }
}
