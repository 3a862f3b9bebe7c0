/** Time limits of submission locks, milliseconds. */
export interface LockTimes {
  /** A holder that has not sent CreateMigrateTask within this time releases its lock. @default 30000 */
  sendWithinMs: number;
  /**
   * An older lock without a task has expired. The difference to `sendWithinMs` is the time for a call in flight to arrive and
   * for its task to appear in the list. @default 120000
   */
  voidAfterMs: number;
}

export const DEFAULT_LOCK_TIMES: LockTimes = { sendWithinMs: 30_000, voidAfterMs: 120_000 };
