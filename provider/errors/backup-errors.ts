import { entry } from "./catalogue-entry";
import { counted, listed, plural } from "./message-text";

const TAKE_AGAIN =
  "Copy it again from the source server and compare the sizes. If they are equal, take the backup again.";

/** A time of a header as people write it. */
const spaced = (time: string): string => time.replace("T", " ");

/** Faults of a backup file, as far as the file alone shows them. */
export const backupErrors = {
  BACKUP_EMPTY: entry<{ file: string }>({
    summary: (e) => `[backup] ${e.file} is empty (0 bytes).`,
    remedy: "Take the backup again. Check first that the disk has room for it.",
    retry: "never",
    source: "this project",
  }),
  BACKUP_FOREIGN: entry<{ file: string; what: string; remedy: string }>({
    summary: (e) => `[backup] ${e.file} is not a SQL Server backup.`,
    details: (e) => [`The file is ${e.what}.`],
    remedy: (e) => e.remedy,
    retry: "never",
    source: "the formats' own signatures",
  }),
  BACKUP_TRUNCATED: entry<{ file: string; sizeBytes: number; what: string }>({
    summary: (e) => `[backup] ${e.file} is cut off at ${counted(e.sizeBytes, "byte")}.`,
    details: (e) => [`Reason: ${e.what}.`],
    remedy: TAKE_AGAIN,
    retry: "never",
    source: "MTF 1.00a; a file of SQL Server ends with a filemark after complete sets (observed on 165 files)",
  }),
  BACKUP_TRAILING_BYTES: entry<{ file: string; at: number; extraBytes: number }>({
    summary: (e) => `[backup] ${e.file} has bytes after its end.`,
    details: (e) => [
      `The backup is complete and ends at byte ${e.at}; the file has ${counted(e.extraBytes, "byte")} more.`,
    ],
    remedy: (e) =>
      `Copy it again from the source server. If the file has these bytes there too, cut them off in a copy of it: truncate -s ${e.at} COPY.`,
    retry: "never",
    source: "MTF 1.00a; a file of SQL Server ends with a filemark after complete sets (observed on 165 files)",
  }),
  BACKUP_DAMAGED: entry<{ file: string; at: number; what: string }>({
    summary: (e) => `[backup] ${e.file} is damaged at byte ${e.at}.`,
    details: (e) => [`Reason: ${e.what}.`],
    remedy: TAKE_AGAIN,
    retry: "never",
    source: "MTF 1.00a, header checksums and block addresses",
  }),
  BACKUP_PAGES_DAMAGED: entry<{ file: string; pages: number; at: number }>({
    summary: (e) => `[backup] ${e.file} has ${counted(e.pages, "damaged page")}.`,
    details: (e) => [
      `${plural(e.pages, "Its", "Their")} checksum does not match; the first is at byte ${e.at}.`,
      "The damage is in this copy of the file, or already in the source database.",
    ],
    remedy:
      "Run DBCC CHECKDB on the source. If it finds nothing, copy the file again. Otherwise repair the database and take the backup again WITH CHECKSUM.",
    retry: "never",
    source: "SQL Server, PAGE_VERIFY CHECKSUM (ALTER DATABASE SET options)",
  }),
  BACKUP_ENCRYPTED: entry<{ file: string }>({
    summary: (e) => `[backup] ${e.file} was taken WITH ENCRYPTION.`,
    details: () => [
      "Its contents cannot be read: the key is a certificate of the source server, which ApsaraDB RDS does not have.",
    ],
    remedy: "Take the backup again without ENCRYPTION.",
    retry: "never",
    source: "MSSQLBAK container flag 0x04; BACKUP (Transact-SQL), ENCRYPTION",
  }),
  BACKUP_COMPRESSION: entry<{ file: string; how: string }>({
    summary: (e) => `[backup] ${e.file} has an unsupported compression.`,
    details: (e) => [`It is compressed with ${e.how}, so its contents cannot be read here.`],
    remedy:
      "Take the backup again. On SQL Server 2022 and later use COMPRESSION (ALGORITHM = MS_XPRESS), on earlier versions COMPRESSION or NO_COMPRESSION.",
    retry: "never",
    source: "MSSQLBAK container, layout and flags (observed on 6 files)",
  }),
  CHAIN_NO_FULL: entry<{ database: string; files: string[] }>({
    summary: (e) => `[backup] ${e.database} has no usable full backup.`,
    details: (e) => listed("Files of the database:", e.files),
    remedy: "Add a sound full backup in a single file; differential and log backups need one to start from.",
    retry: "never",
    source: "RESTORE (Transact-SQL), restore sequence",
  }),
  BACKUP_NEWER_UNFIT: entry<{
    database: string;
    file: string;
    time: string;
    fault: string;
    older: string;
    olderTime: string;
  }>({
    summary: (e) => `[backup] the newest backup of ${e.database} cannot be restored.`,
    details: (e) => [
      `${e.file} of ${spaced(e.time)} ${e.fault}.`,
      `${e.older} of ${spaced(e.olderTime)} can, but it holds older data.`,
    ],
    remedy: (e) =>
      `Supply ${e.file} again as a sound backup in a single file with one set. To migrate the older data, leave that file out: list the files in [backups], or name it in [excludeFiles] (bakinfo: --exclude).`,
    retry: "never",
    source: "this project: an older full backup is never taken in silence",
  }),
  CHAIN_FAMILIES: entry<{ database: string; sources: string[] }>({
    summary: (e) => `[backup] ${e.sources.length} different databases are called ${e.database}.`,
    details: (e) => listed("Their servers and backups:", e.sources),
    remedy:
      "Keep each database's files in a folder of its own, or choose one of the databases. For databases from two servers, declare an InstanceMigration for each server, one of them with another databaseName in overrides.",
    retry: "never",
    source:
      "msdb.dbo.backupset: family_guid is kept when a database is restored elsewhere, last_recovery_fork_guid is not",
  }),
  CHAIN_GAP: entry<{ database: string; lsn: string; file: string; fileLsn: string }>({
    summary: (e) => `[backup] a log backup before ${e.file} is missing.`,
    details: (e) => [`The log of ${e.database} from LSN ${e.lsn} to ${e.fileLsn} is missing.`],
    remedy: "Add the log backups of that range, or a later differential backup of the same full backup.",
    retry: "never",
    source: "RESTORE (Transact-SQL): a log applies when FirstLSN <= last restored LSN < LastLSN",
  }),
  BACKUP_NAME_DIFFERS: entry<{ file: string; differences: string[] }>({
    summary: (e) => `[backup] the name of ${e.file} contradicts its header.`,
    details: (e) => listed("Differences:", e.differences),
    remedy: "The header counts. Check that this is the intended file.",
    retry: "never",
    source: "this project; the naming habits are cited in provider/backup/backup-name.ts",
  }),
  MANIFEST_INVALID: entry<{ file: string; place: string; fault: string }>({
    summary: (e) => `[backups] the manifest ${e.file} is invalid.`,
    details: (e) => [`In ${e.place}: ${e.fault}.`],
    remedy: "Write it again: npx --no sqlserver-migration bakinfo FOLDER --manifest FILE.",
    retry: "never",
    source: "this project, docs/reference/backups.md",
  }),
};
