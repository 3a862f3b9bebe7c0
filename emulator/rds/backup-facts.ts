import type { BackupFile, BackupType } from "../../provider/backup/backup-file";
import type { RangeSource } from "../../provider/backup/range-source";

/** Reads a backup's header; by default the provider's reader. */
export type ReadBackup = (source: RangeSource) => Promise<BackupFile>;

/** The backup types of DescribeOssDownloads. */
export type BackupKind = "Database" | "Differential_Database" | "Transaction_Log";

/**
 * The facts of a backup's header that decide about its restore. They are stored as JSON, so LSNs (log sequence numbers)
 * are decimal text.
 */
export interface BackupFacts {
  /** Why the backup cannot be restored; undefined for a valid backup. */
  unreadable?: string;
  /** Null for file backups, partial backups and files that are not backups. */
  kind: BackupKind | null;
  databaseVersion: number | null;
  /** Size of the restored database on the instance's disk, bytes: RESTORE creates data and log files at full size. */
  restoredBytes: number;
  setGuid: string | null;
  differentialBaseGuid: string | null;
  firstLsn: string | null;
  lastLsn: string | null;
  /**
   * The recovery forks of its log, the current one first. `endLsn` of an earlier fork is where the next fork branches
   * off.
   */
  forks: { id: string; endLsn: string }[];
}

const KIND_BY_TYPE: Partial<Record<BackupType, BackupKind>> = {
  1: "Database",
  2: "Transaction_Log",
  5: "Differential_Database",
};

const NO_FACTS = {
  kind: null,
  databaseVersion: null,
  restoredBytes: 0,
  setGuid: null,
  differentialBaseGuid: null,
  firstLsn: null,
  lastLsn: null,
  forks: [],
} satisfies BackupFacts;

/** The facts of a file that cannot be read. */
export const unreadableFacts = (why: string): BackupFacts => ({ ...NO_FACTS, unreadable: why });

/**
 * Extracts the facts of the first backup set: RESTORE without FILE= restores it, and CreateMigrateTask cannot select
 * another.
 *
 * Stripes and encrypted sets count as unreadable: OssObjectPositions names a single object, and RDS does not have the
 * certificate.
 */
export function factsOf(file: BackupFile): BackupFacts {
  const set = file.sets[0];
  const families = file.media?.FamilyCount ?? 1;
  if (file.container === null || set === undefined) {
    return unreadableFacts(file.problems[0]?.message ?? "no backup set in it");
  }
  return {
    kind: (set.BackupType === null ? undefined : KIND_BY_TYPE[set.BackupType]) ?? null,
    databaseVersion: set.DatabaseVersion,
    restoredBytes: set.files.reduce((sum, databaseFile) => sum + (databaseFile.Size ?? 0), 0) || (set.BackupSize ?? 0),
    setGuid: set.BackupSetGUID,
    differentialBaseGuid: set.DifferentialBaseGUID,
    firstLsn: set.FirstLSN?.toString() ?? null,
    lastLsn: set.LastLSN?.toString() ?? null,
    forks: set.forks.map(({ RecoveryForkID, EndLSN }) => ({ id: RecoveryForkID, endLsn: EndLSN.toString() })),
    ...(families > 1 ? { unreadable: `one of ${families} stripes` } : {}),
    ...(file.encrypted === true ? { unreadable: "encrypted" } : {}),
    ...(file.media?.IsPasswordProtected === true || set.IsPasswordProtected === true
      ? { unreadable: "password-protected" }
      : {}),
    ...(file.problems[0] === undefined ? {} : { unreadable: file.problems[0].message }),
  };
}
