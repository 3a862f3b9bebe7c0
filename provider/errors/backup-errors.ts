import { entry } from "./catalogue-entry";

const TAKE_AGAIN =
  "Copy it again from the source server and compare the sizes; if it is the same there, take the backup again.";

/** Faults of a backup file, as far as the file alone shows them. */
export const backupErrors = {
  BACKUP_EMPTY: entry<{ file: string }>({
    message: (e) => `[backup] ${e.file} is empty (0 bytes).`,
    remedy: "Take the backup again and check that the disk it was written to had room.",
    retry: "never",
    source: "this project",
  }),
  BACKUP_FOREIGN: entry<{ file: string; what: string; remedy: string }>({
    message: (e) => `[backup] ${e.file} is ${e.what}.`,
    remedy: (e) => e.remedy,
    retry: "never",
    source: "the formats' own signatures",
  }),
  BACKUP_TRUNCATED: entry<{ file: string; sizeBytes: number; what: string }>({
    message: (e) => `[backup] ${e.file} is cut off at ${e.sizeBytes} bytes: ${e.what}.`,
    remedy: TAKE_AGAIN,
    retry: "never",
    source: "MTF 1.00a; a file of SQL Server ends with a filemark behind complete sets (observed on 165 files)",
  }),
  BACKUP_DAMAGED: entry<{ file: string; at: number; what: string }>({
    message: (e) => `[backup] ${e.file} is damaged at byte ${e.at}: ${e.what}.`,
    remedy: TAKE_AGAIN,
    retry: "never",
    source: "MTF 1.00a, header checksums and block addresses",
  }),
  BACKUP_PAGES_DAMAGED: entry<{ file: string; pages: number; at: number }>({
    message: (e) =>
      `[backup] ${e.file} holds ${e.pages === 1 ? "one page" : `${e.pages} pages`} whose checksum does not match, the first at byte ${e.at}: damaged in the file, or already in the database.`,
    remedy:
      "Run DBCC CHECKDB on the source. If it finds nothing, copy the file again; otherwise repair the database first and take the backup WITH CHECKSUM.",
    retry: "never",
    source: "SQL Server, PAGE_VERIFY CHECKSUM (ALTER DATABASE SET options)",
  }),
  BACKUP_ENCRYPTED: entry<{ file: string }>({
    message: (e) => `[backup] ${e.file} was taken WITH ENCRYPTION: its contents cannot be read.`,
    remedy:
      "Take it again without ENCRYPTION: the key is a certificate of the source server, which ApsaraDB RDS does not have.",
    retry: "never",
    source: "MSSQLBAK container flag 0x04; BACKUP (Transact-SQL), ENCRYPTION",
  }),
  BACKUP_COMPRESSION: entry<{ file: string; how: string }>({
    message: (e) => `[backup] ${e.file} is compressed with ${e.how}: its contents cannot be read here.`,
    remedy:
      "Take it again WITH COMPRESSION (ALGORITHM = MS_XPRESS) on SQL Server 2022 and later, WITH COMPRESSION or NO_COMPRESSION before.",
    retry: "never",
    source: "MSSQLBAK container, layout and flags (observed on 6 files)",
  }),
  CHAIN_NO_FULL: entry<{ database: string; files: string[] }>({
    message: (e) => `[backup] No full backup of ${e.database} can be used among ${e.files.join(", ")}.`,
    remedy: "Add a sound, unstriped full backup (a single file); differentials and logs need one to start from.",
    retry: "never",
    source: "RESTORE (Transact-SQL), restore sequence",
  }),
  CHAIN_FAMILIES: entry<{ database: string; sources: string[] }>({
    message: (e) => `[backup] Backups of different databases are all called ${e.database}: ${e.sources.join("; ")}.`,
    remedy: "Keep each database's files apart, or say which one is meant.",
    retry: "never",
    source:
      "msdb.dbo.backupset: family_guid is kept when a database is restored elsewhere, last_recovery_fork_guid is not",
  }),
  CHAIN_GAP: entry<{ database: string; lsn: string; file: string; fileLsn: string }>({
    message: (e) =>
      `[backup] The log of ${e.database} from LSN ${e.lsn} to ${e.fileLsn} is missing, so ${e.file} cannot be restored.`,
    remedy: "Add the log backups of that stretch, or a later differential backup of the same full backup.",
    retry: "never",
    source: "RESTORE (Transact-SQL): a log applies when FirstLSN <= last restored LSN < LastLSN",
  }),
  BACKUP_NAME_DIFFERS: entry<{ file: string; differences: string[] }>({
    message: (e) => `[backup] The name of ${e.file} and its header disagree: ${e.differences.join("; ")}.`,
    remedy: "The header counts. Check that this is the file you mean.",
    retry: "never",
    source: "this project; the naming habits are cited in provider/backup/backup-name.ts",
  }),
  MANIFEST_INVALID: entry<{ file: string; place: string; fault: string }>({
    message: (e) => `[backups] The manifest ${e.file} cannot be used: ${e.place}: ${e.fault}.`,
    remedy: "Write it again: npx bakinfo FOLDER --manifest FILE.",
    retry: "never",
    source: "this project, docs/backups.md",
  }),
};
