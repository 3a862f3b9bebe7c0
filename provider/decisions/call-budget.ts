/**
 * "Each database can be migrated 20 times a day." It is not documented whether increments count; assumed that they do.
 */
const CALLS_A_DAY = 20;
/** Calls reserved for the last log and for retries until the cutover; design value. */
const RESERVED_CALLS = 4;
const DAY_MS = 24 * 3_600_000;

export interface CallBudget {
  /** Number of files that may be sent now. */
  left: number;
  /** When the oldest counted call is a day old; undefined while calls are left. */
  nextAtMs?: number;
}

/**
 * Calls left today for one database. The time zone of the day is not documented; the last 24 hours are the worst case
 * of every calendar day.
 */
export function callBudget(sentAtMs: readonly number[], nowMs: number, forCutover: boolean): CallBudget {
  const recent = sentAtMs.filter((atMs) => atMs > nowMs - DAY_MS).sort((one, other) => one - other);
  const allowed = forCutover ? CALLS_A_DAY : CALLS_A_DAY - RESERVED_CALLS;
  const left = Math.max(0, allowed - recent.length);
  const oldest = recent[recent.length - allowed];
  return left > 0 || oldest === undefined ? { left } : { left, nextAtMs: oldest + DAY_MS };
}
