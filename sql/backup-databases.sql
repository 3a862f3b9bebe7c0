/*
Backs up databases of this SQL Server for a migration to ApsaraDB RDS for SQL Server: one file for each database, named
DatabaseName_TYPE_yyyyMMddHHmmss.bak. SQL Server 2008 R2 to 2022. Edit the parameters and run it in Management Studio, or

    sqlcmd -S server -E -C -x -b -i backup-databases.sql -y 0

The result has one row per database (file, size, LSNs, and the reason if it was skipped or failed), and an error if any failed.
Keep the connection open: a client that disconnects usually cancels the running backup.

@backup_databases_list  Databases separated by ; or , or line breaks, [brackets] around unusual names. Empty: every user
                        database. A name that does not exist, or that cannot be backed up, is an error.
@backup_type            FULL, DIFF or LOG. A log backup taken here becomes part of the log chain of your usual backups:
                        they need this file to restore. If log backups exist already, migrate those instead.
@backup_folder          Folder of the files, as the server sees it; created if missing, which needs sysadmin. For other logins
                        BACKUP itself finds out whether the folder is there, and a file of the same name is kept.
@is_run                 1: back up. 0: check everything and change nothing.
@copy_only              1: a FULL that does not change the base of differentials. No DIFF can follow it.
@verify                 1: read every file again after it is written. Needs the permission CREATE DATABASE.
@compression            1: where the edition supports it. 0: never.
@norecovery             1: with LOG, the tail of the log: the backup that ends the source. The database is RESTORING
                        afterwards, nobody can use it, and RESTORE DATABASE name WITH RECOVERY opens it again. Only for
                        databases that the list names, and only when no other session uses them (else error 3101).
*/
USE [master];
SET NOCOUNT ON;
SET XACT_ABORT OFF; -- with ON the first failure would end the run
SET IMPLICIT_TRANSACTIONS OFF; -- with ON the statements below would begin a transaction, in which BACKUP is refused
IF @@TRANCOUNT > 0
BEGIN
    RAISERROR (N'A transaction is open in this session, and BACKUP is refused in one: COMMIT or ROLLBACK it first.', 16, 1);
    RETURN;
END;

DECLARE @backup_databases_list nvarchar(max), @backup_type nvarchar(20), @backup_folder nvarchar(4000), @is_run bit;
DECLARE @copy_only bit, @verify bit, @compression bit, @norecovery bit;

---------------------------------------------------------------------------------------------------------- parameters
SET @backup_databases_list = N'';
SET @backup_type = N'FULL';
SET @backup_folder = N'';
SET @is_run = 0;
SET @copy_only = 0;
SET @verify = 0;
SET @compression = 1;
SET @norecovery = 0;
----------------------------------------------------------------------------------------------------------------------

-- <part version>
-- 2008 R2 has no SERVERPROPERTY(N'ProductMajorVersion').
DECLARE @version int;
SET @version = CONVERT(int, PARSENAME(CONVERT(nvarchar(128), SERVERPROPERTY(N'ProductVersion')), 4));
-- </part>

IF OBJECT_ID(N'tempdb..#requested') IS NOT NULL
    DROP TABLE #requested;
IF OBJECT_ID(N'tempdb..#databases') IS NOT NULL
    DROP TABLE #databases;
IF OBJECT_ID(N'tempdb..#paths') IS NOT NULL
    DROP TABLE #paths;

CREATE TABLE #requested (name nvarchar(max) COLLATE DATABASE_DEFAULT NOT NULL);
CREATE TABLE #paths (is_file int NOT NULL, is_folder int NOT NULL, has_parent int NOT NULL);
CREATE TABLE #databases (
    row_id int IDENTITY(1, 1) NOT NULL PRIMARY KEY,
    database_id int NULL,
    database_name nvarchar(max) COLLATE DATABASE_DEFAULT NOT NULL,
    is_named bit NOT NULL,
    outcome nvarchar(20) COLLATE DATABASE_DEFAULT NULL, -- NULL: not backed up yet
    reason nvarchar(max) COLLATE DATABASE_DEFAULT NOT NULL,
    replica_role int NULL, -- of an availability group: 1 primary, 2 secondary
    is_preferred_replica bit NULL,
    backup_file nvarchar(4000) COLLATE DATABASE_DEFAULT NULL,
    is_copy_only bit NULL,
    backup_bytes numeric(20, 0) NULL,
    compressed_bytes numeric(20, 0) NULL,
    first_lsn numeric(25, 0) NULL,
    last_lsn numeric(25, 0) NULL,
    checkpoint_lsn numeric(25, 0) NULL,
    database_backup_lsn numeric(25, 0) NULL,
    backup_set_guid uniqueidentifier NULL,
    backup_start_date datetime NULL,
    backup_finish_date datetime NULL
);

