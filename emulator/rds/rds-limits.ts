import { sameDatabaseName } from "./database";
import { rdsFault } from "./rds-faults";

/** Limits of migrations. Tests can lower them; the defaults are the vendor's. */
export interface RdsLimits {
  /** Bytes. "The maximum size of a backup file is 3 TB" is read as decimal, the stricter interpretation. */
  bakFileBytes: number;
  perDatabaseAndDay: number;
  perInstanceAndDay: number;
}

export const DEFAULT_LIMITS: RdsLimits = { bakFileBytes: 3e12, perDatabaseAndDay: 20, perInstanceAndDay: 500 };

/** One accepted CreateMigrateTask call. */
export interface Submission {
  instanceId: string;
  dbName: string;
  atMs: number;
}

export const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Refuses a migration that exceeds a daily limit.
 *
 * The documents name no time zone for "a day", so the emulator counts the last 24 hours, which is at least as strict as
 * a calendar day. Increments count too (not documented).
 *
 * @throws RpcFault UploadLimitExceeded, ConcurrentTaskExceeded
 */
export function checkDailyLimits(next: Submission, earlier: readonly Submission[], limits: RdsLimits): void {
  const recent = earlier.filter((one) => one.instanceId === next.instanceId && one.atMs > next.atMs - DAY_MS);
  const ofDatabase = recent.filter((one) => sameDatabaseName(one.dbName, next.dbName));
  if (ofDatabase.length >= limits.perDatabaseAndDay) throw rdsFault("UploadLimitExceeded");
  if (recent.length >= limits.perInstanceAndDay) throw rdsFault("ConcurrentTaskExceeded");
}
