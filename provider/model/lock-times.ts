/** How long claims hold, milliseconds. */
export interface LockTimes {
  /** A writer that has not sent CreateMigrateTask by then gives its claim up. @default 30000 */
  sendWithinMs: number;
  /**
   * A claim without a task that is older is void. The difference to `sendWithinMs` is for the call on its way and for the
   * list to show its task. @default 120000
   */
  voidAfterMs: number;
}

export const DEFAULT_LOCK_TIMES: LockTimes = { sendWithinMs: 30_000, voidAfterMs: 120_000 };
