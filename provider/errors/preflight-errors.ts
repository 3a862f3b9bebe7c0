import { entry } from "./catalogue-entry";
import { PAGES } from "./vendor-pages";

const FULL_PAGE = "ApsaraDB RDS for SQL Server, Migrate full backup data";

/** Backups and programs that are sound in themselves and yet cannot be migrated: found before anything is sent. */
export const preflightErrors = {
  BACKUP_MISSING: entry<{ file: string }>({
    message: (e) => `[backup] There is no file ${e.file}.`,
    remedy:
      "Correct the path (it is relative to the folder of Pulumi.yaml), or give oss://bucket/key for a backup that is uploaded already.",
    retry: "never",
    source: "this project",
  }),
  BACKUP_ONLY_IN_MANIFEST: entry<{ file: string; bucket: string; key: string }>({
    message: (e) =>
      `[backup] ${e.file} is not on this machine, and the bucket ${e.bucket} has no object ${e.key} with the size and CRC64 of its manifest entry.`,
    remedy: "Run pulumi up once where the file is, or copy the file here.",
    retry: "afterFix",
    recheck: "object",
    source: "this project",
  }),
  BACKUP_NOT_AS_MANIFEST: entry<{ file: string; what: string; expected: string; found: string }>({
    message: (e) =>
      `[backup] ${e.file} is not the file of its manifest entry: ${e.what} is ${e.found}, not ${e.expected}.`,
    remedy: "Put the right file there, or make the manifest anew (npx bakinfo --manifest) and review the change.",
    retry: "never",
    source: "this project",
  }),
  BACKUP_IS_FOLDER: entry<{ file: string }>({
    message: (e) => `[backup] ${e.file} is a folder; a DatabaseMigration takes one backup file.`,
    remedy: "Give the full backup of the one database.",
    retry: "never",
    source: "this project",
  }),
  BACKUP_UNREADABLE: entry<{ file: string; said: string }>({
    message: (e) => `[backup] ${e.file} cannot be read (${e.said}).`,
    remedy: "Give the user that runs pulumi the right to read the file.",
    retry: "afterFix",
    source: "this project",
  }),
  BACKUP_UNFIT: entry<{ faults: string[] }>({
    message: (e) => e.faults.join(" "),
    remedy: "Nothing was uploaded: put that right, then run pulumi up again.",
    retry: "never",
    source: "this project",
  }),
  BACKUP_NOT_FULL: entry<{ file: string; type: string }>({
    message: (e) => `[backup] ${e.file} is a ${e.type} backup; a migration begins with a full one.`,
    remedy: "Give the full backup of the database as [backup].",
    retry: "never",
    source: `${FULL_PAGE}: "we only accept a FULL Backup"`,
    link: PAGES.fullMigration,
  }),
  BACKUP_IS_STRIPE: entry<{ file: string; stripe: number; of: number }>({
    message: (e) =>
      `[backup] ${e.file} is file ${e.stripe} of a striped backup of ${e.of} files; RDS restores a database from one file.`,
    remedy: "Back the database up again to a single file (one DISK = … clause).",
    retry: "never",
    source: "CreateMigrateTask, OssObjectPositions: a single endpoint:bucket:key",
    link: PAGES.createMigrateTask,
  }),
  BACKUP_SEVERAL_SETS: entry<{ file: string; databases: string[] }>({
    message: (e) =>
      `[backup] ${e.file} holds ${e.databases.length} backups (${e.databases.join(", ")}); RDS does not let anybody choose one.`,
    remedy: "Back each database up to a file of its own, WITH INIT.",
    retry: "never",
    source: "CreateMigrateTask has no parameter for the position in a file; not documented otherwise",
  }),
  BACKUP_PASSWORD: entry<{ file: string; what: string }>({
    message: (e) => `[backup] ${e.file} is protected by a ${e.what} password, which RDS cannot be given.`,
    remedy: "Back the database up again without MEDIAPASSWORD and PASSWORD.",
    retry: "never",
    source: "CreateMigrateTask has no parameter for a password",
  }),
  BACKUP_TOO_LARGE: entry<{ file: string; sizeBytes: number }>({
    message: (e) =>
      `[backup] ${e.file} has ${(e.sizeBytes / 2 ** 40).toFixed(2)} TiB; RDS takes backups of up to 3 TB.`,
    remedy: "Back the database up WITH COMPRESSION, or archive data before; a striped backup is not accepted either.",
    retry: "never",
    source: "CreateMigrateTask, BakFileSizeExceeded",
    link: PAGES.createMigrateTask,
  }),
  DATABASE_NAME_UNKNOWN: entry<{ file: string }>({
    script: "Warning!!!!!, [xxx.bak] is not backup file, filtered.",
    message: (e) => `[databaseName] Neither the header of ${e.file} nor its name tells which database it holds.`,
    remedy: "Set databaseName.",
    retry: "never",
    source: "this project",
    link: PAGES.instanceMigration,
  }),
  DATABASE_NAME_SYSTEM: entry<{ file: string; database: string }>({
    message: (e) =>
      `[backup] ${e.file} holds the system database ${e.database}, which RDS does not let anybody restore.`,
    remedy: "Leave system databases out; set databaseName if it is a user database that only has such a name.",
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
    message: (e) =>
      `[databaseName] ${e.backup} and ${e.otherBackup} (${e.other}) both go to the database ${e.database} of ${e.instance}.`,
    remedy: "Give one of them another databaseName, or leave one out.",
    retry: "never",
    source: "this project",
  }),
  KEY_NOT_ALLOWED: entry<{ property: string; key: string; fault: string }>({
    message: (e) => `[${e.property}] ${JSON.stringify(e.key)} cannot be the place of a backup: ${e.fault}.`,
    remedy: "Use letters, digits and . _ - / only; rename the object or choose another folder.",
    retry: "never",
    source:
      "CreateMigrateTask, OssObjectPositions is endpoint:bucket:key; field reports on @, | and Chinese characters",
    link: PAGES.fullMigration,
  }),
  BUCKET_DIFFERS: entry<{ bucket: string; named: string }>({
    message: (e) => `[backup] The backup is in the bucket ${e.named}, but [bucket] says ${e.bucket}.`,
    remedy: "Make the two agree.",
    retry: "never",
    source: "this project",
  }),
  OBJECT_MISSING: entry<{ bucket: string; key: string }>({
    script: "There is no backup file on OSS Bucket [xxxxxx] under [xxxxxxxxx] folder",
    message: (e) => `[backup] There is no object ${e.key} in the bucket ${e.bucket}.`,
    remedy: "Correct oss://bucket/key (keys are case-sensitive), or give a local path so that the backup is uploaded.",
    retry: "afterFix",
    recheck: "object",
    source: "OSS HeadObject, NoSuchKey",
    link: PAGES.instanceMigration,
  }),
  BUCKET_NOT_STANDARD: entry<{ bucket: string; storageClass: string }>({
    message: (e) => `[bucket] ${e.bucket} has the storage class ${e.storageClass}; RDS restores from Standard only.`,
    remedy: "Use a Standard bucket; MigrationBucket makes one that satisfies every rule.",
    retry: "never",
    source: "ApsaraDB RDS for SQL Server, instance-level migration, prepare the OSS bucket",
    link: PAGES.instanceMigration,
  }),
  BUCKET_ENCRYPTED: entry<{ bucket: string; algorithm: string }>({
    message: (e) =>
      `[bucket] ${e.bucket} encrypts on the server (${e.algorithm}); RDS restores only from buckets that do not.`,
    remedy:
      "Use a bucket without server-side encryption (alicloud.oss.BucketObject would switch it on for its objects).",
    retry: "never",
    source: "ApsaraDB RDS for SQL Server, instance-level migration, prepare the OSS bucket",
    link: PAGES.instanceMigration,
  }),
};
