import { type MigrationInputs, repeatedInputs, takesIncrements } from "../model/inputs";
import type { MigrateTask } from "../model/migrate-task";
import type { MigrationOutputs, MigrationProgress, Timeline } from "../model/outputs";
import { reported } from "./failure-notice";

/** What these decisions need of a run. */
interface RunFacts {
  inputs: MigrationInputs;
  progress: MigrationProgress;
}

/** Returns the outputs that a run starts with: the recorded ones, without those that each run sets anew. */
export function startProgress(
  databaseName: string,
  prior: MigrationOutputs | undefined,
  nowMs: number,
): MigrationProgress {
  const started = prior?.startedAt ?? new Date(nowMs).toISOString();
  if (prior === undefined) return { databaseName, status: "uploading", startedAt: started, warnings: [] };
  const { statusText, migrateTaskId, objectKey, objectCrc64, sizeBytes, dataAsOf, backupInfo, files, uploadId } = prior;
  const { nextLsn, lag, readyForCutover, cutoverObstacles, cleanedUp, timeline } = prior;
  return {
    databaseName: prior.databaseName,
    status: prior.status,
    startedAt: started,
    warnings: [...(prior.warnings ?? [])],
    firstFailure: reported(prior.firstFailure ?? prior.failure),
    retriedAfter: prior.retriedAfter,
    ...{ statusText, migrateTaskId, objectKey, objectCrc64, sizeBytes, dataAsOf, backupInfo, files, uploadId },
    ...{ nextLsn, lag, readyForCutover, cutoverObstacles, cleanedUp, timeline: timeline && { ...timeline } },
    ...(prior.chain === undefined ? {} : { chain: structuredClone(prior.chain) }),
  };
}

/** Returns the outputs of a run. A success ends the record of earlier failures. */
export const outputsOf = ({ inputs, progress }: RunFacts): MigrationOutputs => ({
  ...repeatedInputs(inputs),
  ...progress,
  ...(progress.status === "online" ? { firstFailure: undefined, retriedAfter: undefined } : {}),
});

/** Whether this run was the first to see the task fail. A failed task no longer needs its submission lock. */
export const isNewTaskFailure = (
  { status, migrateTaskId }: MigrationProgress,
  prior: MigrationOutputs | undefined,
): boolean =>
  status === "failed" &&
  migrateTaskId !== undefined &&
  !(prior?.status === "failed" && prior.migrateTaskId === migrateTaskId);

/** Also true after the program removed `increments`: the database stays closed until a separate call opens it. */
export const waitsForIncrements = ({ inputs, progress }: RunFacts, task: MigrateTask): boolean =>
  takesIncrements(inputs) || progress.chain !== undefined || (task.backupMode === "UPDF" && inputs.adopt === undefined);

/** Keeps the times of the upload, because a new task uses the same object. */
export const withoutTask = ({ uploadStartedAt, uploadFinishedAt }: Timeline = {}): Timeline => ({
  uploadStartedAt,
  uploadFinishedAt,
});

export const hasOtherBackup = (inputs: MigrationInputs, prior: MigrationOutputs): boolean =>
  inputs.backupId !== undefined && prior.backupId !== undefined && inputs.backupId !== prior.backupId;
