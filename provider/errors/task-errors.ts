import { type CatalogueEntry, entry, type MatchRule } from "./catalogue-entry";
import { OR_DROP } from "./message-text";
import { PAGES } from "./vendor-pages";

/** A migration task that ended as Failed, with the service's own description. */
export interface TaskFault {
  database: string;
  taskId: string;
  description: string;
}

const DOCUMENT = "ApsaraDB RDS for SQL Server, Migrate full backup data: common errors";

interface Failed extends Pick<CatalogueEntry<TaskFault>, "remedy" | "retry" | "recheck"> {
  /** Matches the description. */
  says?: RegExp;
  /** A sentence on the cause, after the description. */
  cause?: string;
}

/** An entry for a failed task. `fact` is the cause in a few words, for the first line. */
const failed = (fact: string, { says, cause, ...advice }: Failed): CatalogueEntry<TaskFault> =>
  entry<TaskFault>({
    summary: (e) => `the migration of ${e.database} failed: ${fact}.`,
    details: (e) => [`Migration task ${e.taskId}: "${e.description}"`, ...(cause === undefined ? [] : [cause])],
    quota: "one",
    source: DOCUMENT,
    link: PAGES.fullMigration,
    ...(says === undefined ? {} : { match: { description: says } }),
    ...advice,
  });

/** What a failed migration task means, by its description. */
export const taskErrors = {
  TASK_DATABASE_EXISTS: failed("its name is taken", {
    says: /is already exist on RDS/i,
    cause: "A database of that name is already on the instance.",
    remedy: `Check what that database holds. Choose another databaseName, or rename the database on RDS, and run pulumi up again. ${OR_DROP}`,
    retry: "afterFix",
    recheck: "databaseName",
  }),
  TASK_NOT_FULL_BACKUP: failed("not a full backup", {
    says: /we only accept a FULL backup/i,
    remedy: "Give the full backup of the database as [backup].",
    retry: "never",
  }),
  TASK_NOT_INCREMENT: failed("not an increment", {
    says: /we only accept transaction log or differential/i,
    cause: "The file is a full backup; a differential or log backup was expected.",
    remedy: "Give the differential or log backups that follow the full one.",
    retry: "never",
  }),
  TASK_VERIFY_FAILED: failed("the file is unsound", {
    says: /failed to verify/i,
    cause: "The file is damaged, or of a newer SQL Server than the instance.",
    remedy:
      "Run RESTORE VERIFYONLY on the source. If it fails, take a new full backup and run pulumi up again. If it passes, compare the versions: a backup restores only to the same or a newer one.",
    retry: "never",
  }),
  TASK_CHECKDB_FAILED: failed("it is damaged", {
    says: /DBCC checkdb/i,
    cause: "The consistency check found damage in the restored database.",
    remedy: "Run DBCC CHECKDB on the source, repair the database, and take a new full backup.",
    retry: "never",
  }),
  TASK_NO_SPACE: failed("the disk is full", {
    says: /not enough disk space/i,
    cause: "The instance needs room for the data files, the log files at full size and the backup itself.",
    remedy: "Enlarge the instance's storage, then run pulumi up again.",
    retry: "afterFix",
    recheck: "space",
  }),
  TASK_URL_EXPIRED: failed("the signed URL expired", {
    says: /OSS URL was expired/i,
    cause: "It expired before RDS had read the file (SQL Server 2008 R2).",
    remedy:
      "Run pulumi up again: it signs a new URL. With temporary credentials the URL expires with them: use longer ones.",
    retry: "passes",
  }),
  TASK_OPEN_FAILED: failed("it does not open", {
    says: /failed to open database/i,
    cause: "The database was restored. Usually it uses a feature that the instance's edition lacks.",
    remedy:
      "On the source, SELECT * FROM sys.dm_db_persisted_sku_features shows such features. Remove them and take a new full backup, or use an Enterprise instance.",
    retry: "never",
  }),
  TASK_LOG_TOO_RECENT: failed("a log is missing", {
    says: /too recent to apply/i,
    cause: "A log backup between this one and the last restored one is missing.",
    remedy: "Supply the missing log backup first.",
    retry: "never",
  }),
  TASK_RESTORE_ENDED: failed("RESTORE failed", {
    says: /is terminating abnormally/i,
    cause: "SQL Server could not apply the file; its words name the cause.",
    remedy:
      "If they mention LSNs, an earlier state or a recovery path, supply the file that follows the last restored one. Then run pulumi up again.",
    retry: "never",
  }),
  TASK_DATABASE_COUNT: failed("too many databases", {
    says: /databases count limitation/i,
    cause: "The instance holds as many databases as its class allows.",
    remedy:
      "Use a larger instance class, or migrate into another instance. Then run pulumi up again. Drop databases only if nobody needs them: their data is then lost.",
    retry: "afterFix",
    recheck: "databaseCount",
  }),
  TASK_TERMINATED: failed("its task was ended", {
    // Not SQL Server's "RESTORE … is terminating abnormally".
    says: /\bterminated\b/i,
    cause: "The task was ended from outside this program.",
    remedy: "Run pulumi up again to submit it anew.",
    retry: "passes",
  }),
  TASK_FAILED: failed("unknown cause", {
    cause: "This version of the package does not know this description.",
    remedy:
      "Check the task in the console (Backup and Restoration, View File Details) and remove the cause. Then change retryTrigger in the program and run pulumi up again.",
    retry: "never",
  }),
};

/** In the order of the table: the first pattern that matches counts. */
const DESCRIPTIONS = Object.entries<{ match?: MatchRule }>(taskErrors).flatMap(([code, { match }]) =>
  match?.description === undefined ? [] : [[match.description, code as keyof typeof taskErrors] as const],
);

/** The entry of a description: the service's texts as documented, matched without case. */
export const taskErrorCode = (description: string): keyof typeof taskErrors =>
  DESCRIPTIONS.find(([pattern]) => pattern.test(description))?.[1] ?? "TASK_FAILED";
