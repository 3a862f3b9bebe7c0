import type { MigrationInputs } from "../model/inputs";
import type { ResourceLog } from "../model/log";
import type { MigrationProgress } from "../model/outputs";
import type { HandlerContext } from "./handler-context";
import type { Session } from "./session";

/** One run of one migration: what the steps share while `create` or `update` is under way. */
export interface Job {
  readonly inputs: MigrationInputs;
  /** What is known so far. Each step records what it learnt at once, so that an error between two steps loses nothing. */
  readonly progress: MigrationProgress;
  readonly session: Session;
  /** The migration's rows in the engine's log. */
  readonly log: ResourceLog;
  /** Aborts when the run is over: the engine is gone, or the process was asked to stop. */
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

/** What a job takes from the call that it belongs to. */
export const runOf = ({ session, log, signal }: HandlerContext): Pick<Job, "session" | "log" | "signal"> => ({
  session,
  log,
  signal,
});

/** Shows a warning and keeps it in the outputs, once. */
export function warn(job: Pick<Job, "progress" | "log">, message: string): void {
  if (job.progress.warnings.includes(message)) return;
  job.progress.warnings.push(message);
  job.log.warning(message);
}

/** Adds the time of a stage to the timeline; the first time counts. */
export function recordTime(
  { progress, session }: Pick<Job, "progress" | "session">,
  stage: keyof NonNullable<MigrationProgress["timeline"]>,
  atMs = session.clock.now(),
): void {
  progress.timeline ??= {};
  progress.timeline[stage] ??= new Date(atMs).toISOString();
}
