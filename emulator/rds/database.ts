/** A database on an instance, as DescribeDatabases shows it. */
export interface RdsDatabase {
  instanceId: string;
  name: string;
  /**
   * `restoring` between the start of a restore and the opening; `Restoring` or `In Recovery` on the wire, by edition.
   * Any other word is shown as it is.
   */
  status: string;
  /** Data and log files on the instance's disk, bytes. */
  sizeBytes: number;
  collation: string;
  /** The migration task that made it or last wrote it. */
  migrateTaskId?: string;
  /** False for a database whose type refuses a migration (`IncorrectDBType`). */
  migratable: boolean;
}

/** System databases (SQL Server's four, the hidden resource database, replication's) and `rdscore`, RDS's own. */
const SYSTEM_DATABASES = ["master", "tempdb", "model", "msdb", "mssqlsystemresource", "distribution", "rdscore"];

/** SQL Server's limit for an identifier, characters. */
const MAX_NAME_LENGTH = 128;

/** SQL Server compares database names without case under the collations that RDS offers by default. */
export const sameDatabaseName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Whether CreateMigrateTask takes this name: no system database, no control characters, 1 to 128 characters. */
export function isAllowedDatabaseName(name: string): boolean {
  if (SYSTEM_DATABASES.some((system) => sameDatabaseName(system, name))) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return name.trim() !== "" && name.length <= MAX_NAME_LENGTH && !/[\u0000-\u001f]/.test(name);
}
