import { type CatalogueEntry, entry, type MatchRule } from "./catalogue-entry";
import { PAGES } from "./vendor-pages";

/** A migration task that ended as Failed, with the service's own description. */
export interface TaskFault {
  database: string;
  taskId: string;
  description: string;
}

const DOCUMENT = "ApsaraDB RDS for SQL Server, Migrate full backup data: common errors";

const failed = (
  cause: string,
  { says, ...advice }: Pick<CatalogueEntry<TaskFault>, "remedy" | "retry" | "recheck"> & { says?: RegExp },
): CatalogueEntry<TaskFault> =>
  entry<TaskFault>({
    message: (e) => `Migration task ${e.taskId} of the database ${e.database} failed: "${e.description}" ${cause}`,
    quota: "one",
    source: DOCUMENT,
    link: PAGES.fullMigration,
    ...(says === undefined ? {} : { match: { description: says } }),
    ...advice,
  });

/** What a failed migration task says, by its description. */
export const taskErrors = {
  TASK_DATABASE_EXISTS: failed("A database of that name is already on the instance.", {
    says: /is already exist on RDS/i,
    remedy: "Drop or rename that database on RDS, or choose another databaseName, then run pulumi up again.",
    retry: "afterFix",
    recheck: "databaseName",
  }),
  TASK_NOT_FULL_BACKUP: failed("The file is not a full backup.", {
    says: /we only accept a FULL backup/i,
    remedy: "Give the full backup of the database as [backup].",
    retry: "never",
  }),
  TASK_NOT_INCREMENT: failed("The file is a full backup where a differential or log backup was expected.", {
    says: /we only accept transaction log or differential/i,
    remedy: "Give the differential or log backups that follow the full one.",
    retry: "never",
  }),
  TASK_VERIFY_FAILED: failed(
    "RDS could not verify the file: it is damaged, or of a newer SQL Server than the instance.",
    {
      says: /failed to verify/i,
      remedy:
        "Run RESTORE VERIFYONLY on the source. If that passes, compare the versions: a backup restores only to the same or a newer one.",
      retry: "never",
    },
  ),
  TASK_CHECKDB_FAILED: failed("DBCC CHECKDB found damage in the restored database.", {
    says: /DBCC checkdb/i,
    remedy: "Run DBCC CHECKDB on the source, repair what it finds, and take a new full backup.",
    retry: "never",
  }),
  TASK_NO_SPACE: failed("The instance's disk has no room for the restored files.", {
    says: /not enough disk space/i,
    remedy:
      "Enlarge the instance's storage (data files, log files at full size and the backup itself count), then run pulumi up again.",
    retry: "afterFix",
    recheck: "space",
  }),
  TASK_URL_EXPIRED: failed("The signed URL of the backup ended before RDS had read the file (SQL Server 2008 R2).", {
    says: /OSS URL was expired/i,
    remedy:
      "Run pulumi up again: it signs a new URL. With temporary credentials the URL ends with them: use longer ones.",
    retry: "passes",
  }),
  TASK_OPEN_FAILED: failed(
    "The database was restored but cannot be opened; usually it uses a feature that the instance's edition lacks.",
    {
      says: /failed to open database/i,
      remedy:
        "On the source, SELECT * FROM sys.dm_db_persisted_sku_features shows such features; remove them, or use an Enterprise instance.",
      retry: "never",
    },
  ),
  TASK_LOG_TOO_RECENT: failed("A log backup between this one and the last one restored is missing.", {
    says: /too recent to apply/i,
    remedy: "Supply the missing log backup first.",
    retry: "never",
  }),
  TASK_RESTORE_ENDED: failed("SQL Server could not apply the file.", {
    says: /is terminating abnormally/i,
    remedy:
      "Its words name the cause. Where they speak of LSNs, of an earlier state or of a recovery path, supply the file that follows what is restored; then run pulumi up again.",
    retry: "never",
  }),
  TASK_DATABASE_COUNT: failed("The instance holds as many databases as it may.", {
    says: /databases count limitation/i,
    remedy: "Drop databases that are not needed, or use a larger instance class, then run pulumi up again.",
    retry: "afterFix",
    recheck: "databaseCount",
  }),
  TASK_TERMINATED: failed("The task was ended from outside.", {
    // Not SQL Server's "RESTORE … is terminating abnormally".
    says: /\bterminated\b/i,
    remedy: "Run pulumi up again to submit it anew.",
    retry: "passes",
  }),
  TASK_FAILED: failed("This description is not in the catalogue of this project.", {
    remedy:
      "Look at the task in the console (Backup and Restoration, View File Details), remove the cause, then change an input or replace the resource.",
    retry: "never",
  }),
};

/** In the order of the table: what two patterns fit is the first one's. */
const DESCRIPTIONS = Object.entries<{ match?: MatchRule }>(taskErrors).flatMap(([code, { match }]) =>
  match?.description === undefined ? [] : [[match.description, code as keyof typeof taskErrors] as const],
);

/** Which entry a description means: the service's texts as documented, matched without case. */
export const taskErrorCode = (description: string): keyof typeof taskErrors =>
  DESCRIPTIONS.find(([pattern]) => pattern.test(description))?.[1] ?? "TASK_FAILED";
