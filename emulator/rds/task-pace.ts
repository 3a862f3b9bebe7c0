import type { TimedStage } from "./migrate-task";

/** Each stage's share of a task's whole duration, per cent; from creation to Success they add up to 100. */
const SHARE: Record<TimedStage, number> = {
  queued: 5,
  downloading: 25,
  checking: 10,
  checked: 5,
  restoring: 40,
  opening: 15,
  // After Success: the asynchronous DBCC.
  verifying: 20,
};

/** How long a stage lasts, milliseconds, in a task that takes `taskMs` from its creation to Success. */
export const stageMs = (stage: TimedStage, taskMs: number): number => Math.round((taskMs * SHARE[stage]) / 100);
