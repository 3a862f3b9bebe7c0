import type { BackupFacts } from "./backup-facts";

/** How far a restoring database has come. LSNs are decimal text, so that the state stays JSON. */
export interface RestorePoint {
  lastLsn: string;
  /** BackupSetGUID of the restored full backup, the base a differential must have. */
  fullSetGuid: string | null;
  /** The recovery fork it is on; null when the headers do not tell. */
  forkId: string | null;
}

export type Applied = { point: RestorePoint } | { failure: string };

/** The point after a full backup; null when the header does not tell its LSNs. */
export function restorePointAfterFull(full: BackupFacts): RestorePoint | null {
  if (full.lastLsn === null) return null;
  return { lastLsn: full.lastLsn, fullSetGuid: full.setGuid, forkId: full.forks[0]?.id ?? null };
}

/**
 * Applies a differential or log backup as RESTORE does.
 *
 * With p the last LSN restored, a log is applied when FirstLSN ≤ p < LastLSN; a differential when its base is the restored full
 * backup and it reaches beyond p. An empty log (FirstLSN = LastLSN) is therefore refused as contained, where SQL Server would
 * process 0 pages: nobody needs to send one. "too recent" is documented by RDS; the other texts are SQL Server's (messages 4326, 3136
 * and 4330), which RDS passes on (assumed).
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

/** The log is of the database's own recovery fork, or of one that left it no earlier than the database has come. */
function continuesFork({ forkId, lastLsn }: RestorePoint, { forks }: Increment): boolean {
  const position = forks.findIndex(({ id }) => id === forkId);
  if (forkId === null || forks.length === 0 || position === 0) return true;
  const left = forks[position];
  return left !== undefined && BigInt(lastLsn) <= BigInt(left.endLsn);
}

function applyDifferential(point: RestorePoint, differential: Increment): Applied {
  const end = "RESTORE DATABASE is terminating abnormally.";
  const based = point.fullSetGuid === null || differential.differentialBaseGuid === point.fullSetGuid;
  if (!based || BigInt(differential.lastLsn) <= BigInt(point.lastLsn)) {
    return {
      failure: `This differential backup cannot be restored because the database has not been restored to the correct earlier state. ${end}`,
    };
  }
  return { point: { ...point, lastLsn: differential.lastLsn, forkId: differential.forks[0]?.id ?? point.forkId } };
}
