import type { TimedStage } from "./migrate-task";

/** Each stage's share of a task's duration, percent. The stages from creation to Success add up to 100. */
const SHARE: Record<TimedStage, number> = {
  queued: 5,
  downloading: 25,
  checking: 10,
  checked: 5,
  restoring: 40,
  opening: 15,
  // The asynchronous DBCC runs after Success.
  verifying: 20,
};

/** Returns a stage's duration, milliseconds, for a task that takes `taskMs` from creation to Success. */
export const stageMs = (stage: TimedStage, taskMs: number): number => Math.round((taskMs * SHARE[stage]) / 100);
