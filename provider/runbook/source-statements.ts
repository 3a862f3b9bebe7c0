import { sqlName, sqlText } from "../source/sql-text";
import type { CutoverDatabase } from "./cutover-database";

type Named = Pick<CutoverDatabase, "source">;

/**
 * Who took the latest log backups: a job, a maintenance plan or another tool; and the files, which have to be applied. Ten of
 * each database, so that one with many logs does not hide the others.
 */
export const latestLogBackups = (databases: readonly Named[]): string[] => [
  "SELECT l.database_name, l.backup_finish_date, l.user_name, f.physical_device_name",
  "FROM (",
  "  SELECT s.media_set_id, s.database_name, s.backup_finish_date, s.user_name,",
  "    ROW_NUMBER() OVER (PARTITION BY s.database_name ORDER BY s.backup_finish_date DESC) AS place",
  "  FROM msdb.dbo.backupset AS s",
  `  WHERE s.type = 'L' AND s.database_name IN (${texts(databases)})`,
  ") AS l JOIN msdb.dbo.backupmediafamily AS f ON f.media_set_id = l.media_set_id",
  "WHERE l.place <= 10",
  "ORDER BY l.database_name, l.backup_finish_date DESC;",
];

const texts = (databases: readonly Named[]): string => databases.map(({ source }) => sqlText(source)).join(", ");

export const disableJobs = (jobs: readonly string[]): string[] => jobs.map((job) => switchJob(job, 0));

export const enableJobs = (jobs: readonly string[]): string[] => jobs.map((job) => switchJob(job, 1));

const switchJob = (job: string, enabled: 0 | 1): string =>
  `EXEC msdb.dbo.sp_update_job @job_name = ${sqlText(job)}, @enabled = ${enabled};`;

/** The jobs that still run: to disable a job does not end its run. Only the newest session of SQL Server Agent counts. */
export const runningJobs = (jobs: readonly string[]): string[] => [
  "SELECT j.name, a.start_execution_date",
  "FROM msdb.dbo.sysjobactivity AS a JOIN msdb.dbo.sysjobs AS j ON j.job_id = a.job_id",
  "WHERE a.session_id = (SELECT MAX(session_id) FROM msdb.dbo.syssessions)",
  `  AND a.start_execution_date IS NOT NULL AND a.stop_execution_date IS NULL AND j.name IN (${jobs.map(sqlText).join(", ")});`,
];

/**
 * The sessions that use the databases, and since when their open transactions write. It reads locks, because
 * `sys.dm_exec_sessions.database_id` is missing before 2012 and does not show a session that writes from another database.
 */
export const openSessions = (databases: readonly Named[]): string[] => [
  "USE master;",
  "SELECT s.session_id, DB_NAME(l.resource_database_id) AS database_name, s.login_name, s.host_name, s.program_name,",
  "  MAX(s.last_request_start_time) AS last_request, MIN(d.database_transaction_begin_time) AS writes_since",
  "FROM sys.dm_tran_locks AS l JOIN sys.dm_exec_sessions AS s ON s.session_id = l.request_session_id",
  "LEFT JOIN sys.dm_tran_session_transactions AS t ON t.session_id = s.session_id",
  "LEFT JOIN sys.dm_tran_database_transactions AS d",
  "  ON d.transaction_id = t.transaction_id AND d.database_id = l.resource_database_id",
  "WHERE l.resource_type = N'DATABASE' AND s.is_user_process = 1 AND s.session_id <> @@SPID",
  `  AND l.resource_database_id IN (${databases.map(({ source }) => `DB_ID(${sqlText(source)})`).join(", ")})`,
  "GROUP BY s.session_id, l.resource_database_id, s.login_name, s.host_name, s.program_name;",
];

/** Opens the databases as they were before their last logs. RESTORE fails on one that is open, so only closed ones are named to it. */
export const reopenDatabases = (databases: readonly Named[]): string[] => [
  "USE master;",
  ...databases.flatMap(({ source }) => [
    `IF EXISTS (SELECT 1 FROM sys.databases WHERE name = ${sqlText(source)} AND state_desc = N'RESTORING')`,
    `  RESTORE DATABASE ${sqlName(source)} WITH RECOVERY;`,
  ]),
  `SELECT name, state_desc FROM sys.databases WHERE name IN (${texts(databases)});`,
];