---------------------------------------------------------------------------------------------- requested databases
SELECT @is_run = ISNULL(@is_run, 0), @copy_only = ISNULL(@copy_only, 0), @verify = ISNULL(@verify, 0), @compression = ISNULL(@compression, 1);
SET @norecovery = ISNULL(@norecovery, 0);
SET @backup_type = UPPER(LTRIM(RTRIM(@backup_type)) COLLATE Latin1_General_BIN2); -- Turkish: diff is not DIFF
IF @backup_type IS NULL OR @backup_type NOT IN (N'FULL', N'DIFF', N'LOG')
BEGIN
    RAISERROR (N'@backup_type is FULL, DIFF or LOG.', 16, 1);
    RETURN;
END;
IF @copy_only = 1 AND @backup_type = N'DIFF'
BEGIN
    RAISERROR (N'A differential backup cannot be copy-only: set @copy_only to 0, or @backup_type to FULL.', 16, 1);
    RETURN;
END;

-- https://learn.microsoft.com/en-us/sql/relational-databases/backup-restore/tail-log-backups-sql-server
IF @norecovery = 1 AND (@backup_type <> N'LOG' OR @copy_only = 1)
BEGIN
    RAISERROR (N'@norecovery is for the last log backup: set @backup_type to LOG, and @copy_only to 0.', 16, 1);
    RETURN;
END;

DECLARE @separator nchar(1), @is_absolute bit;
-- <part backup-folder>
-- Cleans @backup_folder and sets @separator. A relative folder would be below the instance's default backup folder:
-- https://learn.microsoft.com/en-us/sql/relational-databases/backup-restore/backup-devices-sql-server
SET @backup_folder = LTRIM(RTRIM(@backup_folder));
SET @is_absolute = CASE
    WHEN PATINDEX(N'[A-Za-z]:[\/]%', @backup_folder COLLATE Latin1_General_BIN2) = 1 THEN 1
    WHEN PATINDEX(N'\\[^\/]%', @backup_folder COLLATE Latin1_General_BIN2) = 1 THEN 1
    WHEN PATINDEX(N'/%', @backup_folder COLLATE Latin1_General_BIN2) = 1 THEN 1
    ELSE 0
