import type { BackupFacts } from "./backup-facts";

/** How far a database is restored. LSNs (log sequence numbers) are decimal text, because the state is JSON. */
export interface RestorePoint {
  lastLsn: string;
  /** BackupSetGUID of the restored full backup, the required base of a differential. */
  fullSetGuid: string | null;
  /** The database's recovery fork; null when the headers do not contain it. */
  forkId: string | null;
}

export type Applied = { point: RestorePoint } | { failure: string };

/** Returns the restore point after a full backup; null when its header has no LSNs. */
export function restorePointAfterFull(full: BackupFacts): RestorePoint | null {
  if (full.lastLsn === null) return null;
  return { lastLsn: full.lastLsn, fullSetGuid: full.setGuid, forkId: full.forks[0]?.id ?? null };
}

/**
 * Applies a differential or log backup as RESTORE does.
 *
 * With p the last restored LSN, a log is applied when FirstLSN ≤ p < LastLSN. A differential is applied when its base
 * is the restored full backup and its LastLSN is greater than p. An empty log (FirstLSN = LastLSN) is therefore refused
 * as too early, where SQL Server would process 0 pages; clients need not send one. RDS documents "too recent"; the
 * other texts are SQL Server's (messages 4326, 3136 and 4330), which RDS is assumed to pass on.
 */
export function applyIncrement(point: RestorePoint | null, increment: BackupFacts): Applied {
  const { kind, firstLsn, lastLsn } = increment;
  if (point === null || firstLsn === null || lastLsn === null) {
    return { failure: "The log sequence numbers of the backups are missing." };
  }
  return kind === "Transaction_Log"
    ? applyLog(point, { ...increment, firstLsn, lastLsn })
    : applyDifferential(point, { ...increment, firstLsn, lastLsn });
}

type Increment = BackupFacts & { firstLsn: string; lastLsn: string };

function applyLog(point: RestorePoint, log: Increment): Applied {
  const end = "RESTORE LOG is terminating abnormally.";
  const restored = BigInt(point.lastLsn);
  if (BigInt(log.firstLsn) > restored) {
    return {
      failure: `The log in this backup set begins at LSN ${log.firstLsn}, which is too recent to apply to the database. ${end}`,
    };
  }
  if (BigInt(log.lastLsn) <= restored) {
    return {
      failure: `The log in this backup set terminates at LSN ${log.lastLsn}, which is too early to apply to the database. ${end}`,
    };
  }
  if (!continuesFork(point, log)) {
    return {
      failure: `This backup set cannot be applied because it is on a recovery path that is inconsistent with the database. ${end}`,
    };
  }
  return { point: { ...point, lastLsn: log.lastLsn, forkId: log.forks[0]?.id ?? point.forkId } };
}

/** Whether the log continues the database's recovery fork, or a fork that branched off at or after the restored LSN. */
function continuesFork({ forkId, lastLsn }: RestorePoint, { forks }: Increment): boolean {
  const position = forks.findIndex(({ id }) => id === forkId);
  if (forkId === null || forks.length === 0 || position === 0) return true;
  const ancestor = forks[position];
  return ancestor !== undefined && BigInt(lastLsn) <= BigInt(ancestor.endLsn);
}

function applyDifferential(point: RestorePoint, differential: Increment): Applied {
  const end = "RESTORE DATABASE is terminating abnormally.";
  const hasSameBase = point.fullSetGuid === null || differential.differentialBaseGuid === point.fullSetGuid;
  if (!hasSameBase || BigInt(differential.lastLsn) <= BigInt(point.lastLsn)) {
    return {
      failure: `This differential backup cannot be restored because the database has not been restored to the correct earlier state. ${end}`,
    };
  }
  return { point: { ...point, lastLsn: differential.lastLsn, forkId: differential.forks[0]?.id ?? point.forkId } };
}
