/** "Each database can be migrated 20 times a day." Whether increments count is not documented: it is assumed that they do. */
const CALLS_A_DAY = 20;
/** Of these, what is kept for the last log and for retries until the cutover is asked for; design value. */
const CALLS_KEPT = 4;
const DAY_MS = 24 * 3_600_000;

export interface CallBudget {
  /** How many more files may be sent now. */
  left: number;
  /** When the first of the calls that count is a day old; undefined while some are left. */
  nextAtMs?: number;
}

/**
 * What is left of the day's calls for one database. In which time zone the day begins is not documented; any 24 hours hold
 * every calendar day's calls, so they are the worst case.
 */
export function callBudget(sentAtMs: readonly number[], nowMs: number, forCutover: boolean): CallBudget {
  const recent = sentAtMs.filter((atMs) => atMs > nowMs - DAY_MS).sort((one, other) => one - other);
  const allowed = forCutover ? CALLS_A_DAY : CALLS_A_DAY - CALLS_KEPT;
  const left = Math.max(0, allowed - recent.length);
  const oldest = recent[recent.length - allowed];
  return left > 0 || oldest === undefined ? { left } : { left, nextAtMs: oldest + DAY_MS };
}
