import { summaryOf } from "../decisions/failure-notice";
import { hasOtherBackup, withoutTask } from "../decisions/run-record";
import { sourceNameFault } from "../decisions/source-name";
import { warnLateFiles } from "../increments/run-chain";
import { adoptedTask } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import type { MigrationOutputs } from "../model/outputs";
import type { Job } from "../session/job";
import { abortUnfinishedUploads } from "../steps/abort-uploads";
import { ensureObject } from "../steps/ensure-object";
import { ensureTask } from "../steps/ensure-task";
import { adoptDatabase, adoptTask } from "./adopt-existing";
import { recordedTask } from "./recorded-task";
import { requireRetry } from "./require-retry";

/** Returns the task to follow, or `finished` when the database is online already. */
export async function findOrCreateTask(
  job: Job,
  prior: MigrationOutputs | undefined,
): Promise<MigrateTask | "finished"> {
  const { inputs, progress } = job;
  if (prior?.status === "online") {
    progress.finishedAt = prior.finishedAt;
    warnLateFiles(job);
    return "finished";
  }
  // A failed increment does not end the migration: the task keeps the full backup and the increments applied so far.
  const isContinued = prior?.status !== "failed" || prior.chain?.reachedLsn !== undefined;
  if (prior?.migrateTaskId !== undefined && isContinued) return recordedTask(job, prior, prior.migrateTaskId);
  // Also after a failed run: its error may have asked the user to set `adopt` ("set `adopt` to the id of the right one").
  if (inputs.adopt === true) return adoptDatabase(job);
  const adopted = adoptedTask(inputs);
  if (adopted !== undefined) return adoptTask(job, adopted.taskId);

  if (prior?.status === "failed") await requireRetry(job, prior);
  else if (progress.firstFailure !== undefined) job.log.info(`retries after ${summaryOf(progress.firstFailure)}`);
  if (prior !== undefined && hasOtherBackup(inputs, prior)) await forgetObject(job, prior);
  const object = await ensureObject(job);
  // A preview without access to the backup could not compare the names.
  const fault = sourceNameFault(inputs, inputs.backup ?? "the backup", progress.backupInfo?.DatabaseName);
  if (fault !== undefined && prior?.migrateTaskId === undefined) throw fault;
  if (prior?.status === "failed") {
    progress.migrateTaskId = undefined;
    progress.finishedAt = undefined;
    progress.timeline = withoutTask(progress.timeline);
    progress.chain = undefined;
    progress.warnings.length = 0;
  }
  return ensureTask(job, object, prior?.status === "failed" ? prior.migrateTaskId : undefined);
}

/** Forgets the object of the previous backup, because another backup gets its own key. Aborts its unfinished uploads, whose parts are billed. */
async function forgetObject({ progress, session, log }: Job, prior: MigrationOutputs): Promise<void> {
  await abortUnfinishedUploads({ session, log }, prior);
  progress.uploadId = undefined;
  progress.objectKey = undefined;
  progress.objectCrc64 = undefined;
  progress.timeline = undefined;
  progress.firstFailure = undefined;
}
