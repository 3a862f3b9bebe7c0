import type { MigrationInputs } from "../model/inputs";
import type { ResourceLog } from "../model/log";
import type { MigrationProgress } from "../model/outputs";
import type { HandlerContext } from "./handler-context";
import type { Session } from "./session";

/** One run of one migration: the state that the steps of `create` or `update` share. */
export interface Job {
  readonly inputs: MigrationInputs;
  /** The outputs so far. Each step records its results at once, so that an error between two steps loses nothing. */
  readonly progress: MigrationProgress;
  readonly session: Session;
  /** The migration's rows in the engine's log. */
  readonly log: ResourceLog;
  /** Aborts when the run ends: the engine has exited, or the process received a stop signal. */
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

/** Returns the members of a job that come from the handler's context. */
export const runOf = ({ session, log, signal }: HandlerContext): Pick<Job, "session" | "log" | "signal"> => ({
  session,
  log,
  signal,
});

/** Logs a warning and adds it to the outputs, once. */
export function warn(job: Pick<Job, "progress" | "log">, message: string): void {
  if (job.progress.warnings.includes(message)) return;
  job.progress.warnings.push(message);
  job.log.warning(message);
}

/** Records the time of a stage in the timeline, unless the stage already has one. */
export function recordTime(
  { progress, session }: Pick<Job, "progress" | "session">,
  stage: keyof NonNullable<MigrationProgress["timeline"]>,
  atMs = session.clock.now(),
): void {
  progress.timeline ??= {};
  progress.timeline[stage] ??= new Date(atMs).toISOString();
}
