import { sameDatabaseName } from "./database";
import { rdsFault } from "./rds-faults";

/** Limits that a test may lower; the defaults are the vendor's. */
export interface RdsLimits {
  /** "The maximum size of a backup file is 3 TB": decimal, the stricter reading, bytes. */
  bakFileBytes: number;
  perDatabaseAndDay: number;
  perInstanceAndDay: number;
}

export const DEFAULT_LIMITS: RdsLimits = { bakFileBytes: 3e12, perDatabaseAndDay: 20, perInstanceAndDay: 500 };

/** One accepted CreateMigrateTask. */
export interface Submission {
  instanceId: string;
  dbName: string;
  atMs: number;
}

export const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Refuses the migration that is one too many.
 *
 * The documents name no time zone for "a day": any 24 hours count, which no calendar day allows more than. Calls for
 * increments count as well (not documented).
 *
 * @throws RpcFault UploadLimitExceeded, ConcurrentTaskExceeded
 */
export function checkDailyLimits(next: Submission, earlier: readonly Submission[], limits: RdsLimits): void {
  const recent = earlier.filter((one) => one.instanceId === next.instanceId && one.atMs > next.atMs - DAY_MS);
  const ofDatabase = recent.filter((one) => sameDatabaseName(one.dbName, next.dbName));
  if (ofDatabase.length >= limits.perDatabaseAndDay) throw rdsFault("UploadLimitExceeded");
  if (recent.length >= limits.perInstanceAndDay) throw rdsFault("ConcurrentTaskExceeded");
}
