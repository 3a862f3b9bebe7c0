import type { MigrationInputs } from "../model/inputs";
import type { MigrationProgress } from "../model/outputs";
import type { Session } from "./session";

/** One run of one migration: what the steps share while `create` or `update` is under way. */
export interface Job {
  readonly inputs: MigrationInputs;
  /** What is known so far. Each step writes down what it learnt at once, so that an error between two steps loses nothing. */
  readonly progress: MigrationProgress;
  readonly session: Session;
  /** Aborts when the run is over: the engine is gone, or the process was told to stop. */
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

/** Shows what is going on, in the Info column of the resource. */
export const showStatus = (job: Job, message: string): void =>
  job.session.engine.log("status", job.inputs.resourceUrn, message);

export const showInfo = (job: Pick<Job, "session"> & { inputs: Partial<MigrationInputs> }, message: string): void =>
  job.session.engine.log("info", job.inputs.resourceUrn, message);

/** A warning is shown and kept: it stands in the outputs, once. */
export function warn(job: Job, message: string): void {
  if (job.progress.warnings.includes(message)) return;
  job.progress.warnings.push(message);
  job.session.engine.log("warning", job.inputs.resourceUrn, message);
}
