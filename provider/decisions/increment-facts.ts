import type { BackupSet } from "../backup/backup-file";
import type { ChainMember, RestoreFacts, RestorePoint } from "../backup/restore-path";
import type { ChainStart, Increment } from "../model/increment";
import { isSameName } from "../model/names";

/** An increment in the format of the chain planner. */
export interface IncrementMember extends ChainMember<RestoreFacts> {
  increment: Increment;
}

const lsn = (text: string | null | undefined): bigint | null =>
  text === null || text === undefined ? null : BigInt(text);

export function memberOf(increment: Increment): IncrementMember {
  const { file, type, forks = [] } = increment;
  return {
    file,
    increment,
    set: {
      BackupType: type === "DIFF" ? 5 : 2,
      FirstLSN: lsn(increment.firstLsn),
      LastLSN: lsn(increment.lastLsn),
      CheckpointLSN: null,
      DatabaseBackupLSN: lsn(increment.baseLsn),
      BackupSetGUID: increment.setGuid,
      RecoveryForkID: forks[0]?.id ?? null,
      DifferentialBaseGUID: increment.baseGuid ?? null,
      forks: forks.map(({ id, endLsn }) => ({ RecoveryForkID: id, EndLSN: BigInt(endLsn) })),
    },
  };
}

/** Converts a backup set to an increment; undefined when its header lacks a value that a chain needs. */
export function incrementOf(
  set: BackupSet,
  file: Pick<Increment, "file" | "named" | "sizeBytes" | "modifiedAt">,
): Increment | undefined {
  const { FirstLSN, LastLSN, BackupSetGUID, BackupType } = set;
  if (FirstLSN === null || LastLSN === null || BackupSetGUID === null) return undefined;
  const isDifferential = BackupType === 5;
  return {
    ...file,
    type: isDifferential ? "DIFF" : "LOG",
    setGuid: BackupSetGUID,
    firstLsn: FirstLSN.toString(),
    lastLsn: LastLSN.toString(),
    ...(isDifferential && set.DifferentialBaseGUID !== null ? { baseGuid: set.DifferentialBaseGUID } : {}),
    ...(isDifferential && set.DatabaseBackupLSN !== null ? { baseLsn: set.DatabaseBackupLSN.toString() } : {}),
    ...(set.forks.length === 0
      ? {}
      : { forks: set.forks.map(({ RecoveryForkID, EndLSN }) => ({ id: RecoveryForkID, endLsn: EndLSN.toString() })) }),
    ...(set.BackupStartDate === null ? {} : { startedAt: set.BackupStartDate }),
    ...(set.BackupFinishDate === null ? {} : { finishedAt: set.BackupFinishDate }),
    ...(set.HasNoRecovery === true ? { tail: true } : {}),
    ...(set.IsReadOnly === true ? { readOnly: true } : {}),
    ...(set.IsSingleUser === true ? { singleUser: true } : {}),
  };
}

/** Converts a full backup to the start of a chain; undefined when its header has no LSNs. */
export function chainStartOf(set: BackupSet | undefined): ChainStart | undefined {
  if (set === undefined || set.LastLSN === null) return undefined;
  return {
    setGuid: set.BackupSetGUID,
    lastLsn: set.LastLSN.toString(),
    checkpointLsn: set.CheckpointLSN?.toString() ?? null,
    forkId: set.RecoveryForkID,
    databaseName: set.DatabaseName,
    familyGuid: set.FamilyGUID,
    serverName: set.ServerName,
    createdAt: set.DatabaseCreationDate,
    ...(set.IsReadOnly === true ? { readOnly: true } : {}),
    ...(set.IsSingleUser === true ? { singleUser: true } : {}),
  };
}

/** The restore point after this full backup, or after `reached`. */
export const pointOf = (start: ChainStart, reached?: { lsn: string; forkId: string | null }): RestorePoint => ({
  lsn: BigInt(reached?.lsn ?? start.lastLsn),
  forkId: reached?.forkId ?? start.forkId,
  full: { setGuid: start.setGuid, checkpointLsn: lsn(start.checkpointLsn) },
});

/**
 * Whether a backup set comes from the database that the chain started with: by family where known, else by server and
 * creation date.
 */
export function isOfChain(start: ChainStart, set: BackupSet): boolean {
  const sameServer =
    start.serverName !== null && set.ServerName !== null && isSameName(start.serverName, set.ServerName);
  if (start.familyGuid === null || set.FamilyGUID === null)
    return (
      isSameName(start.databaseName ?? "", set.DatabaseName ?? "") &&
      sameServer &&
      start.createdAt === set.DatabaseCreationDate
    );
  // A copy that was restored on another server and changed keeps the family, but shares neither fork nor server.
  const sameFork = start.forkId !== null && set.forks.some(({ RecoveryForkID }) => RecoveryForkID === start.forkId);
  return start.familyGuid === set.FamilyGUID && (sameFork || sameServer);
}
