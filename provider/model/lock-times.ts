/** How long submission locks hold; milliseconds. */
export interface LockTimes {
  /** A writer that has not sent CreateMigrateTask by then releases its lock. @default 30000 */
  sendWithinMs: number;
  /**
   * The age at which a lock without a task id expires. The difference to `sendWithinMs` covers the call itself and the time
   * until the list shows its task. @default 120000
   */
  expireAfterMs: number;
}

export const DEFAULT_LOCK_TIMES: LockTimes = { sendWithinMs: 30_000, expireAfterMs: 120_000 };
