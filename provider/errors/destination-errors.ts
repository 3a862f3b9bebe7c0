import { entry } from "./catalogue-entry";
import { AUTHORIZE, PAGES } from "./vendor-pages";

const FULL_PAGE = {
  source: "ApsaraDB RDS for SQL Server, Migrate full backup data",
  link: PAGES.fullMigration,
};
const INSTANCE_PAGE = {
  source: "ApsaraDB RDS for SQL Server, instance-level migration",
  link: PAGES.instanceMigration,
};

const newDatabases = (count: number): string =>
  count === 1 ? "this run's one new database" : `the ${count} new databases of this run`;

/** Backups, instances and buckets that are sound in themselves and do not go together, and what is doubtful about them. */
export const destinationErrors = {
  VERSION_TOO_NEW: entry<{
    file: string;
    source: string;
    databaseVersion: number;
    instance: string;
    engineVersion: string;
  }>({
    message: (e) =>
      `[backup] ${e.file} was taken on ${e.source} (database version ${e.databaseVersion}), which is newer than ${e.instance} (${e.engineVersion}); a backup restores to the same or a newer SQL Server only.`,
    remedy:
      "Use an instance of that version or a newer one, or upgrade this one first. There is no way back: no setting of BACKUP makes a backup that an older version restores.",
    retry: "never",
    ...FULL_PAGE,
  }),
  VERSION_TOO_OLD: entry<{ file: string; databaseVersion: number; instance: string; engineVersion: string }>({
    message: (e) =>
      `[backup] ${e.file} was taken on SQL Server 2000 or earlier (database version ${e.databaseVersion}), which ${e.instance} (${e.engineVersion}) does not restore.`,
    remedy: "Restore it on SQL Server 2008 R2 first and back it up there.",
    retry: "never",
    source: "RESTORE (Transact-SQL), compatibility support",
  }),
  DATABASES_TOO_MANY: entry<{ instance: string; database: string; present: number; added: number; most: number }>({
    message: (e) =>
      `[instanceId] ${e.instance} takes ${e.most} databases; it has ${e.present}, and ${e.database} would be number ${e.present + e.added} (new ones of this run included).`,
    remedy: "Drop databases that are not needed, use a larger instance class, or migrate fewer databases.",
    retry: "afterFix",
    recheck: "databaseCount",
    source: "DescribeDBInstanceAttribute, DBMaxQuantity",
  }),
  SPACE_TOO_SMALL: entry<{ instance: string; database: string; needed: string; databases: number; free: string }>({
    message: (e) =>
      `[instanceId] ${e.instance} has ${e.free} of free disk; with ${e.database} the data files of ${newDatabases(e.databases)} come to ${e.needed}.`,
    remedy: "Enlarge the instance's storage, or migrate fewer databases.",
    retry: "afterFix",
    recheck: "space",
    ...INSTANCE_PAGE,
  }),
  SPACE_TIGHT: entry<{ instance: string; database: string; needed: string; databases: number; free: string }>({
    message: (e) =>
      `[instanceId] ${e.instance} has ${e.free} of free disk. With ${e.database} the data files of ${newDatabases(e.databases)} fit, but the log files (restored at full size), the backup files while they are restored and 10 % to spare come to ${e.needed}.`,
    remedy:
      "Enlarge the instance's storage, or shrink the log files on the source before the backup. The vendor's guide counts data files only; one of its error texts counts the backup file too.",
    retry: "afterFix",
    recheck: "space",
    ...FULL_PAGE,
  }),
  ACCOUNT_MISSING: entry<{ instance: string }>({
    message: (e) => `[instanceId] ${e.instance} has no privileged account: nobody could log in to a restored database.`,
    remedy: "Create one in the console (Accounts, Create Account, Privileged Account). The migration runs without it.",
    retry: "never",
    ...FULL_PAGE,
  }),
  MAINTENANCE_NEAR: entry<{ instance: string; window: string; estimate: string }>({
    message: (e) =>
      `[instanceId] The maintenance window of ${e.instance} (${e.window}) begins before a restore of about ${e.estimate} ends; a restart in it may fail the task.`,
    remedy: "Start after the window, or move it (console, Basic Information, Maintenance Window).",
    retry: "never",
    source:
      "DescribeDBInstanceAttribute, MaintainTime; that a restart fails a task is assumed, the time at 50 MB/s is estimated",
  }),
  VERSION_2008R2_CLOUD: entry<{ instance: string }>({
    message: (e) =>
      `[instanceId] ${e.instance} is SQL Server 2008 R2 with cloud disks, about which the vendor's documents contradict each other: the guide for full backups asks for a free name, the one for whole instances (which says just "2008 R2") for an existing database.`,
    remedy: "The guide for full backups is followed. Should RDS answer InvalidDBName.NotFound, it meant the other one.",
    retry: "never",
    ...FULL_PAGE,
  }),
  KEY_DOUBTFUL: entry<{ key: string; characters: string }>({
    message: (e) =>
      `[backup] The object's key ${JSON.stringify(e.key)} holds ${e.characters}, about which the vendor's documents contradict each other: one forbids all of !@#$%^&*()_+-=, others only @ and |, and the names they prescribe hold _.`,
    remedy: "Rename the object if RDS does not find it; names made by this program hold none of them but _ and -.",
    retry: "never",
    ...FULL_PAGE,
  }),
  EXTENSION_DOUBTFUL: entry<{ key: string; extension: string }>({
    message: (e) =>
      `[backup] The object's key ${JSON.stringify(e.key)} ends in .${e.extension}, about which the vendor's documents contradict each other: the guide for single databases takes .bak, .diff, .trn and .log, the one for whole instances .bak only.`,
    remedy: "Copy the object to a key that ends in .bak if RDS answers IncorrectFileExtension.",
    retry: "never",
    ...INSTANCE_PAGE,
  }),
  DATABASE_NAME_DOUBTFUL: entry<{ database: string }>({
    message: (e) =>
      `[databaseName] About the name ${JSON.stringify(e.database)} the vendor's documents contradict each other: CreateDatabase takes 2 to 64 letters, digits, _ and -, the guides for migrations take what SQL Server takes.`,
    remedy: "If RDS answers InvalidDBName, set databaseName to a plainer name; it may differ from the source's.",
    retry: "never",
    source: "CreateDatabase, DBName; Migrate full backup data",
    link: PAGES.fullMigration,
  }),
  COLLATION_DIFFERS: entry<{ database: string; collation: string; instance: string; instanceCollation: string }>({
    message: (e) =>
      `[instanceId] ${e.database} has the collation ${e.collation}, the instance ${e.instance} ${e.instanceCollation}: the database keeps its own, and comparing its texts with those of temporary tables fails (error 468) or sorts otherwise.`,
    remedy:
      "Create the instance with the source's collation, which cannot be changed afterwards, or write COLLATE DATABASE_DEFAULT in the queries that use temporary tables.",
    retry: "never",
    source: "Collation and Unicode support (SQL Server); DescribeDBInstanceAttribute, Collation; sql/baseline.sql",
  }),
  BACKUP_SIMPLE_RECOVERY: entry<{ file: string; database: string }>({
    message: (e) =>
      `[increments] ${e.file}: ${e.database} was in the SIMPLE recovery model, in which there are no log backups; one differential is all that can follow.`,
    remedy:
      "For log backups: ALTER DATABASE … SET RECOVERY FULL on the source, then take a new full backup, then the logs.",
    retry: "never",
    source: "Recovery models (SQL Server); Migrate incremental backup data, prerequisites",
  }),
  BACKUP_BULK_LOGGED: entry<{ file: string; database: string }>({
    message: (e) =>
      `[increments] ${e.file}: ${e.database} was in the BULK_LOGGED recovery model; the vendor's guide asks for FULL.`,
    remedy: "ALTER DATABASE … SET RECOVERY FULL on the source; a log backup then goes on with the chain.",
    retry: "never",
    source: "Recovery models (SQL Server); Migrate incremental backup data, prerequisites",
  }),
  BACKUP_NEAR_LIMIT: entry<{ file: string; sizeBytes: number }>({
    message: (e) =>
      `[backup] ${e.file} has ${e.sizeBytes} bytes. RDS takes "3 TB", and no document says whether that is 3,000,000,000,000 or 3,298,534,883,328 bytes.`,
    remedy: "Back the database up WITH COMPRESSION to be on the safe side.",
    retry: "never",
    source: "CreateMigrateTask, BakFileSizeExceeded",
    link: PAGES.createMigrateTask,
  }),
  BACKUP_READ_ONLY: entry<{ file: string; database: string }>({
    message: (e) =>
      `[backup] ${e.file}: ${e.database} was read-only when the backup was taken, and comes up read-only on RDS.`,
    remedy:
      "If that is not wanted: ALTER DATABASE … SET READ_WRITE on the source before the backup, or on RDS after it.",
    retry: "never",
    source: "RESTORE HEADERONLY, Flags 4",
  }),
  BACKUP_SINGLE_USER: entry<{ file: string; database: string }>({
    message: (e) =>
      `[backup] ${e.file}: ${e.database} was in single-user mode when the backup was taken, and comes up so on RDS.`,
    remedy: "ALTER DATABASE … SET MULTI_USER on the source before the backup, or on RDS after it.",
    retry: "never",
    source: "RESTORE HEADERONLY, Flags 8",
  }),
  BACKUP_OF_DAMAGED: entry<{ file: string }>({
    message: (e) =>
      `[backup] ${e.file} was taken of a damaged database (WITH CONTINUE_AFTER_ERROR); a plain RESTORE, which RDS does, refuses it.`,
    remedy: "Run DBCC CHECKDB on the source, repair the database, and take the backup again WITH CHECKSUM.",
    retry: "never",
    source: "RESTORE HEADERONLY, Flags 32 (IsDamaged)",
  }),
  BACKUP_OTHER_FILES: entry<{ file: string; names: string[] }>({
    message: (e) =>
      `[backup] ${e.file} holds files that are neither data nor log (${e.names.join(", ")}: FILESTREAM or In-Memory OLTP), which no document says RDS restores.`,
    remedy: "Ask Alibaba Cloud for this engine version, or move those tables to ordinary filegroups before the backup.",
    retry: "never",
    source: "RESTORE FILELISTONLY, Type S; not mentioned in the vendor's guides",
  }),
  QUOTA_DATABASE: entry<{ instance: string; database: string; used: number; most: number }>({
    message: (e) =>
      `[databaseName] At least ${e.used} of the ${e.most} migrations of ${e.database} into ${e.instance} that RDS takes a day are used up (tasks of full backups, the worst of UTC, China Standard Time and the last 24 hours).`,
    remedy: "If RDS refuses, the run waits for as long as `timeout` allows; then run pulumi up again tomorrow.",
    retry: "passes",
    ...INSTANCE_PAGE,
  }),
  QUOTA_INSTANCE: entry<{ instance: string; used: number; added: number; most: number }>({
    message: (e) =>
      `[instanceId] At least ${e.used} of the ${e.most} migrations into ${e.instance} that RDS takes a day are used up, and this run adds ${e.added}. The documents contradict each other here: the error's text speaks of concurrent tasks, its description of a day.`,
    remedy: "If RDS refuses, the run waits for as long as `timeout` allows and asks hourly; then run pulumi up again.",
    retry: "passes",
    ...INSTANCE_PAGE,
  }),
  BUCKET_OTHER_ACCOUNT: entry<{ bucket: string; owner: string; account: string }>({
    message: (e) =>
      `[bucket] ${e.bucket} belongs to the account ${e.owner}, the instance to ${e.account}; RDS reads backups of its own account only.`,
    remedy: "Use a bucket of the account that owns the instance.",
    retry: "never",
    source: "CreateMigrateTask, limits",
    link: PAGES.createMigrateTask,
  }),
  BUCKET_FOREIGN: entry<{ bucket: string; said: string }>({
    message: (e) =>
      `[bucket] ${e.bucket} belongs to another account than the credentials (OSS says "${e.said}"); RDS reads backups of its own account only.`,
    remedy:
      "Use a bucket of the account that owns the instance, or correct the name: those of all accounts are one list.",
    retry: "never",
    source: "OSS GetBucketInfo, AccessDenied: The bucket you visit is not belong to you",
    link: PAGES.ossForbidden,
  }),
  OBJECT_NOT_STANDARD: entry<{ bucket: string; key: string; storageClass: string }>({
    message: (e) =>
      `[backup] oss://${e.bucket}/${e.key} has the storage class ${e.storageClass}; RDS restores from Standard only.`,
    remedy: "Restore it if it is archived, then copy it onto itself as Standard (ossutil set-meta or cp).",
    retry: "afterFix",
    recheck: "object",
    ...INSTANCE_PAGE,
  }),
  OBJECT_ENCRYPTED: entry<{ bucket: string; key: string; algorithm: string }>({
    message: (e) =>
      `[backup] oss://${e.bucket}/${e.key} is encrypted on the server (${e.algorithm}); RDS cannot read such objects.`,
    remedy: "Upload it again without server-side encryption, into a bucket that does not switch it on.",
    retry: "afterFix",
    recheck: "object",
    ...INSTANCE_PAGE,
  }),
  /** `said`: what failed for want of it, where it was not seen before. */
  IMPORT_ROLE_MISSING: entry<{ role: string; said?: string }>({
    message: (e) =>
      `${e.said === undefined ? "" : `${e.said} `}The account has no role ${e.role}, without which RDS cannot read the bucket.`,
    remedy: `Grant it, once per account: ${AUTHORIZE}. Or let the program create it: MigrationAccess with createRole.`,
    retry: "afterFix",
    recheck: "role",
    source:
      "AliyunRDSImportRolePolicy; how RDS answers without the role is on no page, so the role is looked at when it cannot read an object",
    link: PAGES.importRole,
  }),
  IMPORT_ROLE_LINKED: entry<{ role: string; linked: string }>({
    message: (e) =>
      `The account has no role ${e.role}, only the newer ${e.linked}; no document says whether migrations of SQL Server use it.`,
    remedy: `If RDS answers InvalidOssUrl: ${AUTHORIZE}.`,
    retry: "afterFix",
    source: "AliyunRDSImportRolePolicy, AliyunServiceRolePolicyForRdsImport",
    link: PAGES.importRole,
  }),
  IMPORT_ROLE_NOT_TRUSTING: entry<{ role: string; service: string }>({
    message: (e) => `The trust policy of the role ${e.role} does not name ${e.service}: RDS may not be able to use it.`,
    remedy: `Do not edit the role by hand: ${AUTHORIZE} again. What the policy has to look like is not documented.`,
    retry: "afterFix",
    source: "AliyunRDSImportRolePolicy; the usual form of a service role",
    link: PAGES.importRole,
  }),
};
