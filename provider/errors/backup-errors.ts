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
};
