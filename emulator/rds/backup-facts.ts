import type { BackupFile, BackupType } from "../../provider/backup/backup-file";
import type { RangeSource } from "../../provider/backup/range-source";

/** Reads a backup's header; the provider's own reader in practice. */
export type ReadBackup = (source: RangeSource) => Promise<BackupFile>;

/** DescribeOssDownloads' word for the type of a backup. */
export type BackupKind = "Database" | "Differential_Database" | "Transaction_Log";

/** What decides about a restore, out of a backup's header; JSON, so LSNs are decimal text. */
export interface BackupFacts {
  /** Why nothing can be restored from it; undefined for a sound backup. */
  unreadable?: string;
  /** Null for file and partial backups and for what is no backup. */
  kind: BackupKind | null;
  databaseVersion: number | null;
  /** Size of the database on the instance's disk: RESTORE creates data and log files at full size. */
  restoredBytes: number;
  setGuid: string | null;
  differentialBaseGuid: string | null;
  firstLsn: string | null;
  lastLsn: string | null;
  /** The recovery forks its log belongs to, its own first; the end of the others is where they were left. */
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

/** Facts of a file that could not be read at all. */
export const unreadableFacts = (why: string): BackupFacts => ({ ...NO_FACTS, unreadable: why });

/**
 * The facts of the first backup set: RESTORE without FILE= takes it, and CreateMigrateTask cannot name another.
 *
 * Stripes and encrypted sets count as unreadable: an OssObjectPositions names one object, and the certificate is not on RDS.
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
