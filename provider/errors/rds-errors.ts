import { entry } from "./catalogue-entry";
import { counted, listed, OR_DROP } from "./message-text";
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

/** A submission lock: its migration, its object and its time. */
export interface ClaimValues {
  database: string;
  instance: string;
  /** `oss://bucket/key`. */
  claim: string;
  claimedAt: string;
}

/** Faults of the instance, the database and the call that creates a migration task. */
export const rdsErrors = {
  INSTANCE_NOT_FOUND: refusal("the instance does not exist", {
    codes: ["InvalidDBInstanceId", "InvalidDBInstanceName"],
    script: "Couldn't find specify RDS [XXX].",
    cause: "This account and region have no instance of that id.",
    remedy: "Correct [instanceId], or the region or the account that the credentials belong to.",
    retry: "afterFix",
    recheck: "instance",
    ...VENDOR_TABLE,
  }),
  INSTANCE_NOT_SQLSERVER: entry<{ instance: string; engine: string }>({
    script: "RDS engine doesn't support, this is only for RDS SQL Server engine.",
    summary: (e) => `[instanceId] ${e.instance} is not a SQL Server instance.`,
    details: (e) => [`It runs ${e.engine}.`],
    remedy: "Give the id of an ApsaraDB RDS for SQL Server instance.",
    retry: "never",
    ...VENDOR_TABLE,
  }),
  INSTANCE_NOT_PRIMARY: entry<{ instance: string; type: string }>({
    summary: (e) => `[instanceId] ${e.instance} is not a primary instance.`,
    details: (e) => [`Its type is ${e.type}; databases are restored only into primary instances.`],
    remedy: "Give the id of the primary instance.",
    retry: "never",
    source: "DescribeDBInstanceAttribute, DBInstanceType",
  }),
  /** `passes`: the state ends by itself. */
  INSTANCE_NOT_RUNNING: entry<{ instance: string; status: string; passes: boolean }>({
    summary: (e) => `[instanceId] ${e.instance} is not running.`,
    details: (e) => [
      `Its state is ${e.status}${e.passes ? ", which ends by itself" : ""}; a migration needs the state Running.`,
    ],
    remedy: (e) =>
      e.passes
        ? "Wait: pulumi up uploads meanwhile, and waits for the instance within `timeout`."
        : "Wait until the console shows Running, or start the instance. Then run pulumi up again.",
    retry: "afterFix",
    recheck: "instance",
    source: "CreateMigrateTask, IncorrectDBInstanceState",
    link: PAGES.createMigrateTask,
  }),
  INSTANCE_LOCKED: entry<{ instance: string; lockMode: string; reason?: string }>({
    summary: (e) => `[instanceId] ${e.instance} is locked.`,
    details: (e) => [`It accepts no migration: ${e.lockMode}${e.reason === undefined ? "" : ` (${e.reason})`}.`],
    remedy: "Clear the cause of the lock (an unpaid bill, a full disk, a manual lock), then run pulumi up again.",
    retry: "afterFix",
    recheck: "instance",
    source: "DescribeDBInstanceAttribute, LockMode",
  }),
  INSTANCE_REGION_DIFFERS: entry<{ instance: string; instanceRegion: string; bucket: string; bucketRegion: string }>({
    summary: (e) => `[bucket] ${e.bucket} is in another region.`,
    details: (e) => [
      `The bucket is in ${e.bucketRegion}, the instance ${e.instance} in ${e.instanceRegion}.`,
      "RDS reads backups only from its own region.",
    ],
    remedy: "Use a bucket in the region of the instance.",
    retry: "never",
    source: "ApsaraDB RDS for SQL Server, instance-level migration, step 2",
    link: PAGES.instanceMigration,
  }),
  REGION_DIFFERS: entry<{ region: string; found: string }>({
    summary: (e) => `[region] RDS and OSS are not in ${e.region}.`,
    details: (e) => [
      `The service reports ${e.found}.`,
      `Requests are signed for ${e.region}, and RDS would be told to read the backup there.`,
    ],
    remedy: "Set alicloud:region (or the region argument) to the region of the instance.",
    retry: "afterFix",
    source: "DescribeDBInstanceAttribute, RegionId; GetBucketInfo, Location",
  }),
  DATABASE_EXISTS: entry<{ database: string; instance: string; status: string }>({
    summary: (e) => `[databaseName] ${e.database} already exists on RDS.`,
    details: (e) => [
      `${e.instance} has a database of that name (${e.status}), which this migration's task does not explain.`,
      "RDS restores only under a free name.",
    ],
    remedy: `If it is this very migration, set \`adopt: true\` once it is online, or \`adopt\` to its MigrateTaskId (see the console) during its restore. Otherwise choose another databaseName, or rename that database on RDS. ${OR_DROP}`,
    retry: "afterFix",
    recheck: "databaseName",
    source: "CreateMigrateTask, InvalidDBName.NotFound on SQL Server 2012 and later",
    link: PAGES.createMigrateTask,
  }),
  REPLACE_BLOCKED: entry<{ database: string; instance: string }>({
    summary: (e) => `[databaseName] ${e.database} was not migrated again.`,
    details: (e) => [
      `The database is still on ${e.instance}, and RDS restores only under a free name.`,
      "Its record is unchanged.",
    ],
    remedy: `To keep the record and the database, run pulumi up without --replace. To restore a second copy beside it, choose another databaseName. To use the name again, rename that database on RDS and repeat --replace. ${OR_DROP}`,
    retry: "afterFix",
    recheck: "databaseName",
    source: "CreateMigrateTask, InvalidDBName.NotFound on SQL Server 2012 and later",
    link: PAGES.createMigrateTask,
  }),
  DATABASE_MISSING_2008R2: entry<{ database: string; instance: string }>({
    summary: (e) => `[databaseName] ${e.database} does not exist on RDS.`,
    details: (e) => [
      `${e.instance} is SQL Server 2008 R2 with local disks, where a migration overwrites an existing database.`,
    ],
    remedy: "Create an empty database of that name on the instance first (console, Databases, Create Database).",
    retry: "afterFix",
    recheck: "databaseName",
    source: "ApsaraDB RDS for SQL Server, instance-level migration, prerequisites",
    link: PAGES.instanceMigration,
  }),
  OVERWRITE_NOT_ALLOWED: entry<{ database: string; instance: string }>({
    summary: (e) => `[allowOverwrite] ${e.database} would be overwritten.`,
    details: (e) => [
      `${e.instance} is SQL Server 2008 R2 with local disks, where a migration overwrites an existing database.`,
      "No call shows whether that database is empty.",
    ],
    remedy:
      "Create an empty database of another name on the instance, and set databaseName to it. Set `allowOverwrite: true` only if nobody needs the contents of this one: they are then lost.",
    retry: "never",
    source: "ApsaraDB RDS for SQL Server, full backup migration: 2008 R2 with local disks",
    link: PAGES.fullMigration,
  }),
  OVERWRITE_MAY_REPEAT: entry<{ instance: string }>({
    summary: (e) => `[allowOverwrite] two runs may both restore on ${e.instance}.`,
    details: () => [
      "The instance is SQL Server 2008 R2 with local disks, where RDS accepts a second task for a restored database.",
      "The submission lock keeps two runs apart. It cannot stop a request that the network or a proxy delivers late, after the lock has expired.",
    ],
    remedy:
      "Migrate into this instance with one run at a time. After a killed run, check the console for a second task.",
    retry: "never",
    source: "ApsaraDB RDS for SQL Server, full backup migration: 2008 R2 with local disks",
    link: PAGES.fullMigration,
  }),
  TASK_AMBIGUOUS: entry<{ database: string; tasks: string[] }>({
    summary: (e) => `${counted(e.tasks.length, "migration task")} may belong to ${e.database}.`,
    details: (e) => [
      "The service does not say which object each of them restores.",
      ...listed("Migration tasks:", e.tasks),
    ],
    remedy: "Check them in the console and set `adopt` to the id of the right one.",
    retry: "never",
    source: "DescribeMigrateTasks names no object; DescribeOssDownloads is not supported on some editions",
  }),
  CLAIM_UNDECIDED: entry<ClaimValues & { task: string | undefined; found: string }>({
    summary: (e) => `it is unknown whether ${e.database} has a migration task.`,
    details: (e) => [
      `An earlier run locked the migration into ${e.instance} and recorded no result.`,
      `Its submission lock is ${e.claim} (${e.claimedAt}).`,
      ...(e.task === undefined ? [] : [`Its migration task ${e.task} is no longer known to the service.`]),
      `State of ${e.instance}: ${e.found}.`,
      "No task is created, because a second one would restore the same database again.",
    ],
    remedy: (e) =>
      `Check ${e.instance} in the console (Backup and Restoration, Cloud Migration Records; Databases). If it shows a task, set \`adopt\` to its id. If it shows only the database, set \`adopt: true\`. If it shows neither, delete ${e.claim}. Then run pulumi up again.`,
    retry: "afterFix",
    source: "DescribeMigrateTasks lists full backups' tasks of a week and is not supported on some editions",
  }),
  CLAIM_HELD: entry<ClaimValues>({
    summary: (e) => `another run holds the submission lock of ${e.database}.`,
    details: (e) => [
      `The lock of the migration into ${e.instance} is ${e.claim} (${e.claimedAt}).`,
      "The other run may be creating its task now.",
      "The time of this run ended before the lock was released.",
    ],
    remedy: "Run pulumi up again: it continues the other run's task, or creates one if none exists.",
    retry: "passes",
    source: "this project",
  }),
  DATABASE_BUSY: entry<{ database: string; instance: string; taskId: string; status: string; since: string }>({
    summary: (e) => `[databaseName] another task is restoring ${e.database}.`,
    details: (e) => [
      `Migration task ${e.taskId} (${e.status}) on ${e.instance}, created at ${e.since}, restores another object into it.`,
      "This run submitted nothing.",
    ],
    remedy:
      "Find the other stack, program or person that names this database, and stop one of the two. When the task has ended, run pulumi up again, or choose another databaseName.",
    retry: "afterFix",
    source: "CreateMigrateTask, IncorrectDBState and InvalidDBName.NotFound",
  }),
  TASK_FORGOTTEN: entry<{ task: string; database: string; instance: string }>({
    summary: (e) => `the service no longer knows the task of ${e.database}.`,
    details: (e) => [
      `Migration task ${e.task} is unknown, and ${e.instance} has no database ${e.database}.`,
      "The database was not restored, or it was dropped since.",
    ],
    remedy: "Run pulumi up again to migrate it again.",
    retry: "afterFix",
    recheck: "databaseName",
    source: "DescribeMigrateTasks lists one week; how long DescribeMigrateTaskById answers is not documented",
  }),
  ADOPT_NO_TASK: entry<{ task: string; instance: string }>({
    summary: (e) => `[adopt] the migration task ${e.task} does not exist.`,
    details: (e) => [`The instance is ${e.instance}.`],
    remedy: "Correct the id (console, Backup and Restoration, Cloud Migration Records), or omit `adopt`.",
    retry: "never",
    source: "DescribeMigrateTaskById",
  }),
  ADOPT_OTHER_DATABASE: entry<{ task: string; database: string; found: string }>({
    summary: (e) => `[adopt] task ${e.task} restores another database.`,
    details: (e) => [`It restores ${e.found}, not ${e.database}.`],
    remedy: "Correct the id, or set databaseName to the database of that task.",
    retry: "never",
    source: "DescribeMigrateTaskById, DBName",
  }),
  ADOPT_NO_DATABASE: entry<{ database: string; instance: string }>({
    summary: (e) => `[adopt] ${e.database} is not an online database.`,
    details: (e) => [`${e.instance} has no online database of that name, so none can be recorded.`],
    remedy: "Correct databaseName, or omit `adopt` so that the backup is migrated.",
    retry: "afterFix",
    source: "DescribeDatabases",
  }),
  CREATE_UNSETTLED: entry<{ database: string; said: string }>({
    summary: (e) => `it is unknown whether a task for ${e.database} was created.`,
    details: (e) => [
      `CreateMigrateTask got no usable answer: ${e.said}`,
      "The task list shows no task for the database yet.",
      "The call was not sent again, because a second task would restore the database twice.",
    ],
    remedy: "Run pulumi up again: it checks for the task first and creates one only if none exists.",
    retry: "passes",
    source: "CreateMigrateTask takes no client token (@alicloud/rds20140815 15.4.0)",
  }),

  API_DB_NAME: refusal("RDS does not allow the database name", {
    codes: ["InvalidDBName"],
    cause: "System names are refused.",
    remedy: "Choose another databaseName.",
    retry: "never",
    ...API_PAGE,
  }),
  API_INSTANCE_STATE: refusal("the instance accepts no migration now", {
    codes: ["IncorrectDBInstanceState", "InvalidInstanceState"],
    cause: "It is being created, restarted or restored, or in a similar state.",
    remedy: "Wait until the instance is Running; the next pulumi up continues.",
    retry: "passes",
    ...API_PAGE,
  }),
  API_INSTANCE_TYPE: refusal("the instance accepts no migrations", {
    codes: ["IncorrectDBInstanceType", "InvalidInstanceType"],
    cause: "It runs another engine, or it is a read-only instance.",
    remedy: "Use a primary ApsaraDB RDS for SQL Server instance.",
    retry: "never",
    ...API_PAGE,
  }),
  API_LOCK_MODE: refusal("the instance is locked", {
    codes: ["IncorrectDBInstanceLockMode", "InvalidInstanceLockMode"],
    cause: "Usual causes are an overdue payment, a full disk or a manual lock.",
    remedy: "Clear the cause of the lock, then run pulumi up again.",
    retry: "afterFix",
    recheck: "instance",
    ...API_PAGE,
  }),
  API_DB_NAME_TAKEN: refusal("RDS cannot use the database name", {
    codes: ["InvalidDBName.NotFound", "InvalidDBName.Duplicate"],
    cause:
      "On SQL Server 2012 and later, a database of that name exists or is being restored. On 2008 R2, none exists.",
    remedy:
      "On 2012 and later, choose another databaseName, or rename that database on RDS. On 2008 R2, create it first.",
    retry: "afterFix",
    recheck: "databaseName",
    ...VENDOR_TABLE,
  }),
  API_DB_TYPE: refusal("the database type does not allow the call", {
    codes: ["IncorrectDBType", "InvalidDBType"],
    remedy: "Check the database of that name in the console: it is not an ordinary user database.",
    retry: "never",
    ...API_PAGE,
  }),
  API_DB_STATE: refusal("the database accepts no task in its state", {
    codes: ["IncorrectDBState", "InvalidDBState"],
    cause: "Usually another migration into the same name is running.",
    remedy: "Wait for that task to end (console, Cloud Migration Records); the next pulumi up checks again.",
    retry: "passes",
    ...API_PAGE,
  }),
  API_DAILY_LIMIT_DATABASE: refusal("the database's daily quota is used up", {
    codes: ["UploadLimitExceeded", "ExceedUploadTime", "UploadTimesQuotaExceeded"],
    cause: "RDS accepts 20 migrations of one database a day. The time zone of that day is not documented.",
    remedy: "Run pulumi up again tomorrow.",
    retry: "passes",
    ...API_PAGE,
  }),
  API_DAILY_LIMIT_INSTANCE: refusal("the instance's daily quota is used up", {
    codes: ["ConcurrentTaskExceeded"],
    cause: 'RDS accepts 500 migrations of one instance a day; its own text says "concurrent".',
    remedy: "Run pulumi up again later; if it still refuses, tomorrow.",
    retry: "passes",
    ...API_PAGE,
  }),
  API_FILE_EXTENSION: refusal("RDS does not accept the file extension", {
    codes: ["IncorrectFileExtension", "InvalidFile"],
    cause: "Full backups end in .bak; increments may also end in .diff, .trn or .log.",
    remedy: "Rename the object; an uploaded backup gets the right name by itself.",
    retry: "never",
    ...API_PAGE,
  }),
  API_OSS_URL: refusal("RDS cannot read the object", {
    codes: ["InvalidOssUrl"],
    remedy: `Check that the object exists, is Standard and has no server-side encryption. Check that its bucket is in the region of the instance. If the role AliyunRDSImportRole was never granted, grant it. ${AUTHORIZE}`,
    retry: "afterFix",
    recheck: "object",
    ...API_PAGE,
  }),
  API_BAK_TOO_LARGE: refusal("the backup file is larger than 3 TB", {
    codes: ["BakFileSizeExceeded"],
    cause: "RDS accepts files of up to 3 TB, and no striped backups.",
    remedy: "Back up WITH COMPRESSION, or archive data before the backup.",
    retry: "never",
    ...API_PAGE,
  }),
  API_NO_SPACE: refusal("the disk has no room for the restored files", {
    codes: ["FileSizeExceeded", "ExceedDiskSize"],
    remedy: "Enlarge the instance's storage, then run pulumi up again.",
    retry: "afterFix",
    recheck: "space",
    ...API_PAGE,
  }),
  API_ENGINE_NOT_SUPPORTED: refusal("the instance does not support the call", {
    codes: ["EngineNotSupported", "EngineVersionNotSupported"],
    cause: "Its minor version or edition lacks the operation.",
    remedy: "Upgrade the minor engine version of the instance, then run pulumi up again.",
    retry: "afterFix",
    recheck: "instance",
    ...OPEN_PAGE,
  }),
  API_TASK_STATUS: refusal("the task does not accept this call now", {
    codes: ["InvalideStatus", "InvalidStatus"],
    cause: "The task may have ended, or it is still restoring.",
    remedy:
      "Check the task in the console (Backup and Restoration, Cloud Migration Records). The next pulumi up checks again before it acts.",
    retry: "afterFix",
    ...OPEN_PAGE,
    source: `${OPEN_PAGE.source}; the spelling is the service's own`,
  }),
  API_COMBO_INSTANCE: refusal("the instance does not allow this call", {
    codes: ["Order.ComboInstanceNotAllowOperate"],
    cause: "It belongs to a package order.",
    remedy: "Use an instance that was ordered by itself, or ask Alibaba Cloud what the order allows.",
    retry: "never",
    ...OPEN_PAGE,
  }),
  API_TASK_NOT_FOUND: refusal("the migration task does not exist", {
    codes: ["InvalidMigrateTaskId"],
    remedy: "Correct the id (console, Backup and Restoration, Cloud Migration Records).",
    retry: "never",
    source: "DescribeMigrateTaskById; the code is assumed, like that of other ids",
    link: PAGES.openApiErrors,
  }),
  API_REFUSED: refusal("the service refused the call", {
    script: "OPENAPI Response Error !!!!! : HTTP Status: <Http Status Code> Error:<Error>",
    cause: "This version of the package does not know this code.",
    remedy:
      "Look the code up with the RequestId at api.alibabacloud.com/troubleshoot. Correct the cause and run pulumi up again.",
    retry: "afterFix",
    source: "this project",
    link: PAGES.openApiErrors,
  }),
};
