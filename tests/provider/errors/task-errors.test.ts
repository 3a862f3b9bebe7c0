import { migrationError } from "../../../provider/errors/migration-error";
import { taskErrorCode } from "../../../provider/errors/task-errors";

/** The documented texts, as the vendor's pages print them. */
test.each([
  ["The database (xxx) is already exist on RDS, please backup and drop it, then try again.", "TASK_DATABASE_EXISTS"],
  ["Backup set (xxx.bak) is a Database Differential backup, we only accept a FULL Backup.", "TASK_NOT_FULL_BACKUP"],
  ["Backup set (xxx.trn) is a Transaction Log backup, we only accept a FULL Backup.", "TASK_NOT_FULL_BACKUP"],
  [
    "Backup set (xxx) is a Database FULL backup, we only accept transaction log or differential backup.",
    "TASK_NOT_INCREMENT",
  ],
  ["Failed to verify xxx.bak, backup file was corrupted or newer edition than RDS.", "TASK_VERIFY_FAILED"],
  ["DBCC checkdb failed", "TASK_CHECKDB_FAILED"],
  ["Not Enough Disk Space for restoring, space left (100 MB) < needed (300 MB)", "TASK_NO_SPACE"],
  ["Not Enough Disk Space, space left 100 MB < bak file 300 MB", "TASK_NO_SPACE"],
  ["Failed to download backup file since OSS URL was expired.", "TASK_URL_EXPIRED"],
  ["Failed to open database xxx.", "TASK_OPEN_FAILED"],
  [
    "The log in this backup set begins at LSN XXX, which is too recent to apply to the database. RESTORE LOG is terminating abnormally.",
    "TASK_LOG_TOO_RECENT",
  ],
  // SQL Server's own (messages 4326, 3136, 4330), which RDS passes on (assumed).
  [
    "The log in this backup set terminates at LSN 200, which is too early to apply to the database. RESTORE LOG is terminating abnormally.",
    "TASK_RESTORE_ENDED",
  ],
  [
    "This differential backup cannot be restored because the database has not been restored to the correct earlier state. RESTORE DATABASE is terminating abnormally.",
    "TASK_RESTORE_ENDED",
  ],
  [
    "This backup set cannot be applied because it is on a recovery path that is inconsistent with the database. RESTORE LOG is terminating abnormally.",
    "TASK_RESTORE_ENDED",
  ],
  ["The database (xxx) migration failed due to databases count limitation.", "TASK_DATABASE_COUNT"],
  ["The migration task is terminated.", "TASK_TERMINATED"],
  ["Something that the documents do not print", "TASK_FAILED"],
  ["", "TASK_FAILED"],
] as const)("%j is %s and is quoted with a remedy", (description, code) => {
  expect(taskErrorCode(description)).toBe(code);
  const error = migrationError(code, { database: "erp", taskId: "7", description });
  expect(error.message).toContain(`"${description}"`);
  expect(error.remedy).not.toBe("");
});
