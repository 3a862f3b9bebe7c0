import { lowestCompatibility } from "../../model/engine-version";
import { any, type BaselineRule, when } from "./baseline-rule";

/** An older CHECKDB proves little about a backup that is taken now. */
const CHECKDB_DAYS = 14;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Database settings and states that matter for a migration. */
export const STATE: readonly BaselineRule[] = [
  {
    code: "SOURCE_MASTER_KEY",
    severity: "warning",
    find: ({ database }) =>
      when(
        database.isMasterKeyEncryptedByServer,
        "its master key is opened by a key of the source server (error 15581 afterwards)",
      ),
    remedy:
      "Have the master key's password ready; afterwards OPEN MASTER KEY DECRYPTION BY PASSWORD and ALTER MASTER KEY ADD ENCRYPTION BY SERVICE MASTER KEY.",
    source: "SQL Server and database encryption keys",
  },
  {
    code: "SOURCE_TRUSTWORTHY",
    severity: "warning",
    find: ({ database: { isTrustworthy, isChained } }) =>
      when(
        isTrustworthy === true || isChained === true,
        `it is ${[isTrustworthy && "TRUSTWORTHY", isChained && "in a cross-database ownership chain"].filter(Boolean).join(" and ")}, which a restore switches off`,
      ),
    remedy: "Set it again if something needs it; signing modules is the better way.",
    source: "TRUSTWORTHY database property; ALTER DATABASE SET DB_CHAINING",
  },
  {
    code: "SOURCE_NOT_WRITABLE",
    severity: "warning",
    find: ({ database: { isReadOnly, userAccess } }) => {
      const states = [isReadOnly && "READ_ONLY", userAccess !== null && userAccess !== "MULTI_USER" && userAccess];
      return any(
        states.filter((state) => typeof state === "string"),
        (list) => `it is ${list}, and so will the copy be`,
      );
    },
    remedy: "Freeze by stopping the application instead, or set the copy READ_WRITE and MULTI_USER afterwards.",
    source: "ALTER DATABASE SET; the state is part of a backup",
  },
  {
    code: "SOURCE_CHECKDB",
    severity: "warning",
    find: ({ database: { lastGoodCheckDb, state, notRead }, source }) => {
      if (state !== "ONLINE" || notRead.some(({ what }) => what === "lastGoodCheckDb")) return undefined;
      if (lastGoodCheckDb === null) return "no DBCC CHECKDB is known to have passed";
      const days = (Date.parse(`${source.server.takenAt}Z`) - Date.parse(`${lastGoodCheckDb}Z`)) / DAY_MS;
      return when(days > CHECKDB_DAYS, `the last DBCC CHECKDB that passed was on ${lastGoodCheckDb.slice(0, 10)}`);
    },
    remedy:
      "Run DBCC CHECKDB before the backup: a backup contains the damage, and RDS reports it only after the restore.",
    source: "DBCC CHECKDB (Transact-SQL)",
  },
  {
    code: "SOURCE_PAGE_VERIFY",
    severity: "warning",
    find: ({ database: { pageVerify } }) =>
      when(
        pageVerify !== null && pageVerify !== "CHECKSUM",
        `PAGE_VERIFY is ${pageVerify}: BACKUP WITH CHECKSUM cannot see damaged pages`,
      ),
    remedy:
      "Run DBCC CHECKDB before the backup; ALTER DATABASE … SET PAGE_VERIFY CHECKSUM for what is written from then on.",
    source: "ALTER DATABASE SET options, PAGE_VERIFY",
  },
  {
    code: "SOURCE_COMPATIBILITY",
    severity: "warning",
    find: ({ database: { compatibilityLevel: level }, engine }) => {
      const lowest = engine && lowestCompatibility(engine.major);
      return when(
        level !== null && lowest !== undefined && level < lowest,
        `its compatibility level ${level} becomes ${lowest}`,
      );
    },
    remedy: "Test the application at the new level first.",
    source: "ALTER DATABASE COMPATIBILITY_LEVEL",
  },
  {
    code: "SOURCE_SIMPLE",
    severity: "warning",
    find: ({ database }) =>
      when(
        database.recoveryModel === "SIMPLE",
        "it is in the SIMPLE recovery model: a full backup, and at most one differential, but no logs",
      ),
    remedy: "For a short stop switch to FULL before the full backup; for one full backup nothing is needed.",
    source: "Recovery models (SQL Server)",
  },
  {
    code: "SOURCE_AVAILABILITY_GROUP",
    severity: "warning",
    find: ({ database }) =>
      when(database.isInAvailabilityGroup, "it is in an availability group, which refuses READ_ONLY and SINGLE_USER"),
    remedy: "Freeze by stopping the application; back up on the primary unless the group prefers otherwise.",
    source: "Always On availability groups, restrictions",
  },
];
