import type { ErrorCode, ErrorValues } from "../../provider/errors/catalogue";
import type { ServiceFault } from "../../provider/errors/service-fault";
import type { TaskFault } from "../../provider/errors/task-errors";

const file = "backups/erp.bak";
const log = "backups/erp_LOG_20260501021500.trn";
const database = "erp";
const instance = "rm-2zesz5774ud8s71i5";
const bucket = "backups";
const key = "erp_FULL_20260501020000.bak";
const object = { bucket, key };
const upload = { operation: "UploadPart", target: `oss://${bucket}/${key}` };
const requestId = "E3A7F0C2-58D6-5C6B-9A57-0B1C2D3E4F50";
const answer = `In the service's words (HTTP 403, RequestId ${requestId})`;

const claimed = {
  ...{ database, instance, claimedAt: "2026-05-01T02:00:00.000Z" },
  claim: `oss://${bucket}/${key}.0f3a9c1b7d5e2468.claim`,
};

/** A refusal by the service. Messages are from the error codes of CreateMigrateTask; undocumented ones follow the usual form. */
const refused = (status: number, code: string, message: string, operation = "CreateMigrateTask"): ServiceFault => ({
  operation,
  subject: operation === "GetRole" ? "role AliyunRDSImportRole" : `database ${database}`,
  resource: operation === "GetRole" ? "acs:ram:*:*:role/AliyunRDSImportRole" : `acs:rds:*:*:dbinstance/${instance}`,
  answer: { code, message, status, requestId },
});

/** A failed task with a description from the vendor's guides. */
const failed = (description: string): TaskFault => ({ database, taskId: "106121", description });

