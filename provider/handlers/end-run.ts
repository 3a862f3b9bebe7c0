import { firstFailureLine, recordFailure } from "../decisions/failure-notice";
import { mustReport } from "../decisions/resubmission";
import { outputsOf } from "../decisions/run-record";
import { isMigrationError } from "../errors/migration-error";
import { PlainError } from "../errors/plain-error";
import { failureText } from "../model/failure-text";
import { InitError } from "../model/init-error";
import { DEFAULT_TIMEOUT, repeatedInputs } from "../model/inputs";
import { existsInCloud, type MigrationOutputs, type MigrationProgress, migrationId } from "../model/outputs";
import type { PlainObject } from "../model/plain";
import { STATUS_HINT } from "../model/status-command";
import type { Job } from "../session/job";
import { explainFailure } from "../steps/explain-failure";
import { describeFailure } from "../steps/failure";
import { StillFailed } from "./require-retry";

export interface ConvergeRequest {
  job: Job;
  /** The inputs as the host sent them, with `__provider`: an init error has to return them. */
  hostInputs: PlainObject;
  /** The recorded outputs; absent for a create. */
  prior?: MigrationOutputs;
}

/** Whether the state has or needs a record of the migration, so that its error must carry the outputs. */
const isRecorded = ({ job, prior }: ConvergeRequest): boolean => prior !== undefined || existsInCloud(job.progress);

/**
 * Returns the outputs of a run that reached its point.
 * @throws InitError with them when a refresh had found a failure that no run has reported. The outcome reports a deferred one.
 */
export function endRun(request: ConvergeRequest): MigrationOutputs {
  const { job, prior } = request;
  const { inputs, progress } = job;
  const outputs = outputsOf(job);
  if (prior?.failure === undefined || inputs.deferred === true || !mustReport(prior, inputs)) return outputs;
  const next = `Submitted again: migration task ${progress.migrateTaskId ?? "?"} (${progress.statusText ?? progress.status}).`;
  throw initError({ ...request, outputs }, [failureText(prior.failure), next].join("\n"));
}

export const timeoutReason = ({ inputs }: Job): string => `not finished within ${inputs.timeout ?? DEFAULT_TIMEOUT}`;

export function stillRunning({ job, hostInputs }: ConvergeRequest, why: string): InitError {
  const reason = `${job.progress.databaseName}: ${why}; ${describeProgress(job.progress)}. Run pulumi up again: it continues from here.`;
  return initError({ job, hostInputs }, [reason, ...firstFailureLine(job.progress)].join("\n"));
}

function describeProgress({
  status,
  migrateTaskId,
  databaseName,
  statusText,
  objectKey = "the backup",
}: MigrationProgress): string {
  if (migrateTaskId !== undefined)
    return `migration task ${migrateTaskId} of ${databaseName} continues on the service (${statusText ?? "?"})`;
  return status === "uploaded"
    ? `${objectKey} is uploaded, and no migration task is recorded for it yet`
    : `the upload of ${objectKey} is unfinished`;
}

/** Returns the error that ends an incomplete run: an InitError with the outputs when something exists, a plain error when nothing does. */
export async function errorOf(request: ConvergeRequest, error: unknown): Promise<unknown> {
  const { job } = request;
  const { progress, signal } = job;
  if (error instanceof InitError) return error;
  // Only the end of the run or the timeout stops an upload.
  const isTimeout = isMigrationError(error) && error.code === "UPLOAD_STOPPED" && !signal.aborted;
  if (isTimeout) return stillRunning(request, timeoutReason(job));
  if (signal.aborted) {
    const why = signal.reason instanceof Error ? signal.reason.message : "stopped";
    return isRecorded(request) ? stillRunning(request, why) : new PlainError(`${progress.databaseName}: ${why}`);
  }
  const failure =
    error instanceof StillFailed
      ? error.failure
      : await explainFailure(
          { session: job.session, scope: job.inputs, notBeforeMs: job.session.clock.now() },
          describeFailure(error),
        );
  // Only an update reads a recorded failure.
  if (failure === undefined)
    return initError(request, `${progress.databaseName} failed in an earlier run; the state does not record why`);
  const refusedByRds = progress.status === "uploaded" && isMigrationError(error) && error.retry !== "passes";
  if (refusedByRds) progress.status = "failed";
  // A refused replacement leaves a record that is online, which is not a failed migration.
  if (progress.status !== "online") Object.assign(progress, recordFailure(progress, failure));
  const reason = [failureText(failure), ...firstFailureLine(progress)].join("\n");
  // A deferred migration is always recorded.
  if (!isRecorded(request) && job.inputs.deferred !== true) return new PlainError(reason);
  return initError(request, reason, error);
}

/**
 * Includes the host's inputs for `__provider`. The job's inputs take precedence: a task belongs to the backup it was created for.
 * `outputs` are the progress of the run unless they are given.
 */
function initError(
  { job, hostInputs, outputs }: ConvergeRequest & { outputs?: MigrationOutputs },
  reason: string,
  cause?: unknown,
): InitError {
  const { inputs, progress } = job;
  const id = migrationId(inputs.instanceId, progress.databaseName);
  return new InitError(
    id,
    repeatedInputs({ ...hostInputs, ...inputs }),
    outputs ?? progress,
    [withStatusHint(job, reason)],
    cause,
  );
}

/** Adds the status command to the first error of a run. The errors of deferred migrations leave it to their outcome. */
function withStatusHint({ inputs, session }: Job, reason: string): string {
  if (inputs.deferred === true || session.run.logged.has(STATUS_HINT)) return reason;
  session.run.logged.add(STATUS_HINT);
  return `${reason}\n${STATUS_HINT}`;
}
