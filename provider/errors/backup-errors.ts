import { entry } from "./catalogue-entry";

/** Faults of a backup file, as far as the file alone shows them. */
export const backupErrors = {
  BACKUP_EMPTY: entry<{ file: string }>({
    message: (e) => `[backup] ${e.file} is empty (0 bytes).`,
    remedy: "Take the backup again and check that the disk it was written to had room.",
    retry: "never",
    source: "this project",
  }),
};
