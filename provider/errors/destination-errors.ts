import { entry } from "./catalogue-entry";
import { counted, listed } from "./message-text";
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

/** Sound backups, instances and buckets that do not fit together, and doubts about them. */
export const destinationErrors = {
  VERSION_TOO_NEW: entry<{
    file: string;
    source: string;
    databaseVersion: number;
    instance: string;
    engineVersion: string;
    isManagedInstance?: boolean;
  }>({
    summary: (e) => `[backup] ${e.file} is from a newer version than the instance.`,
    details: (e) => [
      `The backup is from ${e.source} (database version ${e.databaseVersion}); ${e.instance} is ${e.engineVersion}.`,
      "A backup restores only to the same or a newer version of SQL Server.",
    ],
    remedy: (e) =>
      e.isManagedInstance === true
        ? "Set the update policy of the Managed Instance to a release that the RDS instance runs, before its databases are created. Otherwise export the database with SqlPackage, import it into a SQL Server of that release and back it up there."
        : "Use an instance of that version or newer, or upgrade this one first. No option of BACKUP makes a backup that an older version restores.",
    retry: "never",
    ...FULL_PAGE,
  }),
  VERSION_TOO_OLD: entry<{ file: string; databaseVersion: number }>({
    summary: (e) => `[backup] ${e.file} is from SQL Server 2000 or earlier.`,
    details: (e) => [`No version of SQL Server on RDS restores its database version ${e.databaseVersion}.`],
    remedy: "Restore it on SQL Server 2008 R2 first and back it up there.",
    retry: "never",
    source: "RESTORE (Transact-SQL), compatibility support",
  }),
  DATABASES_TOO_MANY: entry<{ instance: string; database: string; present: number; added: number; most: number }>({
    summary: (e) => `[instanceId] ${e.instance} accepts only ${counted(e.most, "database")}.`,
    details: (e) => [
      `It has ${e.present}; ${e.database} would be number ${e.present + e.added}, including the new databases of this run.`,
    ],
    remedy:
      "Use a larger instance class, or migrate fewer databases. Drop databases only if nobody needs them: their data is then lost.",
    retry: "afterFix",
    recheck: "databaseCount",
    source: "DescribeDBInstanceAttribute, DBMaxQuantity",
  }),
  SPACE_TOO_SMALL: entry<{ instance: string; database: string; needed: string; databases: number; free: string }>({
    summary: (e) => `[instanceId] ${e.instance} has too little free disk space.`,
    details: (e) => [
      `It has ${e.free} free. With ${e.database}, the data files of ${newDatabases(e.databases)} need ${e.needed}.`,
    ],
    remedy: "Enlarge the instance's storage, or migrate fewer databases.",
    retry: "afterFix",
    recheck: "space",
    ...INSTANCE_PAGE,
  }),
  SPACE_TIGHT: entry<{ instance: string; database: string; needed: string; databases: number; free: string }>({
    summary: (e) => `[instanceId] ${e.instance} may have too little disk space.`,
    details: (e) => [
      `It has ${e.free} free. With ${e.database}, the data files of ${newDatabases(e.databases)} fit.`,
      `With log files at full size, the backup files during the restore and 10 % to spare, the need is ${e.needed}.`,
      "The vendor's guide counts only data files; one of its error texts counts the backup file too.",
    ],
    remedy: "Enlarge the instance's storage, or shrink the log files on the source before the backup.",
    retry: "afterFix",
    recheck: "space",
    ...FULL_PAGE,
  }),
  ACCOUNT_MISSING: entry<{ instance: string }>({
    summary: (e) => `[instanceId] ${e.instance} has no privileged account.`,
    details: () => ["Without one, nobody can log in to a restored database. The migration runs all the same."],
    remedy: "Create one in the console (Accounts, Create Account, Privileged Account).",
    retry: "never",
    ...FULL_PAGE,
  }),
  MAINTENANCE_NEAR: entry<{ instance: string; window: string; estimate: string }>({
    summary: (e) => `[instanceId] ${e.instance} enters maintenance during the restore.`,
    details: (e) => [
      `The window ${e.window} begins before a restore of about ${e.estimate} ends. A restart in it may fail the task.`,
    ],
    remedy: "Start after the window, or move it (console, Basic Information, Maintenance Window).",
    retry: "never",
    source:
      "DescribeDBInstanceAttribute, MaintainTime; that a restart fails a task is assumed, the time at 50 MB/s is estimated",
  }),
  VERSION_2008R2_CLOUD: entry<{ instance: string }>({
    summary: (e) => `the vendor's documents disagree about ${e.instance}.`,
    details: () => [
      "The instance [instanceId] is SQL Server 2008 R2 with cloud disks.",
      'The guide for full backups requires a free database name. The guide for whole instances ("2008 R2") requires an existing database.',
    ],
    remedy:
      "This program follows the guide for full backups. If RDS answers InvalidDBName.NotFound, the other guide applies.",
    retry: "never",
    ...FULL_PAGE,
  }),
  KEY_DOUBTFUL: entry<{ key: string; characters: string }>({
    summary: (e) => `[backup] RDS may not accept the object key ${JSON.stringify(e.key)}.`,
    details: (e) => [
      `The key holds ${e.characters}, and the vendor's documents disagree about the allowed characters.`,
      "One forbids all of !@#$%^&*()_+-=, others only @ and |, and the names they prescribe hold _.",
    ],
    remedy: "Rename the object if RDS does not find it. Keys that this program makes hold none of them but _ and -.",
    retry: "never",
    ...FULL_PAGE,
  }),
  EXTENSION_DOUBTFUL: entry<{ key: string; extension: string }>({
    summary: (e) => `[backup] RDS may not accept the object key ${JSON.stringify(e.key)}.`,
    details: (e) => [
      `The key ends in .${e.extension}, and the vendor's documents disagree about extensions.`,
      "The guide for single databases accepts .bak, .diff, .trn and .log, the guide for whole instances only .bak.",
    ],
    remedy: "Copy the object to a key that ends in .bak if RDS answers IncorrectFileExtension.",
    retry: "never",
    ...INSTANCE_PAGE,
  }),
  DATABASE_NAME_DOUBTFUL: entry<{ database: string }>({
    summary: (e) => `[databaseName] RDS may not accept the name ${JSON.stringify(e.database)}.`,
    details: () => [
      "The vendor's documents disagree about names.",
      "CreateDatabase accepts 2 to 64 letters, digits, _ and -; the guides for migrations accept every name of SQL Server.",
    ],
    remedy: "If RDS answers InvalidDBName, set databaseName to a plainer name. It may differ from the source's.",
    retry: "never",
    source: "CreateDatabase, DBName; Migrate full backup data",
    link: PAGES.fullMigration,
  }),
  COLLATION_DIFFERS: entry<{ database: string; collation: string; instance: string; instanceCollation: string }>({
    summary: (e) => `[instanceId] the collation of ${e.database} differs.`,
    details: (e) => [
      `The database has ${e.collation} and keeps it; ${e.instance} has ${e.instanceCollation}.`,
      "Comparisons with texts of temporary tables fail (error 468) or sort differently.",
    ],
    remedy:
      "Create the instance with the source's collation, which cannot be changed afterwards. Or write COLLATE DATABASE_DEFAULT in the queries that use temporary tables.",
    retry: "never",
    source: "Collation and Unicode support (SQL Server); DescribeDBInstanceAttribute, Collation; sql/baseline.sql",
  }),
  BACKUP_SIMPLE_RECOVERY: entry<{ file: string; database: string }>({
    summary: (e) => `[increments] ${e.database} uses the SIMPLE recovery model.`,
    details: (e) => [
      `The header of ${e.file} records this model. It has no log backups; only one differential backup can follow.`,
    ],
    remedy:
      "For log backups, run ALTER DATABASE … SET RECOVERY FULL on the source. Then take a new full backup, and after it the logs.",
    retry: "never",
    source: "Recovery models (SQL Server); Migrate incremental backup data, prerequisites",
  }),
  BACKUP_BULK_LOGGED: entry<{ file: string; database: string }>({
    summary: (e) => `[increments] ${e.database} uses the BULK_LOGGED recovery model.`,
    details: (e) => [`The header of ${e.file} records this model. The vendor's guide requires FULL.`],
    remedy: "Run ALTER DATABASE … SET RECOVERY FULL on the source. The next log backup continues the chain.",
    retry: "never",
    source: "Recovery models (SQL Server); Migrate incremental backup data, prerequisites",
  }),
  BACKUP_NEAR_LIMIT: entry<{ file: string; sizeBytes: number }>({
    summary: (e) => `[backup] ${e.file} is close to the limit of 3 TB.`,
    details: (e) => [
      `It has ${e.sizeBytes} bytes. No document says whether "3 TB" means 3,000,000,000,000 or 3,298,534,883,328 bytes.`,
    ],
    remedy: "To be safe, back the database up WITH COMPRESSION.",
    retry: "never",
    source: "CreateMigrateTask, BakFileSizeExceeded",
    link: PAGES.createMigrateTask,
  }),
  BACKUP_READ_ONLY: entry<{ file: string; database: string }>({
    summary: (e) => `[backup] ${e.database} will be read-only on RDS.`,
    details: (e) => [`It was read-only when ${e.file} was taken.`],
    remedy: "To change that, run ALTER DATABASE … SET READ_WRITE on the source before the backup, or on RDS after it.",
    retry: "never",
    source: "RESTORE HEADERONLY, Flags 4",
  }),
  BACKUP_SINGLE_USER: entry<{ file: string; database: string }>({
    summary: (e) => `[backup] ${e.database} will be in single-user mode on RDS.`,
    details: (e) => [`It was in single-user mode when ${e.file} was taken.`],
    remedy: "Run ALTER DATABASE … SET MULTI_USER on the source before the backup, or on RDS after it.",
    retry: "never",
    source: "RESTORE HEADERONLY, Flags 8",
  }),
  BACKUP_OF_DAMAGED: entry<{ file: string }>({
    summary: (e) => `[backup] ${e.file} is a backup of a damaged database.`,
    details: () => ["It was taken WITH CONTINUE_AFTER_ERROR. RDS runs a plain RESTORE, which refuses such a backup."],
    remedy: "Run DBCC CHECKDB on the source, repair the database, and take the backup again WITH CHECKSUM.",
    retry: "never",
    source: "RESTORE HEADERONLY, Flags 32 (IsDamaged)",
  }),
  BACKUP_OTHER_FILES: entry<{ file: string; names: string[] }>({
    summary: (e) => `[backup] ${e.file} holds files that RDS may not restore.`,
    details: (e) => [
      ...listed("Neither data nor log (FILESTREAM or In-Memory OLTP):", e.names),
      "No document says that RDS restores them.",
    ],
    remedy: "Ask Alibaba Cloud for this engine version, or move those tables to ordinary filegroups before the backup.",
    retry: "never",
    source: "RESTORE FILELISTONLY, Type S; not mentioned in the vendor's guides",
  }),
  QUOTA_DATABASE: entry<{ instance: string; database: string; used: number; most: number }>({
    summary: (e) => `[databaseName] ${e.database} has used ${e.used} of ${e.most} migrations today.`,
    details: (e) => [
      `At least ${counted(e.used, "task of a full backup was", "tasks of full backups were")} created for it on ${e.instance}.`,
      `RDS accepts ${e.most} a day for one database.`,
      "The number is the highest of the days in UTC and China Standard Time and of the last 24 hours.",
    ],
    remedy: "If RDS refuses, the run waits as long as `timeout` allows. After that, run pulumi up again tomorrow.",
    retry: "passes",
    ...INSTANCE_PAGE,
  }),
  QUOTA_INSTANCE: entry<{ instance: string; used: number; added: number; most: number }>({
    summary: (e) => `[instanceId] ${e.instance} has used ${e.used} of ${e.most} migrations today.`,
    details: (e) => [
      `At least ${counted(e.used, "migration is", "migrations are")} counted, and this run adds ${e.added}.`,
      "The documents disagree: the error's text mentions concurrent tasks, its description a day.",
    ],
    remedy:
      "If RDS refuses, the run waits as long as `timeout` allows and asks hourly. After that, run pulumi up again.",
    retry: "passes",
    ...INSTANCE_PAGE,
  }),
  BUCKET_OTHER_ACCOUNT: entry<{ bucket: string; owner: string; account: string }>({
    summary: (e) => `[bucket] ${e.bucket} belongs to another account.`,
    details: (e) => [
      `The bucket belongs to account ${e.owner}, the instance to ${e.account}. RDS reads only backups of its own account.`,
    ],
    remedy: "Use a bucket of the account that owns the instance.",
    retry: "never",
    source: "CreateMigrateTask, limits",
    link: PAGES.createMigrateTask,
  }),
  BUCKET_FOREIGN: entry<{ bucket: string; said: string }>({
    summary: (e) => `[bucket] ${e.bucket} belongs to another account.`,
    details: (e) => [
      `OSS: "${e.said}"`,
      "The credentials are of a different account, and RDS reads only backups of its own account.",
    ],
    remedy:
      "Use a bucket of the account that owns the instance, or correct the name. Bucket names are unique across all accounts.",
    retry: "never",
    source: "OSS GetBucketInfo, AccessDenied: The bucket you visit is not belong to you",
    link: PAGES.ossForbidden,
  }),
  OBJECT_NOT_STANDARD: entry<{ bucket: string; key: string; storageClass: string }>({
    summary: (e) => `[backup] the object ${e.key} is not Standard.`,
    details: (e) => [
      `oss://${e.bucket}/${e.key} has the storage class ${e.storageClass}. RDS restores only from Standard.`,
    ],
    remedy: "If it is archived, restore it first. Then copy it onto itself as Standard (ossutil set-meta or cp).",
    retry: "afterFix",
    recheck: "object",
    ...INSTANCE_PAGE,
  }),
  OBJECT_ENCRYPTED: entry<{ bucket: string; key: string; algorithm: string }>({
    summary: (e) => `[backup] the object ${e.key} is encrypted on the server.`,
    details: (e) => [`oss://${e.bucket}/${e.key} is encrypted with ${e.algorithm}. RDS cannot read such objects.`],
    remedy: "Upload it again without server-side encryption, into a bucket that does not switch it on.",
    retry: "afterFix",
    recheck: "object",
    ...INSTANCE_PAGE,
  }),
  /** `said`: what failed without the role, if the preflight did not find it. */
  IMPORT_ROLE_MISSING: entry<{ role: string; said?: string }>({
    summary: (e) => `the account has no role ${e.role}.`,
    details: (e) => [
      ...(e.said === undefined ? [] : [`What failed: ${e.said}`]),
      "Without this role, RDS cannot read the bucket.",
    ],
    remedy: `Grant the role once per account, or let MigrationAccess create it (createRole). ${AUTHORIZE}`,
    retry: "afterFix",
    recheck: "role",
    source:
      "AliyunRDSImportRolePolicy; how RDS answers without the role is on no page, so the role is looked at when it cannot read an object",
    link: PAGES.importRole,
  }),
  IMPORT_ROLE_LINKED: entry<{ role: string; linked: string }>({
    summary: (e) => `the account has no role ${e.role}.`,
    details: (e) => [
      `It has only the newer ${e.linked}. No document says whether migrations of SQL Server use that role.`,
    ],
    remedy: `If RDS answers InvalidOssUrl, grant the role. ${AUTHORIZE}`,
    retry: "afterFix",
    source: "AliyunRDSImportRolePolicy, AliyunServiceRolePolicyForRdsImport",
    link: PAGES.importRole,
  }),
  IMPORT_ROLE_NOT_TRUSTING: entry<{ role: string; service: string }>({
    summary: (e) => `the role ${e.role} does not trust RDS.`,
    details: (e) => [
      `Its trust policy does not name ${e.service}, so RDS may not be able to use it.`,
      "The required form of the policy is not documented.",
    ],
    remedy: `Do not edit the role by hand: grant it again. ${AUTHORIZE}`,
    retry: "afterFix",
    source: "AliyunRDSImportRolePolicy; the usual form of a service role",
    link: PAGES.importRole,
  }),
};