/** Example values for each entry of the catalogue, from which docs/reference/errors.md renders the messages. */
export const ERROR_EXAMPLES: { [C in ErrorCode]: ErrorValues<C> } = {
  INCREMENT_IS_FULL: { file },
  INCREMENT_OTHER_DATABASE: { file: log, found: "crm", server: "SQL02", database },
  INCREMENT_OTHER_BASE: { file: "erp_DIFF_2.bak", base: "backup set 6F9619FF-8B86-D011-B42D-00C04FC964FF" },
  INCREMENT_UNFIT: { file: log, fault: "it is stripe 2 of 3" },
  INCREMENT_MISSING: { file: log },
  INCREMENTS_UNREADABLE: {
    path: "logs/2026",
    reason: "permission denied (EACCES)",
    remedy: "Give the user that runs pulumi the right to read it.",
  },
  INCREMENT_NAMES_COLLIDE: { file: `oss://${bucket}/a/log.trn`, other: `oss://${bucket}/b/log.trn` },
  CHAIN_FORK: { database, file: log, fork: "2F4A…", wanted: "9B1C…", lsn: "37000000012800001" },
  CHAIN_START_UNKNOWN: { database, file },
  CHAIN_NOT_ON_2008R2: { instance },
  CHAIN_TASK_OPENS: { database, task: "106121" },
  PHASE_ONE_WAY: { database },
  INCREMENT_FAILED: {
    file: log,
    database,
    task: "106121",
    description:
      "The log in this backup set begins at LSN 37000000015600001, which is too recent to apply to the database. RESTORE LOG is terminating abnormally.",
    supply: "Supply the log backup that begins at or before LSN 37000000012800001.",
  },
  CHAIN_TASK_ENDED: { database, task: "106121", file: log, said: "IncorrectDBState" },
  INCREMENT_UNSETTLED: { file: log, database, task: "106121", said: "the call got no answer" },
  INCREMENT_UNKNOWN: { file: "erp_by_hand.trn", database, task: "106121" },
  ADOPT_OTHER_BACKUP: { task: "106121", database, file: "erp_FULL_20260401020000.bak", backup: "./backups/erp.bak" },
  ADOPT_UNKNOWN_FILE: { file: "erp_LOG_9.trn", database },
  CUTOVER_NOT_READY: { database, reasons: ["the last log was not taken WITH NORECOVERY"] },
  CUTOVER_UNSETTLED: { database, task: "106121", said: "No answer within 10 s." },
  GROUP_NOT_READY: {
    members: [{ database: "crm", reasons: ["1 increment is not applied yet: crm_LOG_4.trn"] }],
    of: 3,
    open: [],
  },
  GROUP_INCOMPLETE: {
    opened: [database],
    database: "crm",
    why: 'migration task 106122 failed: "Failed to open database crm."',
    closed: ["hr"],
  },
  INCREMENTS_LIMITED: { database, left: 7, until: "2026-05-02T02:00:00Z" },
  INCREMENT_AFTER_CUTOVER: { database, file: log },
  SOURCE_WRITTEN_AFTER: { database, files: [log], lsn: "37000000012800001" },

  INPUT_INVALID: { property: "wait", fault: 'is "long"', remedy: "Write one of: finished, submitted." },

  INSTANCE_FINDINGS: { refused: [{ database: "crm", reasons: ["BACKUP_TRUNCATED: …"] }], of: 12 },
  INSTANCE_ISOLATED: { refused: [{ database: "crm", reasons: ["BACKUP_TRUNCATED: …"] }], of: 12 },
  INSTANCE_INCOMPLETE: { instance, reached: 11, of: 12, failed: 1, unfinished: 0, online: true, failedSince: true },
  INSTANCE_RETRIED: { instance, failed: 1, of: 12 },
  BACKUPS_FOLDER_MISSING: { folder: "./backups" },
  BACKUPS_NOT_A_FOLDER: { folder: "./backups/erp.bak" },
  BACKUPS_FOLDER_EMPTY: {
    folder: "oss://backups/sql01",
    skipped: [{ file: "oss://backups/sql01/readme.txt", reason: "is not named like a backup (.txt)" }],
    names: "*.bak, *.trn, *.dif, *.diff, *.full and *.log, also in subfolders",
    isOfProgram: true,
  },
  DATABASE_LISTED_TWICE: { database, files: ["sql01/erp.bak", "sql02/erp.bak"] },
  BACKUPS_LIST_EMPTY: {},
  BACKUPS_UNREADABLE: { files: [{ file: "backups/erp.bak", fault: "EACCES" }] },
  MANIFEST_MISSING: { file: "backups.json" },
  MANIFEST_EMPTY: { file: "backups.json" },
  DATABASES_NOT_FOUND: { asked: ["dwh"], found: ["crm", "erp"] },
  DATABASES_NONE_LEFT: { found: ["crm", "erp"], skipped: [] },

  BACKUP_EMPTY: { file },
  BACKUP_TRAILING_BYTES: { file, at: 53_412_864, extraBytes: 17 },
  BACKUP_FOREIGN: { file, what: "a ZIP archive", remedy: "Unpack it and give the backup in it." },
  BACKUP_TRUNCATED: { file, sizeBytes: 40_000, what: "the last backup set is incomplete" },
  BACKUP_DAMAGED: { file, at: 4096, what: "a block's checksum does not match" },
  BACKUP_PAGES_DAMAGED: { file, pages: 2, at: 73_728 },
  BACKUP_ENCRYPTED: { file },
  BACKUP_COMPRESSION: { file, how: "ZSTD" },
  CHAIN_NO_FULL: { database, files: ["erp_LOG_1.trn", "erp_LOG_2.trn"] },
  BACKUP_NEWER_UNFIT: {
    database,
    file: "erp-tuesday.bak",
    time: "2024-05-02T02:00:00",
    fault:
      "is cut off at 12000 bytes. Reason: the next block needs 35 more bytes. Copy it again from the source server (BACKUP_TRUNCATED)",
    older: "erp-monday.bak",
    olderTime: "2024-05-01T02:00:00",
  },
  CHAIN_FAMILIES: { database, sources: ["SQL01 (erp-a.bak)", "SQL02 (erp-b.bak)"] },
  CHAIN_GAP: { database, lsn: "37000000012800001", file: "erp_LOG_3.trn", fileLsn: "37000000015600001" },
  BACKUP_NAME_DIFFERS: { file: "crm_FULL_20260501020000.bak", differences: ["database crm against erp"] },
  MANIFEST_INVALID: { file: "backups.json", place: "entry 3", fault: "crc64 is missing" },

  BASELINE_MISSING: { file: "backups/baseline.json" },
  BASELINE_INVALID: { file: "baseline.jsonl", place: "line 3", fault: "it is no JSON" },
  BASELINE_NEWER: { file: "baseline.jsonl", version: "2" },
  VERIFICATION_FILE_MISSING: { argument: "target", file: "verify.json" },
  VERIFICATION_FAILED: { differences: ["ERP/rows/[dbo].[orders]: 100 before, 98 after", "ERP/missing user/app"] },
  ACCEPTED_DIFFERENCE_ABSENT: { names: ["ERP/rows/[dbo].[audit]"] },

  OSS_NO_SUCH_BUCKET: { bucket },
  OSS_ACCESS_DENIED: { ...upload, action: "oss:PutObject", answer },
  OSS_WRONG_ENDPOINT: { ...upload, endpoint: "https://oss-cn-hangzhou.aliyuncs.com", answer },
  OSS_CREDENTIALS_REFUSED: { ...upload, code: "SignatureDoesNotMatch", answer },
  OSS_CREDENTIALS_EXPIRED: upload,
  OSS_CLOCK_SKEWED: { ...upload, answer },
  OSS_ACCOUNT_DISABLED: { ...upload, answer },
  OSS_REFUSED: { ...upload, code: "InvalidArgument", answer },
  OSS_OBJECT_RETAINED: { ...upload, operation: "DeleteObject", answer },
  OSS_REPLY_UNREADABLE: { ...upload, status: "HTTP 502", beginning: "502 Bad Gateway" },
  OSS_TLS_FAILED: {
    ...upload,
    endpoint: "https://oss-cn-hangzhou.aliyuncs.com",
    fault: "SELF_SIGNED_CERT_IN_CHAIN, self-signed certificate in certificate chain",
  },
  OSS_UNAVAILABLE: { ...upload, minutes: "15 minutes", last: "ECONNRESET, socket hang up" },
  ENDPOINT_INVALID: { property: "endpoint", value: "hangzhou", fault: "it has no scheme" },
  PART_SIZE_OUT_OF_RANGE: { partSizeBytes: 1024, minPartBytes: 102_400, maxPartBytes: 5_368_709_120 },
  FILE_TOO_LARGE: { sizeBytes: 60_000_000_000_000, mostBytes: 53_687_091_200_000 },
  FILE_CHANGED: { file, change: "its size went from 1000 to 2000 bytes" },
  FILE_UNREADABLE: { file, fault: "EIO" },
  OBJECT_DIFFERS: { ...object, file, difference: "CRC-64 17 instead of 42" },
  OBJECT_CHANGED: { ...object, change: "another ETag" },
  OBJECT_UNVERIFIED: object,
  OBJECT_CORRUPT: { ...object, expected: "42", found: "17" },
  PART_CORRUPT: { ...object, part: 3, expected: "42", found: "17", attempts: 5 },
  UPLOAD_STOPPED: object,
  UPLOAD_DISTURBED: { ...object, rounds: 3, last: "NoSuchUpload" },

  PATH_IN_PROGRAM_FOLDER: { path: "./backups", fromProject: "src/backups" },
  BACKUP_MISSING: { file },
  BACKUP_ONLY_IN_MANIFEST: { file, ...object },
  BACKUP_NOT_AS_MANIFEST: { file, what: "the size", expected: "1000", found: "2000" },
  BACKUP_IS_FOLDER: { file: "backups" },
  BACKUP_UNREADABLE: {
    file,
    reason: "permission denied (EACCES)",
    remedy: "Give the user that runs pulumi the right to read it.",
  },
  BACKUP_UNFIT: { subject: file, faults: ["BACKUP_EMPTY: [backup] backups/erp.bak is empty (0 bytes)."] },
  BACKUP_NOT_FULL: { file, type: "a transaction log backup" },
  BACKUP_IS_STRIPE: { file, stripe: 2, of: 3 },
  BACKUP_SEVERAL_SETS: { file, databases: ["1: erp", "2: crm"] },
  BACKUP_PASSWORD: { file, what: "media" },
  BACKUP_TOO_LARGE: { file, sizeBytes: 4 * 2 ** 40 },
  BACKUP_OTHER_DATABASE: { file, declared: "CRM", found: "ERP" },
  DATABASE_ONLINE_ALREADY: { database, task: "106121" },
  DATABASE_NAME_UNKNOWN: { file },
  DATABASE_NAME_SYSTEM: { file, database: "msdb" },
  DATABASE_DECLARED_TWICE: { database, instance, backup: "a.bak", otherBackup: "b.bak", other: "urn:…::erp" },
  KEY_NOT_ALLOWED: {
    property: "folder",
    key: "a|b/erp.bak",
    fault: "@, | and : separate the parts of what RDS is given",
  },
  BUCKET_DIFFERS: { bucket, named: "elsewhere" },
  OBJECT_MISSING: object,
  BUCKET_NOT_STANDARD: { bucket, storageClass: "IA" },
  BUCKET_ENCRYPTED: { bucket, algorithm: "AES256" },

  VERSION_TOO_NEW: { file, source: "SQL Server 2022", databaseVersion: 957, instance, engineVersion: "2019_std_ha" },
  VERSION_TOO_OLD: { file, databaseVersion: 539 },
  DATABASES_TOO_MANY: { instance, database, present: 99, added: 2, most: 100 },
  SPACE_TOO_SMALL: { instance, database, needed: "120.0 GiB", databases: 3, free: "98.0 GiB" },
  SPACE_TIGHT: { instance, database, needed: "120.0 GiB", databases: 3, free: "98.0 GiB" },
  ACCOUNT_MISSING: { instance },
  MAINTENANCE_NEAR: { instance, window: "18:00Z-22:00Z", estimate: "2h 46m" },
  VERSION_2008R2_CLOUD: { instance },
  KEY_DOUBTFUL: { key: "erp (copy).bak", characters: "( and )" },
  EXTENSION_DOUBTFUL: { key: "erp_FULL_20260501020000.trn", extension: "trn" },
  DATABASE_NAME_DOUBTFUL: { database: "ERP & CRM" },
  COLLATION_DIFFERS: {
    ...{ database, collation: "Latin1_General_CI_AS" },
    ...{ instance, instanceCollation: "Chinese_PRC_CI_AS" },
  },
  BACKUP_SIMPLE_RECOVERY: { file, database },
  BACKUP_BULK_LOGGED: { file, database },
  BACKUP_NEAR_LIMIT: { file, sizeBytes: 3_100_000_000_000 },
  BACKUP_READ_ONLY: { file, database },
  BACKUP_SINGLE_USER: { file, database },
  BACKUP_OF_DAMAGED: { file },
  BACKUP_OTHER_FILES: { file, names: ["erp_docs"] },
  QUOTA_DATABASE: { instance, database, used: 20, most: 20 },
  QUOTA_INSTANCE: { instance, used: 460, added: 50, most: 500 },
  BUCKET_OTHER_ACCOUNT: { bucket, owner: "1234567890123456", account: "6543210987654321" },
  BUCKET_FOREIGN: { bucket, said: "The bucket you visit is not belong to you." },
  OBJECT_NOT_STANDARD: { ...object, storageClass: "Archive" },
  OBJECT_ENCRYPTED: { ...object, algorithm: "KMS" },
  IMPORT_ROLE_MISSING: { role: "AliyunRDSImportRole" },
  IMPORT_ROLE_LINKED: { role: "AliyunRDSImportRole", linked: "AliyunServiceRoleForRdsImport" },
  IMPORT_ROLE_NOT_TRUSTING: { role: "AliyunRDSImportRole", service: "rds.aliyuncs.com" },

  INSTANCE_NOT_FOUND: {
    ...refused(404, "InvalidDBInstanceId.NotFound", "The DBInstanceId provided does not exist in our records."),
    operation: "DescribeDBInstanceAttribute",
    subject: `instance ${instance}`,
  },
  INSTANCE_NOT_SQLSERVER: { instance, engine: "MySQL" },
  INSTANCE_NOT_PRIMARY: { instance, type: "Readonly" },
  INSTANCE_NOT_RUNNING: { instance, status: "Stopped", passes: false },
  INSTANCE_LOCKED: { instance, lockMode: "LockByExpiration", reason: "overdue" },
  REGION_DIFFERS: { region: "cn-beijing", found: "rm-2zesz5774ud8s71i5 in cn-hangzhou and backups in cn-hangzhou" },
  REGION_INVALID: { place: "alicloud:region", value: "cn-hangzhou-h", zoneOf: "cn-hangzhou" },
  INSTANCE_REGION_DIFFERS: { instance, instanceRegion: "cn-beijing", bucket, bucketRegion: "cn-hangzhou" },
  DATABASE_EXISTS: { database, instance, status: "Running" },
  REPLACE_BLOCKED: { database, instance },
  DATABASE_MISSING_2008R2: { database, instance },
  OVERWRITE_NOT_ALLOWED: { database, instance },
  OVERWRITE_MAY_REPEAT: { instance },
  TASK_AMBIGUOUS: { database, tasks: ["106121", "106122"] },
  CLAIM_UNDECIDED: {
    ...claimed,
    task: undefined,
    found:
      "the task list shows no task of erp, but may omit tasks that wait for increments; the database erp does not exist",
  },
  CLAIM_HELD: claimed,
  DATABASE_BUSY: { database, instance, taskId: "106121", status: "Running", since: "2026-05-01T02:00:00.000Z" },
  TASK_FORGOTTEN: { task: "106121", database, instance },
  ADOPT_NO_TASK: { task: "106121", instance },
  ADOPT_OTHER_DATABASE: { task: "106121", database, found: "crm" },
  ADOPT_NO_DATABASE: { database, instance },
  CREATE_UNSETTLED: { database, said: "ECONNRESET" },

  API_DB_NAME: refused(403, "InvalidDBName", "The specified database name is not allowed."),
  API_INSTANCE_STATE: refused(
    403,
    "IncorrectDBInstanceState",
    "Current DB instance state does not support this operation.",
  ),
  API_INSTANCE_TYPE: refused(
    400,
    "IncorrectDBInstanceType",
    "Current DB instance type does not support this operation.",
  ),
  API_LOCK_MODE: refused(
    400,
    "IncorrectDBInstanceLockMode",
    "Current DB instance lock mode does not support this operation.",
  ),
  API_DB_NAME_TAKEN: refused(
    400,
    "InvalidDBName.NotFound",
    "Specified one or more DB name does not exist or DB status does not support.",
  ),
  API_DB_TYPE: refused(400, "IncorrectDBType", "Current DB type does not support this operation."),
  API_DB_STATE: refused(400, "IncorrectDBState", "Current DB state does not support this operation."),
  API_DAILY_LIMIT_DATABASE: refused(
    400,
    "UploadLimitExceeded",
    "UploadTimesQuotaExceeded: Exceeding the daily upload times of this DB.",
  ),
  API_DAILY_LIMIT_INSTANCE: refused(400, "ConcurrentTaskExceeded", "Concurrent task exceeding the allowed amount."),
  API_FILE_EXTENSION: refused(400, "IncorrectFileExtension", "The file extension does not support."),
  API_OSS_URL: refused(400, "InvalidOssUrl", "Specified oss url is not valid."),
  API_BAK_TOO_LARGE: refused(400, "BakFileSizeExceeded", "Exceeding the allowed bak file size."),
  API_NO_SPACE: refused(400, "FileSizeExceeded", "Exceeding the allowed file size of DB instance."),
  API_ENGINE_NOT_SUPPORTED: refused(
    400,
    "EngineNotSupported",
    "The engine of the instance does not support this operation.",
    "CreateOnlineDatabaseTask",
  ),
  API_TASK_STATUS: refused(
    400,
    "InvalideStatus",
    "The status of the migration task does not support this operation.",
    "CreateOnlineDatabaseTask",
  ),
  API_COMBO_INSTANCE: refused(
    400,
    "Order.ComboInstanceNotAllowOperate",
    "A package instance does not allow this operation.",
    "CreateOnlineDatabaseTask",
  ),
  API_TASK_NOT_FOUND: refused(
    404,
    "InvalidMigrateTaskId.NotFound",
    "The specified migration task does not exist.",
    "DescribeMigrateTaskById",
  ),
  API_REFUSED: refused(400, "SomethingNew", "Something that no document names."),

  TASK_DATABASE_EXISTS: failed(
    "The database (erp) is already exist on RDS, please backup and drop it, then try again.",
  ),
  TASK_NOT_FULL_BACKUP: failed("Backup set (erp.bak) is a Database Differential backup, we only accept a FULL Backup."),
  TASK_NOT_INCREMENT: failed(
    "Backup set (erp.bak) is a Database FULL backup, we only accept transaction log or differential backup.",
  ),
  TASK_VERIFY_FAILED: failed("Failed to verify erp.bak, backup file was corrupted or newer edition than RDS."),
  TASK_CHECKDB_FAILED: failed("DBCC checkdb failed"),
  TASK_NO_SPACE: failed("Not Enough Disk Space for restoring, space left (100 MB) < needed (300 MB)"),
  TASK_URL_EXPIRED: failed("Failed to download backup file since OSS URL was expired."),
  TASK_OPEN_FAILED: failed("Failed to open database erp."),
  TASK_LOG_TOO_RECENT: failed(
    "The log in this backup set begins at LSN 37000000015600001, which is too recent to apply to the database. RESTORE LOG is terminating abnormally.",
  ),
  TASK_RESTORE_ENDED: failed(
    "This backup set cannot be applied because it is on a recovery path that is inconsistent with the database. RESTORE LOG is terminating abnormally.",
  ),
  TASK_DATABASE_COUNT: failed("The database (erp) migration failed due to databases count limitation."),
  TASK_TERMINATED: failed("The migration task is terminated."),
  TASK_FAILED: failed("Something that no document prints."),

  ONLINE_DAMAGED: {
    description:
      "asynchronously DBCC checkdb failed: CHECKDB found 0 allocation errors and 2 consistency errors in table 'T1' (object ID 7).",
  },
  ONLINE_NO_ACCOUNT: {
    description:
      "Your RDS doesn't have any init account yet, please create one and grant permissions on RDS console to this migrated database (erp).",
  },
  ONLINE_NOT_ACCESSIBLE: { database, instance, status: "Creating" },

  REQUEST_NOT_SENT: { operation: "DescribeDBInstanceAttribute", said: "ERR_INVALID_CHAR" },
  NO_CREDENTIALS: {
    reasons: [
      "the stack's configuration: unset: alicloud:accessKey with alicloud:secretKey",
      "~/.aliyun/config.json: the CloudSSO login expired at 2026-05-01T08:00Z; log in again with the aliyun CLI",
    ],
    endedAt: "~/.aliyun/config.json",
  },
  NO_REGION: {},
  ACCESS_KEY_UNKNOWN: refused(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."),
  SIGNATURE_REFUSED: refused(400, "IncompleteSignature", "The request signature does not conform to Aliyun standards."),
  TOKEN_EXPIRED: refused(400, "InvalidSecurityToken.Expired", "The security token has expired."),
  NOT_AUTHORIZED: refused(403, "Forbidden.RAM", "The user is not authorized to operate on the resource."),
  ROLE_NOT_FOUND: {
    ...refused(404, "EntityNotExist.Role", "The role not exists: acs:ram::1234567890123456:role/migrator."),
    ...{ operation: "AssumeRole", subject: "role acs:ram::1234567890123456:role/migrator" },
  },
  CLOCK_SKEWED: refused(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."),
  THROTTLED: refused(400, "Throttling.User", "Request was denied due to user flow control."),
  SERVICE_FAULT: refused(500, "InternalError", "The request processing has failed due to an unknown error."),
  TLS_FAILED: { operation: "DescribeDatabases", host: "rds.aliyuncs.com", said: "DEPTH_ZERO_SELF_SIGNED_CERT" },
  NETWORK_FAILED: { operation: "CreateMigrateTask", host: "rds.aliyuncs.com", said: "ECONNRESET" },
  NO_ANSWER: { operation: "CreateMigrateTask", host: "rds.aliyuncs.com", said: "time-out" },
  ANSWER_TOO_LARGE: {
    operation: "DescribeMigrateTasks",
    host: "rds.aliyuncs.com",
    said: "the reply is longer than 16777216 bytes",
  },
  PROXY_INVALID: { variable: "HTTPS_PROXY", fault: "it names a proxy of the kind socks5" },
  PROXY_USER_REFUSED: {
    proxy: "the proxy http://proxy.example.com:3128 of HTTPS_PROXY",
    variable: "HTTPS_PROXY",
  },
  ANSWER_UNREADABLE: { operation: "CreateMigrateTask", said: "not the expected JSON" },
  UNEXPECTED: { said: "something went wrong" },
  STATE_NEWER: { resource: "DatabaseMigration", version: 3, known: 2 },
  STATE_UNREADABLE: { resource: "DatabaseMigration", member: "chain.files", fault: "expected array, received string" },
  STACK_EXPORT_FAILED: { why: "error: no stack selected" },
  STACK_STATE_UNREADABLE: { file: "state.json", fault: "it is not JSON" },
};
