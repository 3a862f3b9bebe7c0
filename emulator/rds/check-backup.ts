import type { BackupFacts } from "./backup-facts";

/** Input of the check of a downloaded file. */
export interface BackupCheckInput {
  fileName: string;
  facts: BackupFacts;
  /** Database versions that the instance restores; undefined for an unknown engine version. */
  versions: { oldest: number; newest: number } | undefined;
  /** The first file of a task must be a full backup; later files must not. */
  isFirst: boolean;
}

/**
 * Returns RDS's error description for a file that it refuses; null for an accepted file.
 *
 * The texts are those of the "Migrate full backups" and "Migrate incremental backups" pages, spelling included.
 */
export function checkBackup({ fileName, facts, versions, isFirst }: BackupCheckInput): string | null {
  const version = facts.databaseVersion;
  const wrongVersion =
    version !== null && versions !== undefined && (version < versions.oldest || version > versions.newest);
  if (facts.unreadable !== undefined || facts.kind === null || wrongVersion) {
    return `Failed to verify ${fileName}, backup file was corrupted or newer edition than RDS.`;
  }
  if (isFirst && facts.kind === "Differential_Database") {
    return `Backup set (${fileName}) is a Database Differential backup, we only accept a FULL Backup.`;
  }
  if (isFirst && facts.kind === "Transaction_Log") {
    return `Backup set (${fileName}) is a Transaction Log backup, we only accept a FULL Backup.`;
  }
  if (!isFirst && facts.kind === "Database") {
    return `Backup set (${fileName}) is a Database FULL backup, we only accept transaction log or differential backup.`;
  }
  return null;
}
