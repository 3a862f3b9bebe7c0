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
};