END;
-- SQL Server on Linux takes /var/opt.
SET @separator = CASE WHEN PATINDEX(N'/%', @backup_folder COLLATE Latin1_General_BIN2) = 1 THEN N'/' ELSE N'\' END;
WHILE DATALENGTH(@backup_folder) > 2 AND RIGHT(@backup_folder COLLATE Latin1_General_BIN2, 1) IN (N'\', N'/')
    SET @backup_folder = LEFT(@backup_folder, DATALENGTH(@backup_folder) / 2 - 1);
-- </part>
IF @backup_folder IS NULL OR DATALENGTH(@backup_folder) = 0
BEGIN
    RAISERROR (N'@backup_folder is empty: name a folder of the server, such as D:\migration.', 16, 1);
    RETURN;
END;
IF @is_absolute = 0
BEGIN
    RAISERROR (N'@backup_folder is relative: name it from its drive or share on, such as D:\migration or \\server\share.', 16, 1);
    RETURN;
END;

DECLARE @list nvarchar(max);
SET @list = ISNULL(@backup_databases_list, N'');
-- <part database-list>
-- Splits @list into #requested. Names are separated by ; or , or line breaks, blanks around a name are ignored, and inside
-- [brackets] every character belongs to the name (]] is one ]). Characters are compared by code, because in many
-- collations ; equals its full-width form.
DECLARE @at int, @code int, @token nvarchar(max), @bracket int, @names int, @separators int, @list_fault nvarchar(400);
SET @at = 1;
SET @token = N'';
SET @bracket = 0; -- 0: no bracket, 1: inside, 2: after the closing one
SET @names = 0;
SET @separators = 0;
WHILE @at <= DATALENGTH(@list) / 2 + 1
BEGIN
    SET @code = UNICODE(SUBSTRING(@list COLLATE Latin1_General_BIN2, @at, 1)); -- NULL after the end
    IF @bracket = 1
    BEGIN
        IF @code IS NULL
            SET @list_fault = N'the bracket that opens [' + @token + N' is never closed';
        ELSE IF @code <> 93
            SET @token = @token + SUBSTRING(@list COLLATE Latin1_General_BIN2, @at, 1);
        ELSE IF UNICODE(SUBSTRING(@list COLLATE Latin1_General_BIN2, @at + 1, 1)) = 93
        BEGIN
            SET @token = @token + N']';
            SET @at = @at + 1;
        END
        ELSE
        BEGIN
            SET @bracket = 2;
            IF DATALENGTH(@token) = 0
                SET @list_fault = N'[] names no database';
        END;
    END
    ELSE IF @code IS NULL OR @code IN (59, 44, 10, 13)
    BEGIN
        IF @bracket = 0
            SET @token = LTRIM(RTRIM(@token));
        IF DATALENGTH(@token) > 0
        BEGIN
            INSERT INTO #requested (name) VALUES (@token);
            SET @names = @names + 1;
        END;
        IF @code IN (59, 44)
            SET @separators = @separators + 1;
        SET @token = N'';
        SET @bracket = 0;
    END
    ELSE IF @code IN (9, 32)
    BEGIN
        IF @bracket = 0
            SET @token = @token + N' ';
    END
    ELSE IF @bracket = 2
        SET @list_fault = N'only a separator may follow [' + @token + N']';
    ELSE IF @code = 91 AND DATALENGTH(LTRIM(@token)) = 0
    BEGIN
        SET @bracket = 1;
        SET @token = N'';
    END
    ELSE
        SET @token = @token + SUBSTRING(@list COLLATE Latin1_General_BIN2, @at, 1);
    SET @at = @at + 1;
END;
-- A list of separators only is a mistake and must not mean "all databases".
IF @names = 0 AND @separators > 0
    SET @list_fault = N'it names no database; leave it empty for all of them';
-- </part>
IF @list_fault IS NOT NULL
BEGIN
    RAISERROR (N'@backup_databases_list cannot be read: %s.', 16, 1, @list_fault);
    RETURN;
END;

-- sys.databases shows fewer rows, and no error, to a login that may not see the others.
-- https://learn.microsoft.com/en-us/sql/relational-databases/security/metadata-visibility-configuration
IF @names = 0 AND ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW ANY DATABASE'), 0) = 0
BEGIN
    RAISERROR (N'This login may not see every database (VIEW ANY DATABASE): name them in @backup_databases_list.', 16, 1);
    RETURN;
END;
IF @norecovery = 1 AND @names = 0
BEGIN
    RAISERROR (N'@norecovery closes databases: name them in @backup_databases_list.', 16, 1);
    RETURN;
END;

------------------------------------------------------------------------- chosen databases, and reasons for skipping others
INSERT INTO #databases (database_id, database_name, is_named, outcome, reason)
SELECT
    d.database_id,
    d.name,
    CASE WHEN @names > 0 THEN 1 ELSE 0 END,
    CASE WHEN why.reason IS NULL THEN NULL WHEN @names > 0 THEN N'FAILED' ELSE N'left out' END,
    ISNULL(why.reason, N'')
