/** A database on an instance, as DescribeDatabases shows it. */
export interface RdsDatabase {
  instanceId: string;
  name: string;
  /**
   * `restoring` from the start of a restore until the database is opened; on the wire `Restoring` or `In Recovery`,
   * depending on the edition. Any other status is shown unchanged.
   */
  status: string;
  /** Data and log files on the instance's disk, bytes. */
  sizeBytes: number;
  collation: string;
  /** The migration task that created the database or last restored to it. */
  migrateTaskId?: string;
  /** False for a database type that cannot be migrated (`IncorrectDBType`). */
  migratable: boolean;
}

/** SQL Server's system databases, including the resource and distribution databases, and `rdscore` of RDS. */
const SYSTEM_DATABASES = ["master", "tempdb", "model", "msdb", "mssqlsystemresource", "distribution", "rdscore"];

/** SQL Server's maximum identifier length, characters. */
const MAX_NAME_LENGTH = 128;

/** Compares database names without case, as SQL Server does under RDS's default collations. */
export const sameDatabaseName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Whether CreateMigrateTask accepts this name: no system database, no control characters, 1 to 128 characters. */
export function isAllowedDatabaseName(name: string): boolean {
  if (SYSTEM_DATABASES.some((system) => sameDatabaseName(system, name))) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the rule refuses control characters
  return name.trim() !== "" && name.length <= MAX_NAME_LENGTH && !/[\u0000-\u001f]/.test(name);
}
