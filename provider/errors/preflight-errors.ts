import { entry } from "./catalogue-entry";
import { listed, OR_DROP } from "./message-text";
import { type MissingPath, missingRemedy, missingSummary } from "./missing-path";
import { PAGES } from "./vendor-pages";

const FULL_PAGE = "ApsaraDB RDS for SQL Server, Migrate full backup data";

/** Sound backups and programs that cannot be migrated all the same: found before anything is sent. */
export const preflightErrors = {
  BACKUP_MISSING: entry<MissingPath>({
    summary: (e) => missingSummary(`[backup] ${e.file}`, e),
    remedy: (e) => missingRemedy(e, "For a backup that is uploaded already, give oss://bucket/key."),
    retry: "never",
    source: "this project",
  }),
  BACKUP_ONLY_IN_MANIFEST: entry<{ file: string; bucket: string; key: string }>({
    summary: (e) => `[backup] ${e.file} is not on this machine.`,
    details: (e) => [
      `The bucket ${e.bucket} has no object ${e.key} with the size and CRC64 of the manifest entry either.`,
    ],
    remedy: "Run pulumi up once on the machine that has the file, or copy the file to this one.",
    retry: "afterFix",
    recheck: "object",
    source: "this project",
  }),
  BACKUP_NOT_AS_MANIFEST: entry<{ file: string; what: string; expected: string; found: string }>({
    summary: (e) => `[backup] ${e.file} differs from its manifest entry.`,
    details: (e) => [`It differs in ${e.what}: ${e.found} instead of ${e.expected}.`],
    remedy:
      "Supply the right file, or write the manifest again (npx --no sqlserver-migration bakinfo FOLDER --manifest FILE) and review the change.",
    retry: "never",
    source: "this project",
  }),
  BACKUP_IS_FOLDER: entry<{ file: string }>({
    summary: (e) => `[backup] ${e.file} is a folder, not a file.`,
    remedy: "Give the full backup of the one database.",
    retry: "never",
    source: "this project",
  }),
  BACKUP_UNREADABLE: entry<{ file: string; reason: string; remedy: string }>({
    summary: (e) => `[backup] ${e.file} cannot be read.`,
    details: (e) => [`Reason: ${e.reason}.`],
    remedy: (e) => e.remedy,
    retry: "afterFix",
    source: "this project",
  }),
  /** `subject`: the backup, or the increments of a database. `faults`: whole messages. */
  BACKUP_UNFIT: entry<{ subject: string; faults: string[] }>({
    summary: (e) => `${e.subject} cannot be migrated; nothing was uploaded.`,
    details: (e) => e.faults,
    remedy: "Correct this, then run pulumi up again.",
    retry: "never",
    source: "this project",
  }),
  /** `type`: with its article, `a transaction log backup`. */
  BACKUP_NOT_FULL: entry<{ file: string; type: string }>({
    summary: (e) => `[backup] ${e.file} is not a full backup.`,
    details: (e) => [`It is ${e.type}; a migration begins with a full one.`],
    remedy: "Give the full backup of the database as [backup].",
    retry: "never",
    source: `${FULL_PAGE}: "we only accept a FULL Backup"`,
    link: PAGES.fullMigration,
  }),
  BACKUP_IS_STRIPE: entry<{ file: string; stripe: number; of: number }>({
    summary: (e) => `[backup] ${e.file} is file ${e.stripe} of ${e.of} of a striped backup.`,
    details: () => ["RDS restores a database from one file."],
    remedy: "Back the database up again to a single file (one DISK = … clause).",
    retry: "never",
    source: "CreateMigrateTask, OssObjectPositions: a single endpoint:bucket:key",
    link: PAGES.createMigrateTask,
  }),
  BACKUP_SEVERAL_SETS: entry<{ file: string; databases: string[] }>({
    summary: (e) => `[backup] ${e.file} holds ${e.databases.length} backups instead of one.`,
    details: (e) => [...listed("Backups in the file:", e.databases), "RDS cannot select one of them."],
    remedy: "Back each database up to a file of its own, WITH INIT.",
    retry: "never",
    source: "CreateMigrateTask has no parameter for the position in a file; not documented otherwise",
  }),
  BACKUP_PASSWORD: entry<{ file: string; what: string }>({
    summary: (e) => `[backup] ${e.file} is protected by a password.`,
    details: (e) => [`It has a ${e.what} password, and RDS has no parameter for one.`],
    remedy: "Back the database up again without MEDIAPASSWORD and PASSWORD.",
    retry: "never",
    source: "CreateMigrateTask has no parameter for a password",
  }),
  BACKUP_TOO_LARGE: entry<{ file: string; sizeBytes: number }>({
    summary: (e) => `[backup] ${e.file} has ${(e.sizeBytes / 2 ** 40).toFixed(2)} TiB; RDS accepts 3 TB.`,
    remedy:
      "Back the database up WITH COMPRESSION, or archive data before the backup. A striped backup is not accepted either.",
    retry: "never",
    source: "CreateMigrateTask, BakFileSizeExceeded",
    link: PAGES.createMigrateTask,
  }),
  BACKUP_OTHER_DATABASE: entry<{ file: string; declared: string; found: string }>({
    summary: (e) => `${e.declared}'s backup is of ${e.found}.`,
    details: (e) => [`[backups] declares ${e.declared}, but the header of ${e.file} names ${e.found}.`],
    remedy: (e) =>
      `Correct the entry. To restore ${e.found} under another name, declare it as ${e.found} and set overrides.${e.found}.databaseName.`,
    retry: "never",
    source: "this project",
  }),
  /** A replacement looks like a lost state: the engine calls `check` without the old inputs for both. */
  DATABASE_ONLINE_ALREADY: entry<{ database: string; task: string }>({
    summary: (e) => `[databaseName] ${e.database} is already online.`,
    details: (e) => [
      `This backup was restored by migration task ${e.task}.`,
      "A new resource records it and sends nothing. A replacement of its resource (--replace) ends with REPLACE_BLOCKED.",
    ],
    remedy: `To keep it, change nothing. To restore a second copy beside it, choose another databaseName; to use the name again, rename the database on RDS first. ${OR_DROP}`,
    retry: "never",
    source: "this project",
  }),
  DATABASE_NAME_UNKNOWN: entry<{ file: string }>({
    script: "Warning!!!!!, [xxx.bak] is not backup file, filtered.",
    summary: (e) => `[databaseName] ${e.file} does not name its database.`,
    details: () => ["Neither its header nor its file name contains the name."],
    remedy: "Set databaseName.",
    retry: "never",
    source: "this project",
    link: PAGES.instanceMigration,
  }),
  DATABASE_NAME_SYSTEM: entry<{ file: string; database: string }>({
    summary: (e) => `[backup] ${e.database} is a system database.`,
    details: (e) => [`${e.file} is its backup. RDS does not restore system databases.`],
    remedy: "Exclude system databases. Set databaseName if it is a user database with such a name.",
    retry: "never",
    source: "CreateMigrateTask, InvalidDBName",
    link: PAGES.createMigrateTask,
  }),
  DATABASE_DECLARED_TWICE: entry<{
    database: string;
    instance: string;
    backup: string;
    otherBackup: string;
    other: string;
  }>({
    summary: (e) => `[databaseName] ${e.database} is declared twice.`,
    details: (e) => [
      `${e.backup} and ${e.otherBackup} are both to become this database on ${e.instance}.`,
      `The other resource is ${e.other}.`,
    ],
    remedy: "Give one of them another databaseName, or remove one.",
    retry: "never",
    source: "this project",
  }),
  KEY_NOT_ALLOWED: entry<{ property: string; key: string; fault: string }>({
    summary: (e) => `[${e.property}] ${JSON.stringify(e.key)} is not allowed.`,
    details: (e) => [`It cannot be the key of a backup: ${e.fault}.`],
    remedy: "Use letters, digits and . _ - / only; rename the object or choose another folder.",
    retry: "never",
    source:
      "CreateMigrateTask, OssObjectPositions is endpoint:bucket:key; field reports on @, | and Chinese characters",
    link: PAGES.fullMigration,
  }),
  BUCKET_DIFFERS: entry<{ bucket: string; named: string }>({
    summary: (e) => `[backup] is in another bucket than ${e.bucket}.`,
    details: (e) => [`[backup] names ${e.named}, [bucket] names ${e.bucket}.`],
    remedy: "Give the same bucket in [backup] and [bucket].",
    retry: "never",
    source: "this project",
  }),
  OBJECT_MISSING: entry<{ bucket: string; key: string }>({
    script: "There is no backup file on OSS Bucket [xxxxxx] under [xxxxxxxxx] folder",
    summary: (e) => `[backup] the object ${e.key} does not exist.`,
    details: (e) => [`The bucket is ${e.bucket}.`],
    remedy: "Correct oss://bucket/key (keys are case-sensitive), or give a local path so that the backup is uploaded.",
    retry: "afterFix",
    recheck: "object",
    source: "OSS HeadObject, NoSuchKey",
    link: PAGES.instanceMigration,
  }),
  BUCKET_NOT_STANDARD: entry<{ bucket: string; storageClass: string }>({
    summary: (e) => `[bucket] ${e.bucket} is not a Standard bucket.`,
    details: (e) => [`Its storage class is ${e.storageClass}; RDS restores only from Standard.`],
    remedy: "Use a Standard bucket; MigrationBucket creates one that satisfies every rule.",
    retry: "never",
    source: "ApsaraDB RDS for SQL Server, instance-level migration, prepare the OSS bucket",
    link: PAGES.instanceMigration,
  }),
  BUCKET_ENCRYPTED: entry<{ bucket: string; algorithm: string }>({
    summary: (e) => `[bucket] ${e.bucket} encrypts its objects on the server.`,
    details: (e) => [`The algorithm is ${e.algorithm}. RDS restores only from buckets without server-side encryption.`],
    remedy:
      "Use a bucket without server-side encryption. alicloud.oss.BucketObject would switch it on for its objects.",
    retry: "never",
    source: "ApsaraDB RDS for SQL Server, instance-level migration, prepare the OSS bucket",
    link: PAGES.instanceMigration,
  }),
};