FROM sys.databases AS d
LEFT JOIN sys.database_mirroring AS m ON m.database_id = d.database_id
CROSS APPLY (
    SELECT
        CASE
            WHEN d.database_id <= 4 THEN N'a system database'
            WHEN d.is_distributor = 1 THEN N'a distribution database'
            WHEN d.source_database_id IS NOT NULL THEN N'a snapshot of another database'
            WHEN m.mirroring_role = 2 THEN N'a mirror: run this on the principal server'
            WHEN d.state = 1 THEN N'in the middle of a restore'
            WHEN d.state <> 0 THEN N'not online but ' + d.state_desc
            WHEN d.is_in_standby = 1 THEN N'a standby database: run this on its primary server'
            WHEN @backup_type = N'LOG' AND d.recovery_model = 3
                THEN N'in the SIMPLE recovery model, which has no log backups'
            WHEN @norecovery = 1 AND m.mirroring_role IS NOT NULL
                THEN N'in a mirroring session, where it cannot be closed: end the session first, or take a last LOG without @norecovery'
        END AS reason
) AS why
WHERE @names = 0
    OR EXISTS (SELECT 1 FROM #requested AS r WHERE r.name COLLATE DATABASE_DEFAULT = d.name COLLATE DATABASE_DEFAULT)
ORDER BY d.name;

INSERT INTO #databases (database_name, is_named, outcome, reason)
SELECT DISTINCT r.name, 1, N'FAILED', N'there is no database of this name'
FROM #requested AS r
WHERE NOT EXISTS (
    SELECT 1 FROM sys.databases AS d WHERE d.name COLLATE DATABASE_DEFAULT = r.name COLLATE DATABASE_DEFAULT
);

-- Without the right these views answer with an error. BACKUP then decides, and refuses what a secondary replica does not take.
DECLARE @sees_groups bit, @sees_files bit;
-- VIEW SERVER PERFORMANCE STATE exists since 2022; HAS_PERMS_BY_NAME is NULL for a name that it does not know.
SET @sees_groups = CASE
    WHEN HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW SERVER STATE') = 1
        OR HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW SERVER PERFORMANCE STATE') = 1
        THEN 1
    ELSE 0
END;
IF @version >= 11 AND @sees_groups = 0
    EXEC sys.sp_executesql N'
        UPDATE w
        SET outcome = CASE WHEN @norecovery = 1 THEN N''FAILED'' END,
            reason = CASE
                WHEN @norecovery = 1 THEN N''in an availability group, where it cannot be closed''
                ELSE N''in an availability group; whether as a secondary replica was not checked, for lack of VIEW SERVER STATE''
            END
        FROM #databases AS w
        JOIN sys.databases AS d ON d.database_id = w.database_id
        WHERE w.outcome IS NULL AND d.replica_id IS NOT NULL;', N'@norecovery bit', @norecovery = @norecovery;

-- Availability groups exist since 2012: older servers do not have these columns and functions.
IF @version >= 11 AND @sees_groups = 1
    EXEC sys.sp_executesql N'
        UPDATE w
        SET replica_role = s.role, is_preferred_replica = sys.fn_hadr_backup_is_preferred_replica(d.name)
        FROM #databases AS w
        JOIN sys.databases AS d ON d.database_id = w.database_id
        JOIN sys.dm_hadr_availability_replica_states AS s ON s.replica_id = d.replica_id AND s.is_local = 1;';

-- The primary replica of a distributed group's second group, the forwarder, is a secondary of the whole.
-- https://learn.microsoft.com/en-us/sql/database-engine/availability-groups/windows/distributed-availability-groups
IF @version >= 13 AND @sees_groups = 1
    EXEC sys.sp_executesql N'
        UPDATE w
        SET replica_role = 2
        FROM #databases AS w
        JOIN sys.databases AS d ON d.database_id = w.database_id
        JOIN sys.availability_replicas AS r ON r.replica_id = d.replica_id
        JOIN sys.availability_groups AS g ON g.group_id = r.group_id
        JOIN sys.availability_groups AS dg ON dg.is_distributed = 1
        JOIN sys.availability_replicas AS dr ON dr.group_id = dg.group_id
            AND dr.replica_server_name COLLATE DATABASE_DEFAULT = g.name COLLATE DATABASE_DEFAULT
        JOIN sys.dm_hadr_availability_replica_states AS s ON s.replica_id = dr.replica_id AND s.role = 2;';

-- https://learn.microsoft.com/en-us/sql/database-engine/availability-groups/windows/contained-availability-groups-overview
IF @version >= 16
    EXEC sys.sp_executesql N'
        UPDATE w
        SET outcome = CASE WHEN w.is_named = 1 THEN N''FAILED'' ELSE N''left out'' END,
            reason = N''a system database of a contained availability group''
        FROM #databases AS w
        JOIN sys.availability_groups AS g ON g.is_contained = 1
            AND w.database_name COLLATE Latin1_General_CI_AS IN (
                g.name COLLATE Latin1_General_CI_AS + N''_master'', g.name COLLATE Latin1_General_CI_AS + N''_msdb''
            )
        WHERE w.outcome IS NULL;';

UPDATE #databases
SET
    outcome = CASE WHEN is_named = 1 THEN N'FAILED' ELSE N'left out' END,
    reason = CASE
        WHEN @backup_type = N'DIFF' THEN N'a secondary replica takes no differential backups: run this on the primary'
        ELSE N'a secondary replica takes no copy-only log backups: set @copy_only to 0'
    END
WHERE outcome IS NULL AND replica_role = 2 AND (@backup_type = N'DIFF' OR (@backup_type = N'LOG' AND @copy_only = 1));

-- As RESTORE, error 3104. Assumed for BACKUP LOG WITH NORECOVERY; if it is accepted after all, this refuses too much.
UPDATE #databases
SET
    outcome = N'FAILED',
    reason = N'in an availability group, where it cannot be closed: remove it from the group first, or take a last LOG without @norecovery'
WHERE outcome IS NULL AND replica_role IS NOT NULL AND @norecovery = 1;

-- Never skipped silently: the group's backup preference applies to its regular backups, not to this one.
UPDATE #databases
SET reason = N'this replica is not the one that the availability group prefers for backups'
WHERE outcome IS NULL AND replica_role IS NOT NULL AND is_preferred_replica = 0;

-- BACKUP refuses a log or differential backup without a full backup with errors 4214 and 3035; this check adds the remedy.
UPDATE w
SET outcome = N'FAILED', reason = N'its log chain has not begun: take a full backup that is not copy-only first'
FROM #databases AS w
INNER JOIN sys.database_recovery_status AS s ON s.database_id = w.database_id
WHERE @backup_type = N'LOG' AND w.outcome IS NULL AND ISNULL(w.replica_role, 1) <> 2 AND s.last_log_backup_lsn IS NULL;

UPDATE w
SET outcome = N'FAILED', reason = N'it has no differential base: take a full backup that is not copy-only first'
FROM #databases AS w
INNER JOIN sys.master_files AS f ON f.database_id = w.database_id
WHERE @backup_type = N'DIFF' AND w.outcome IS NULL AND f.file_id = 1 AND f.differential_base_lsn IS NULL;

---------------------------------------------------------------------------------------------------------- file names
DECLARE @run_at datetime, @ending nvarchar(40);
SET @run_at = GETDATE();
SET @ending = N'_' + @backup_type + N'_' + CONVERT(nvarchar(8), @run_at, 112)
    + REPLACE(CONVERT(nvarchar(8), @run_at, 108), N':', N'') + N'.bak'; -- RDS accepts .bak only, whatever the type

DECLARE @row_id int, @name nvarchar(128), @is_ambiguous bit, @file_part nvarchar(400), @refused nvarchar(100), @position int;
DECLARE @stem nvarchar(400);
DECLARE @path nvarchar(4000);
SET @row_id = 0;
WHILE 1 = 1
BEGIN
    SELECT TOP (1)
        @row_id = w.row_id,
        @name = d.name,
        @is_ambiguous = CASE
            WHEN EXISTS (
                SELECT 1
                FROM sys.databases AS other
                WHERE other.database_id <> d.database_id
                    AND other.name COLLATE Latin1_General_CI_AI = d.name COLLATE Latin1_General_CI_AI
            ) THEN 1 ELSE 0
        END
    FROM #databases AS w
    INNER JOIN sys.databases AS d ON d.database_id = w.database_id
    WHERE w.outcome IS NULL AND w.row_id > @row_id
    ORDER BY w.row_id;
    IF @@ROWCOUNT = 0
        BREAK;

    -- <part file-name>
    -- @name in a file name: unchanged, or with _ for every character that Windows refuses and for a dot or blank at its
    -- end, and with _ before a name that Windows reserves. A changed name, one that looks changed, and one that differs from
    -- another only in case get eight digits of a hash, so that two databases never share a file.
    SET @file_part = REPLACE(@name COLLATE Latin1_General_BIN2, NCHAR(0), N'_');
    SET @refused = N'%[' + NCHAR(1) + N'-' + NCHAR(31) + N'\/:*?"<>|]%';
    SET @position = PATINDEX(@refused, @file_part COLLATE Latin1_General_BIN2);
    WHILE @position > 0
    BEGIN
        SET @file_part = STUFF(@file_part COLLATE Latin1_General_BIN2, @position, 1, N'_');
        SET @position = PATINDEX(@refused, @file_part COLLATE Latin1_General_BIN2);
    END;
    IF UNICODE(RIGHT(@file_part COLLATE Latin1_General_BIN2, 1)) IN (32, 46)
        SET @file_part = STUFF(@file_part COLLATE Latin1_General_BIN2, DATALENGTH(@file_part) / 2, 1, N'_');
    -- Windows opens a device for these names, also with an extension: NUL.x_FULL_20240501020000.bak is NUL.
    -- https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
    SET @stem = RTRIM(LEFT(@file_part, CHARINDEX(N'.', @file_part + N'.' COLLATE Latin1_General_BIN2) - 1));
    SET @stem = UPPER(@stem COLLATE Latin1_General_BIN2);
    -- AND binds closer than OR.
    IF @stem COLLATE Latin1_General_BIN2 IN (N'CON', N'PRN', N'AUX', N'NUL')
        OR LEFT(@stem, 3) COLLATE Latin1_General_BIN2 IN (N'COM', N'LPT')
        AND PATINDEX(
            N'[0-9' + NCHAR(178) + NCHAR(179) + NCHAR(185) + N']', SUBSTRING(@stem, 4, 128) COLLATE Latin1_General_BIN2
        ) = 1
        SET @file_part = N'_' + @file_part;
    IF @is_ambiguous = 1
        OR @file_part COLLATE Latin1_General_BIN2 <> @name
        OR PATINDEX(
            N'[_][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f]',
            RIGHT(@file_part COLLATE Latin1_General_BIN2, 9) COLLATE Latin1_General_BIN2
        ) = 1
        SET @file_part = @file_part + N'_' + LOWER(CONVERT(nvarchar(8), SUBSTRING(HASHBYTES('SHA1', @name), 1, 4), 2));
    -- </part>
    SET @path = @backup_folder + @separator + @file_part + @ending;
    UPDATE #databases SET backup_file = @path WHERE row_id = @row_id;
    IF DATALENGTH(@path) / 2 > 259
        UPDATE #databases
        SET outcome = N'FAILED', reason = N'the path of its file is longer than 259 characters: choose a shorter folder'
        WHERE row_id = @row_id;
END;

-------------------------------------------------------------------------------------------------------------- folder
DECLARE @has_folder bit, @return int, @pending int;
-- These procedures are for sysadmin. For others @has_folder stays NULL, and BACKUP decides.
SET @sees_files = ISNULL(IS_SRVROLEMEMBER(N'sysadmin'), 0);
IF @sees_files = 1
BEGIN
    INSERT INTO #paths (is_file, is_folder, has_parent) EXEC master.dbo.xp_fileexist @backup_folder;
    SELECT @has_folder = ISNULL(MAX(is_folder), 0) FROM #paths;
END
ELSE
    RAISERROR (N'This login is not sysadmin: whether the folder and files exist is not checked here, BACKUP itself decides.', 0, 1);
SELECT @pending = COUNT(*) FROM #databases WHERE outcome IS NULL;
IF @is_run = 1 AND @has_folder = 0 AND @pending > 0
BEGIN
    SET @return = 1; -- remains if EXECUTE itself is refused
    EXEC @return = master.dbo.xp_create_subdir @backup_folder;
    IF @return <> 0
        UPDATE #databases
        SET outcome = N'FAILED',
            reason = N'the folder does not exist and cannot be made: make it, and let the service account of SQL Server write there'
        WHERE outcome IS NULL;
END;

--------------------------------------------------------------------------------------------------------- compression
DECLARE @engine_edition int, @edition_id bigint, @can_compress bit, @compression_option nvarchar(60);
SET @engine_edition = CONVERT(int, SERVERPROPERTY(N'EngineEdition'));
SET @edition_id = CONVERT(bigint, SERVERPROPERTY(N'EditionID'));
-- <part compression>
-- Enterprise, Developer and Evaluation (EngineEdition 3), Standard from 2008 R2 on, and Business Intelligence (2012, 2014).
-- EngineEdition 2 is also Web. https://learn.microsoft.com/en-us/sql/t-sql/functions/serverproperty-transact-sql (EditionID)
SET @can_compress = CASE WHEN @engine_edition = 3 OR @edition_id IN (-1534726760, 284895786) THEN 1 ELSE 0 END;
SET @compression_option = CASE
    WHEN @can_compress = 1 AND @compression = 1 THEN N', COMPRESSION'
    WHEN @can_compress = 1 THEN N', NO_COMPRESSION'
    ELSE N''
END;
-- From 2022 on the server's default may be another algorithm, which older servers and this package cannot read.
IF @version >= 16 AND @can_compress = 1 AND @compression = 1
    SET @compression_option = N', COMPRESSION (ALGORITHM = MS_XPRESS)';
-- </part>

------------------------------------------------------------------------------------------------------------- backups
-- Names and paths are parameters, so nothing needs quoting. No TRY and CATCH: of BACKUP's errors it would keep only
-- the last, 3013, and hide the cause. @error is read inside, directly after the statement.
DECLARE @statement nvarchar(max), @as_copy bit, @error int, @attempt int, @text nvarchar(2000);
SET @row_id = 0;
WHILE 1 = 1
BEGIN
    -- Before each database and once more after the last, because the run takes hours.
    UPDATE w
    SET outcome = N'FAILED', reason = N'it was dropped or renamed during the run'
    FROM #databases AS w
    WHERE w.outcome IS NULL
        AND NOT EXISTS (
            SELECT 1
            FROM sys.databases AS d
            WHERE d.database_id = w.database_id
                AND d.name COLLATE Latin1_General_BIN2 = w.database_name COLLATE Latin1_General_BIN2
        );
    SELECT TOP (1)
        @row_id = w.row_id,
        @name = d.name,
        @path = w.backup_file,
        @as_copy = CASE
            WHEN @backup_type = N'FULL' AND (@copy_only = 1 OR w.replica_role = 2) THEN 1
            WHEN @backup_type = N'LOG' AND @copy_only = 1 THEN 1
            ELSE 0
        END
    FROM #databases AS w
    INNER JOIN sys.databases AS d ON d.database_id = w.database_id
    WHERE w.outcome IS NULL AND w.row_id > @row_id
    ORDER BY w.row_id;
    IF @@ROWCOUNT = 0
        BREAK;

    UPDATE #databases SET is_copy_only = @as_copy WHERE row_id = @row_id;
    DELETE FROM #paths;
    IF @sees_files = 1
        INSERT INTO #paths (is_file, is_folder, has_parent) EXEC master.dbo.xp_fileexist @path;
    IF EXISTS (SELECT 1 FROM #paths WHERE is_file = 1)
    BEGIN
        UPDATE #databases SET outcome = N'FAILED', reason = N'there is a file of this name already' WHERE row_id = @row_id;
        CONTINUE;
    END;
    IF @is_run = 0
    BEGIN
        UPDATE #databases SET outcome = N'would back up' WHERE row_id = @row_id;
        CONTINUE;
    END;

    SET @text = N'Backing up [' + REPLACE(@name, N']', N']]') + N'] to ' + @path;
    RAISERROR (N'%s', 0, 1, @text) WITH NOWAIT;
    SET @attempt = 1;
    WHILE @attempt <= 2
    BEGIN
        -- <part backup-statement>
        SET @statement = CASE WHEN @backup_type = N'LOG' THEN N'BACKUP LOG' ELSE N'BACKUP DATABASE' END
            + N' @db TO DISK = @file WITH CHECKSUM, ' + CASE WHEN @sees_files = 1 THEN N'INIT' ELSE N'NOINIT' END + N', NAME = @set, STATS = 10'
            + CASE WHEN @backup_type = N'DIFF' THEN N', DIFFERENTIAL' ELSE N'' END
            + CASE WHEN @as_copy = 1 THEN N', COPY_ONLY' ELSE N'' END
            + CASE WHEN @norecovery = 1 THEN N', NORECOVERY' ELSE N'' END
            + CASE WHEN @attempt = 1 THEN @compression_option ELSE N'' END
            + N'; SET @error = @@ERROR;';
        -- </part>
        SET @error = -1; -- remains if the statement does not compile
        EXEC sys.sp_executesql @statement,
            N'@db sysname, @file nvarchar(260), @set nvarchar(128), @error int OUTPUT',
            @db = @name, @file = @path, @set = N'Migration to ApsaraDB RDS', @error = @error OUTPUT;
        IF @error = 0 OR @compression_option = N''
            BREAK;
        IF @sees_files = 0
            BREAK; -- whether the first attempt left a file cannot be seen
        -- Error 1844, an edition without compression, is raised before a file is created, but @error contains 3013.
        DELETE FROM #paths;
        INSERT INTO #paths (is_file, is_folder, has_parent) EXEC master.dbo.xp_fileexist @path;
        IF EXISTS (SELECT 1 FROM #paths WHERE is_file = 1)
            BREAK;
        SET @attempt = @attempt + 1;
    END;
    IF @error <> 0
    BEGIN
        UPDATE #databases
        SET outcome = N'FAILED',
            reason = N'BACKUP failed; the cause is in the messages above'
                + CASE WHEN @norecovery = 1 THEN N'; error 3101: other sessions still use the database' ELSE N'' END
        WHERE row_id = @row_id;
        CONTINUE;
    END;

    IF @verify = 1
    BEGIN
        SET @error = -1;
        EXEC sys.sp_executesql N'RESTORE VERIFYONLY FROM DISK = @file WITH CHECKSUM; SET @error = @@ERROR;',
            N'@file nvarchar(260), @error int OUTPUT', @file = @path, @error = @error OUTPUT;
    END;
    UPDATE #databases
    SET
        outcome = CASE WHEN @error = 0 THEN N'backed up' ELSE N'FAILED' END,
        reason = CASE
            WHEN @error = 0 THEN reason
            ELSE N'it was written, but VERIFYONLY failed; the cause is in the messages above'
        END
    WHERE row_id = @row_id;
    IF @norecovery = 1
        UPDATE #databases
        SET reason = CASE WHEN DATALENGTH(reason) > 0 THEN reason + N'; ' ELSE N'' END
            + N'closed: RESTORE DATABASE [' + REPLACE(@name, N']', N']]') + N'] WITH RECOVERY opens it again'
        WHERE row_id = @row_id;

    -- The history is for the table below only: msdb is purged, so a missing row proves nothing about the file.
    IF HAS_PERMS_BY_NAME(N'msdb.dbo.backupset', N'OBJECT', N'SELECT') = 1
        AND HAS_PERMS_BY_NAME(N'msdb.dbo.backupmediafamily', N'OBJECT', N'SELECT') = 1
        UPDATE w
        SET
            backup_bytes = s.backup_size,
            compressed_bytes = s.compressed_backup_size,
            first_lsn = s.first_lsn,
            last_lsn = s.last_lsn,
            checkpoint_lsn = s.checkpoint_lsn,
            database_backup_lsn = s.database_backup_lsn,
            backup_set_guid = s.backup_set_uuid,
            backup_start_date = s.backup_start_date,
            backup_finish_date = s.backup_finish_date
        FROM #databases AS w
        CROSS APPLY (
            SELECT TOP (1) b.*
            FROM msdb.dbo.backupmediafamily AS f
            INNER JOIN msdb.dbo.backupset AS b ON b.media_set_id = f.media_set_id
            WHERE f.physical_device_name = @path AND b.database_name = @name
            ORDER BY b.backup_set_id DESC
        ) AS s
        WHERE w.row_id = @row_id;
END;

-------------------------------------------------------------------------------------------------------------- result
SELECT
    database_name,
    outcome,
    reason,
    @backup_type AS backup_type,
    is_copy_only,
    backup_file,
    backup_bytes,
    compressed_bytes,
    first_lsn,
    last_lsn,
    checkpoint_lsn,
    database_backup_lsn,
    backup_set_guid,
    backup_start_date,
    backup_finish_date
FROM #databases
ORDER BY row_id;

DECLARE @failed int, @all int, @good int;
SELECT
    @failed = COUNT(CASE WHEN outcome = N'FAILED' THEN 1 END),
    @good = COUNT(CASE WHEN outcome IN (N'backed up', N'would back up') THEN 1 END),
    @all = COUNT(*)
FROM #databases;
IF @is_run = 1 AND @has_folder = 0 AND @failed = 0
    RAISERROR (N'The folder was made.', 0, 1);
IF @is_run = 0
    RAISERROR (N'Checked only, nothing was changed: set @is_run to 1 to back up.', 0, 1);
IF @failed = 0 AND @good = 0
    RAISERROR (N'No database was chosen: see the reasons above.', 16, 1);
IF @failed > 0
    RAISERROR (N'%d of %d databases failed: see the rows above.', 16, 1, @failed, @all);
