/**
 * Migrations that RDS accepts per day.
 * @see ApsaraDB RDS for SQL Server, instance-level migration, OpenAPI error codes
 */
export const DAILY_LIMITS = { perDatabase: 20, perInstance: 500 } as const;
