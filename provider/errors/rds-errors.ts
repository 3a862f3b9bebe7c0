import { entry } from "./catalogue-entry";
import { refusal } from "./service-fault";
import { AUTHORIZE, PAGES } from "./vendor-pages";

const API_PAGE = {
  source: "CreateMigrateTask, error codes, the names of today's page and of the page of 2018",
  link: PAGES.createMigrateTask,
};
const VENDOR_TABLE = {
  source: "ApsaraDB RDS for SQL Server, instance-level migration, troubleshooting",
  link: PAGES.instanceMigration,
};
const OPEN_PAGE = {
  source: "CreateOnlineDatabaseTask, error codes",
  link: PAGES.createOnlineDatabaseTask,
};

/** Whose claim it is, where it stands and since when. */
export interface ClaimValues {
  database: string;
  instance: string;
  /** `oss://bucket/key`. */
  claim: string;
  claimedAt: string;
}

/** Faults of the instance, the database and the call that creates a migration task. */
export const rdsErrors = {
  INSTANCE_NOT_FOUND: refusal("There is no such RDS instance in this account and region.", {
    codes: ["InvalidDBInstanceId", "InvalidDBInstanceName"],
    script: "Couldn't find specify RDS [XXX].",
    remedy: "Correct [instanceId], or the region or the account that the credentials belong to.",
    retry: "afterFix",
    recheck: "instance",
    ...VENDOR_TABLE,
  }),
  INSTANCE_NOT_SQLSERVER: entry<{ instance: string; engine: string }>({
    script: "RDS engine doesn't support, this is only for RDS SQL Server engine.",
    message: (e) => `[instanceId] ${e.instance} runs ${e.engine}, not SQL Server.`,
    remedy: "Give the id of an ApsaraDB RDS for SQL Server instance.",
    retry: "never",
    ...VENDOR_TABLE,
  }),
  INSTANCE_NOT_PRIMARY: entry<{ instance: string; type: string }>({
    message: (e) => `[instanceId] ${e.instance} is a ${e.type} instance; databases are restored into a primary one.`,
    remedy: "Give the id of the primary instance.",
    retry: "never",
    source: "DescribeDBInstanceAttribute, DBInstanceType",
  }),
  /** `passes`: the state ends by itself. */
  INSTANCE_NOT_RUNNING: entry<{ instance: string; status: string; passes: boolean }>({
    message: (e) =>
      `[instanceId] ${e.instance} is in the state ${e.status}${e.passes ? ", which passes by itself" : ""}; a migration needs Running.`,
    remedy: (e) =>
      e.passes
        ? "Nothing: pulumi up uploads meanwhile, and waits for it within `timeout`."
        : "Wait until the console shows Running, or start the instance, then run pulumi up again.",
    retry: "afterFix",
    recheck: "instance",
    source: "CreateMigrateTask, IncorrectDBInstanceState",
    link: PAGES.createMigrateTask,
  }),
  INSTANCE_LOCKED: entry<{ instance: string; lockMode: string; reason?: string }>({
    message: (e) =>
      `[instanceId] ${e.instance} is locked (${e.lockMode}${e.reason === undefined ? "" : `: ${e.reason}`}), so it takes no migration.`,
    remedy: "Clear the cause of the lock (an unpaid bill, a full disk, a manual lock), then run pulumi up again.",
    retry: "afterFix",
    recheck: "instance",
    source: "DescribeDBInstanceAttribute, LockMode",
  }),
  INSTANCE_REGION_DIFFERS: entry<{ instance: string; instanceRegion: string; bucket: string; bucketRegion: string }>({
    message: (e) =>
      `[bucket] ${e.bucket} is in ${e.bucketRegion}, the instance ${e.instance} in ${e.instanceRegion}; RDS reads backups only from its own region.`,
    remedy: "Use a bucket in the region of the instance.",
    retry: "never",
    source: "ApsaraDB RDS for SQL Server, instance-level migration, step 2",
    link: PAGES.instanceMigration,
  }),
  DATABASE_EXISTS: entry<{ database: string; instance: string; status: string }>({
    message: (e) =>
      `[databaseName] ${e.instance} already has a database ${e.database} (${e.status}), and this migration's own task does not explain it. RDS restores only under a free name.`,
    remedy:
      "Drop or rename that database on RDS, choose another databaseName, or, if it is this very migration, set `adopt: true` where it is online, or `adopt` to its MigrateTaskId (see the console) where it is still being restored.",
    retry: "afterFix",
    recheck: "databaseName",
    source: "CreateMigrateTask, InvalidDBName.NotFound on SQL Server 2012 and later",
    link: PAGES.createMigrateTask,
  }),
  REPLACE_BLOCKED: entry<{ database: string; instance: string }>({
    message: (e) =>
      `[databaseName] ${e.database} was not migrated again: the database is still on ${e.instance}, and RDS restores only under a free name. It stays recorded as it was.`,
    remedy: "Drop or rename that database on RDS, then run pulumi up --replace again.",
    retry: "afterFix",
    recheck: "databaseName",
    source: "CreateMigrateTask, InvalidDBName.NotFound on SQL Server 2012 and later",
    link: PAGES.createMigrateTask,
  }),
  DATABASE_MISSING_2008R2: entry<{ database: string; instance: string }>({
    message: (e) =>
      `[databaseName] ${e.instance} is SQL Server 2008 R2 with local disks: a migration overwrites an existing database, and ${e.database} does not exist there.`,
    remedy: "Create an empty database of that name on the instance first (console, Databases, Create Database).",
    retry: "afterFix",
    recheck: "databaseName",
    source: "ApsaraDB RDS for SQL Server, instance-level migration, prerequisites",
    link: PAGES.instanceMigration,
  }),
  OVERWRITE_NOT_ALLOWED: entry<{ database: string; instance: string }>({
    message: (e) =>
      `[allowOverwrite] ${e.instance} is SQL Server 2008 R2 with local disks: the migration overwrites the database ${e.database} there, and no call shows whether it is empty.`,
    remedy: "Make sure that nobody needs what is in it, then set `allowOverwrite: true`.",
    retry: "never",
    source: "ApsaraDB RDS for SQL Server, full backup migration: 2008 R2 with local disks",
    link: PAGES.fullMigration,
  }),
  TASK_AMBIGUOUS: entry<{ database: string; tasks: string[] }>({
    message: (e) =>
      `Several migration tasks may belong to the backup of ${e.database} (${e.tasks.join(", ")}), and the service does not say which object each one restores.`,
    remedy: "Look at them in the console and set `adopt` to the id of the right one.",
    retry: "never",
    source: "DescribeMigrateTasks names no object; DescribeOssDownloads is not supported on some editions",
  }),
  CLAIM_UNDECIDED: entry<ClaimValues & { task: string | undefined; found: string }>({
    message: (e) =>
      `An earlier run claimed the migration of ${e.database} into ${e.instance} at ${e.claimedAt} (${e.claim}) and did not record how it ended${e.task === undefined ? "" : `; its migration task ${e.task} is not known to the service any more`}. What the service shows does not tell whether a task came of it: ${e.found}. A second task would be worse than a question.`,
    remedy: (e) =>
      `Look at ${e.instance} in the console (Backup and Restoration, Cloud Migration Records; Databases). If there is a task, set \`adopt\` to its id; if the database is there already, set \`adopt: true\`; if there is neither, delete ${e.claim}. Then run pulumi up again.`,
    retry: "afterFix",
    source: "DescribeMigrateTasks lists full backups' tasks of a week and is not supported on some editions",
  }),
  CLAIM_HELD: entry<ClaimValues>({
    message: (e) =>
      `Another run has claimed the migration of ${e.database} into ${e.instance} at ${e.claimedAt} (${e.claim}) and may be creating its task now; the time of this run ended before that was settled.`,
    remedy: "Run pulumi up again: it takes up the other run's task, or creates one when there is none.",
    retry: "passes",
    source: "this project",
  }),
  DATABASE_BUSY: entry<{ database: string; instance: string; taskId: string; status: string; since: string }>({
    message: (e) =>
      `[databaseName] somebody else is migrating into ${e.database} on ${e.instance}: migration task ${e.taskId} (${e.status}), created at ${e.since}, restores another object into it. Nothing was submitted by this run.`,
    remedy:
      "Look for the other stack, program or person that names this database, and let one of them go. When its task has ended, run pulumi up again, or choose another databaseName.",
    retry: "afterFix",
    source: "CreateMigrateTask, IncorrectDBState and InvalidDBName.NotFound",
  }),
  TASK_FORGOTTEN: entry<{ task: string; database: string; instance: string }>({
    message: (e) =>
      `The service no longer knows migration task ${e.task}, and ${e.instance} has no database ${e.database}: it was not restored, or it was dropped since.`,
    remedy: "Run pulumi up again to migrate it anew.",
    retry: "afterFix",
    recheck: "databaseName",
    source: "DescribeMigrateTasks lists one week; how long DescribeMigrateTaskById answers is not documented",
  }),
  ADOPT_NO_TASK: entry<{ task: string; instance: string }>({
    message: (e) => `[adopt] ${e.instance} knows no migration task ${e.task}.`,
    remedy: "Correct the id (console, Backup and Restoration, Cloud Migration Records), or leave `adopt` out.",
    retry: "never",
    source: "DescribeMigrateTaskById",
  }),
  ADOPT_OTHER_DATABASE: entry<{ task: string; database: string; found: string }>({
    message: (e) => `[adopt] Migration task ${e.task} restores the database ${e.found}, not ${e.database}.`,
    remedy: "Correct the id, or set databaseName to the database of that task.",
    retry: "never",
    source: "DescribeMigrateTaskById, DBName",
  }),
  ADOPT_NO_DATABASE: entry<{ database: string; instance: string }>({
    message: (e) => `[adopt] ${e.instance} has no online database ${e.database} that could become a record.`,
    remedy: "Correct databaseName, or leave `adopt` out so that the backup is migrated.",
    retry: "afterFix",
    source: "DescribeDatabases",
  }),
  CREATE_UNSETTLED: entry<{ database: string; said: string }>({
    message: (e) =>
      `CreateMigrateTask for ${e.database} got no usable answer (${e.said}), and the task list shows no task for it yet. It was not sent again, because a second task would be worse than none.`,
    remedy: "Run pulumi up again: it looks for the task first and creates one only if there is none.",
    quota: "perhaps",
    retry: "passes",
    source: "CreateMigrateTask takes no client token (@alicloud/rds20140815 15.4.0)",
  }),

  API_DB_NAME: refusal("RDS does not allow this name for a database (system names are refused).", {
    codes: ["InvalidDBName"],
    remedy: "Choose another databaseName.",
    retry: "never",
    ...API_PAGE,
  }),
  API_INSTANCE_STATE: refusal(
    "The instance is in a state that takes no migration now (creating, restarting, restoring, …).",
    {
      codes: ["IncorrectDBInstanceState", "InvalidInstanceState"],
      remedy: "Wait until it is Running; the next pulumi up continues.",
      retry: "passes",
      ...API_PAGE,
    },
  ),
  API_INSTANCE_TYPE: refusal(
    "The instance is not one that databases can be migrated into (another engine, or a read-only instance).",
    {
      codes: ["IncorrectDBInstanceType", "InvalidInstanceType"],
      remedy: "Use a primary ApsaraDB RDS for SQL Server instance.",
      retry: "never",
      ...API_PAGE,
    },
  ),
  API_LOCK_MODE: refusal("The instance is locked (overdue payment, full disk or a manual lock).", {
    codes: ["IncorrectDBInstanceLockMode", "InvalidInstanceLockMode"],
    remedy: "Clear the cause of the lock, then run pulumi up again.",
    retry: "afterFix",
    recheck: "instance",
    ...API_PAGE,
  }),
  API_DB_NAME_TAKEN: refusal(
    "On SQL Server 2012 and later this means that a database of that name is already on the instance or being restored; on 2008 R2 that there is none.",
    {
      codes: ["InvalidDBName.NotFound", "InvalidDBName.Duplicate"],
      remedy: "2012 and later: drop or rename that database, or choose another databaseName. 2008 R2: create it first.",
      retry: "afterFix",
      recheck: "databaseName",
      ...VENDOR_TABLE,
    },
  ),
  API_DB_TYPE: refusal("The type of the database does not support this operation.", {
    codes: ["IncorrectDBType", "InvalidDBType"],
    remedy: "Look at the database of that name in the console: it is not an ordinary user database.",
    retry: "never",
    ...API_PAGE,
  }),
  API_DB_STATE: refusal(
    "The database is in a state that takes no task; usually another migration of the same name is running.",
    {
      codes: ["IncorrectDBState", "InvalidDBState"],
      remedy: "Wait for that task to end (console, Cloud Migration Records); the next pulumi up looks again.",
      retry: "passes",
      ...API_PAGE,
    },
  ),
  API_DAILY_LIMIT_DATABASE: refusal("RDS takes 20 migrations of one database a day, and they are used up.", {
    codes: ["UploadLimitExceeded", "ExceedUploadTime", "UploadTimesQuotaExceeded"],
    remedy: "Run pulumi up again tomorrow; in which time zone the day begins is not documented.",
    retry: "passes",
    ...API_PAGE,
  }),
  API_DAILY_LIMIT_INSTANCE: refusal(
    'RDS takes 500 migrations of one instance a day (its text says "concurrent"), and they are used up.',
    {
      codes: ["ConcurrentTaskExceeded"],
      remedy: "Run pulumi up again later; if it still refuses, tomorrow.",
      retry: "passes",
      ...API_PAGE,
    },
  ),
  API_FILE_EXTENSION: refusal("The object's name does not end in .bak (or .diff, .trn, .log for increments).", {
    codes: ["IncorrectFileExtension", "InvalidFile"],
    remedy: "Rename the object; an uploaded backup gets the right name by itself.",
    retry: "never",
    ...API_PAGE,
  }),
  API_OSS_URL: refusal("RDS cannot read the object at the place it was given.", {
    codes: ["InvalidOssUrl"],
    remedy: `Check that the object is there and Standard without server-side encryption, that its bucket is in the region of the instance, and that RDS may read it. If the role AliyunRDSImportRole was never granted: ${AUTHORIZE}.`,
    retry: "afterFix",
    recheck: "object",
    ...API_PAGE,
  }),
  API_BAK_TOO_LARGE: refusal("The backup file is larger than 3 TB, which is what RDS takes.", {
    codes: ["BakFileSizeExceeded"],
    remedy: "Back up WITH COMPRESSION, or archive data before the backup; a striped backup is not accepted either.",
    retry: "never",
    ...API_PAGE,
  }),
  API_NO_SPACE: refusal("The restored files would not fit on the instance's disk.", {
    codes: ["FileSizeExceeded", "ExceedDiskSize"],
    remedy: "Enlarge the instance's storage, then run pulumi up again.",
    retry: "afterFix",
    recheck: "space",
    ...API_PAGE,
  }),
  API_ENGINE_NOT_SUPPORTED: refusal("This minor version or edition of the instance does not support the operation.", {
    codes: ["EngineNotSupported", "EngineVersionNotSupported"],
    remedy: "Upgrade the minor engine version of the instance, then run pulumi up again.",
    retry: "afterFix",
    recheck: "instance",
    ...OPEN_PAGE,
  }),
  API_TASK_STATUS: refusal("The migration task is in a state that does not take this call.", {
    codes: ["InvalideStatus", "InvalidStatus"],
    remedy:
      "Look at the task in the console (Backup and Restoration, Cloud Migration Records): it may have ended, or still be restoring. The next pulumi up looks again before it acts.",
    retry: "afterFix",
    ...OPEN_PAGE,
    source: `${OPEN_PAGE.source}; the spelling is the service's own`,
  }),
  API_COMBO_INSTANCE: refusal("The instance belongs to a package order that does not allow this operation.", {
    codes: ["Order.ComboInstanceNotAllowOperate"],
    remedy: "Use an instance that was ordered by itself, or ask Alibaba Cloud what the order allows.",
    retry: "never",
    ...OPEN_PAGE,
  }),
  API_TASK_NOT_FOUND: refusal("The service knows no migration task of that id on this instance.", {
    codes: ["InvalidMigrateTaskId"],
    remedy: "Correct the id (console, Backup and Restoration, Cloud Migration Records).",
    retry: "never",
    source: "DescribeMigrateTaskById; the code is assumed, like that of other ids",
    link: PAGES.openApiErrors,
  }),
  API_REFUSED: refusal("This code is not in the catalogue of this project.", {
    script: "OPENAPI Response Error !!!!! : HTTP Status: <Http Status Code> Error:<Error>",
    remedy:
      "Look the code up with the RequestId at api.alibabacloud.com/troubleshoot, correct the cause and run pulumi up again.",
    retry: "afterFix",
    source: "this project",
    link: PAGES.openApiErrors,
  }),
};
