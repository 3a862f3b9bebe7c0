/*
Prints the properties of the databases after a migration, as JSON, to compare with the file of baseline.sql. Changes nothing.
Run it on the destination as the privileged account; facts that it may not read are recorded as not read. At a cutover run
it on the source too, after the last write and before the tail log, which closes the source, and compare the two files.

    sqlcmd -S rm-example.sqlserver.rds.aliyuncs.com -U account -C -x -b -i verify.sql -h -1 -W -w 65535 -o verify.json
    npx --no sqlserver-migration source compare baseline.json verify.json

@databases_list  Databases separated by ; or , or line breaks, [brackets] around unusual names. Empty: all user databases.
@checksums       1: also reads every table, for exact row counts and checksums (CHECKSUM_AGG); set it alike on both sides. It takes
                 as long as reading all data, and waits for open transactions. 0: the counts that SQL Server keeps.
*/
USE [master];
SET NOCOUNT ON;

DECLARE @databases_list nvarchar(max), @checksums bit, @script nvarchar(20);

---------------------------------------------------------------------------------------------------------- parameters
SET @databases_list = N'';
SET @checksums = 0;
----------------------------------------------------------------------------------------------------------------------
SET @script = N'verify';

-- <part version>
-- 2008 R2 has no SERVERPROPERTY(N'ProductMajorVersion').
DECLARE @version int;
SET @version = CONVERT(int, PARSENAME(CONVERT(nvarchar(128), SERVERPROPERTY(N'ProductVersion')), 4));
-- </part>
-- <part wanted-databases>
IF OBJECT_ID(N'tempdb..#requested') IS NOT NULL
    DROP TABLE #requested;
IF OBJECT_ID(N'tempdb..#wanted') IS NOT NULL
    DROP TABLE #wanted;
IF OBJECT_ID(N'tempdb..#facts') IS NOT NULL
    DROP TABLE #facts;

CREATE TABLE #requested (name nvarchar(max) COLLATE DATABASE_DEFAULT NOT NULL);
CREATE TABLE #wanted (
    database_id int NOT NULL PRIMARY KEY,
    name nvarchar(128) COLLATE DATABASE_DEFAULT NOT NULL,
    is_online bit NOT NULL
);
-- One row per value; place 0 starts a record. JSON is built from these rows, because 2008 R2 has no FOR JSON.
CREATE TABLE #facts (
    fact_id int IDENTITY(1, 1) NOT NULL PRIMARY KEY,
    record nvarchar(40) COLLATE Latin1_General_BIN2 NOT NULL,
    item bigint NOT NULL,
    place int NOT NULL,
    name nvarchar(60) COLLATE Latin1_General_BIN2 NULL,
    kind nvarchar(10) COLLATE Latin1_General_BIN2 NULL,
    value nvarchar(max) COLLATE Latin1_General_BIN2 NULL
);
-- </part>

DECLARE @list nvarchar(max);
SET @list = ISNULL(@databases_list, N'');
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
-- <part choose-databases>
IF @list_fault IS NOT NULL
BEGIN
    RAISERROR (N'@databases_list cannot be read: %s.', 16, 1, @list_fault);
    RETURN;
END;
DECLARE @missing nvarchar(400);
SELECT TOP (1) @missing = LEFT(r.name, 128)
FROM #requested AS r
WHERE NOT EXISTS (
    SELECT 1 FROM sys.databases AS d WHERE d.name COLLATE DATABASE_DEFAULT = r.name COLLATE DATABASE_DEFAULT
);
IF @missing IS NOT NULL
BEGIN
    RAISERROR (N'There is no database %s.', 16, 1, @missing);
    RETURN;
END;
INSERT INTO #wanted (database_id, name, is_online)
SELECT d.database_id, d.name, CASE WHEN d.state = 0 THEN 1 ELSE 0 END
FROM sys.databases AS d
WHERE d.database_id > 4
    AND d.is_distributor = 0
    AND d.source_database_id IS NULL
    AND (
        @names = 0
        OR EXISTS (SELECT 1 FROM #requested AS r WHERE r.name COLLATE DATABASE_DEFAULT = d.name COLLATE DATABASE_DEFAULT)
    );

DECLARE @database_id int, @database nvarchar(128), @in_database nvarchar(300), @text nvarchar(max), @position int;
-- </part>

-- <part rights>
-- Catalog views return fewer rows, and no error, to a login that may not see the others. What may be incomplete for this login
-- is recorded as not read. Views that answer with an error instead (dm_*, msdb) are recorded where they are queried.
-- https://learn.microsoft.com/en-us/sql/relational-databases/security/metadata-visibility-configuration
IF @names = 0 AND ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW ANY DATABASE'), 0) = 0
BEGIN
    RAISERROR (N'This login may not see every database (VIEW ANY DATABASE): name them in @databases_list.', 16, 1);
    RETURN;
END;
-- HAS_PERMS_BY_NAME is NULL for a name that it does not know. VIEW ANY SECURITY DEFINITION exists since 2022; the page of
-- sys.sql_logins calls it VIEW SERVER SECURITY DEFINITION, so both names are asked.
-- https://learn.microsoft.com/en-us/sql/relational-databases/system-catalog-views/sys-sql-logins-transact-sql
INSERT INTO #facts (record, item, place, name, kind, value)
SELECT N'notRead', h.item, v.place, v.name, v.kind, v.value
FROM (
    VALUES
    (1, N'logins', N'this login has neither VIEW ANY DEFINITION nor ALTER ANY LOGIN, so logins may be missing without an error',
        ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW ANY DEFINITION'), 0)
        + ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'ALTER ANY LOGIN'), 0)
        + ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW ANY SECURITY DEFINITION'), 0)
        + ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW SERVER SECURITY DEFINITION'), 0)),
    (2, N'linkedServers', N'this login has neither VIEW ANY DEFINITION nor ALTER ANY LINKED SERVER, so linked servers may be missing without an error',
        ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW ANY DEFINITION'), 0)
        + ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'ALTER ANY LINKED SERVER'), 0)),
    (3, N'serverTriggers', N'this login has no VIEW ANY DEFINITION, so server triggers may be missing without an error',
        ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW ANY DEFINITION'), 0)),
    (4, N'endpoints', N'this login has neither VIEW ANY DEFINITION nor ALTER ANY ENDPOINT, so endpoints may be missing without an error',
        ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW ANY DEFINITION'), 0)
        + ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'ALTER ANY ENDPOINT'), 0)),
    (5, N'workloadGroups', N'this login has no VIEW ANY DEFINITION, so workload groups may be missing without an error',
        ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW ANY DEFINITION'), 0))
) AS h (item, what, why, rights)
CROSS APPLY (
    VALUES (0, N'', N'', N''),
    (1, N'database', N'text', NULL),
    (2, N'what', N'text', h.what),
    (3, N'why', N'text', h.why)
) AS v (place, name, kind, value)
-- Only the logins are compared with the destination.
WHERE h.rights = 0 AND (@script = N'baseline' OR h.what = N'logins')
ORDER BY h.item, v.place;

SET @database_id = 0;
WHILE 1 = 1
BEGIN
    SELECT TOP (1) @database_id = w.database_id, @database = w.name
    FROM #wanted AS w
    WHERE w.is_online = 1 AND w.database_id > @database_id
    ORDER BY w.database_id;
    IF @@ROWCOUNT = 0
        BREAK;
    SET @in_database = QUOTENAME(@database) + N'.sys.sp_executesql';
    SET @text = NULL;
    -- Without a name to quote, as HAS_PERMS_BY_NAME would need for a database.
    BEGIN TRY
        EXEC @in_database N'
            SELECT @why = CASE
                WHEN NOT EXISTS (SELECT 1 FROM sys.fn_my_permissions(NULL, N''DATABASE'') AS p WHERE p.permission_name = N''VIEW DEFINITION'')
                    THEN N''this login has no VIEW DEFINITION in the database, so objects and users may be missing without an error''
            END;', N'@why nvarchar(max) OUTPUT', @why = @text OUTPUT;
    END TRY
    BEGIN CATCH
        SET @text = LEFT(ERROR_MESSAGE(), 500);
    END CATCH;
    IF @text IS NOT NULL
        INSERT INTO #facts (record, item, place, name, kind, value)
        SELECT N'notRead', 1, v.place, v.name, v.kind, v.value
        FROM (
            VALUES (0, N'', N'', N''),
            (1, N'database', N'text', @database),
            (2, N'what', N'text', N'definitions'),
            (3, N'why', N'text', @text)
        ) AS v (place, name, kind, value)
        ORDER BY v.place;
END;
-- </part>

-- <part facts-verify>
BEGIN TRY
    EXEC sys.sp_executesql N'INSERT INTO #facts (record, item, place, name, kind, value) SELECT N''server'', s.item, v.place, v.name, v.kind, v.value FROM (SELECT ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS item, q.* FROM (SELECT CONVERT(nvarchar(128), SERVERPROPERTY(N''ServerName'')) AS [serverName], CONVERT(nvarchar(128), SERVERPROPERTY(N''ProductVersion'')) AS [productVersion], CONVERT(nvarchar(128), SERVERPROPERTY(N''Edition'')) AS [edition], CONVERT(int, SERVERPROPERTY(N''EngineEdition'')) AS [engineEdition], CONVERT(nvarchar(128), SERVERPROPERTY(N''Collation'')) AS [collation], CONVERT(nvarchar(19), GETDATE(), 126) AS [takenAt], CONVERT(nvarchar(19), GETUTCDATE(), 126) AS [takenAtUtc], (SELECT CONVERT(int, c.value_in_use) FROM sys.configurations AS c WHERE c.name = N''clr enabled'') AS [clrEnabled], (SELECT CONVERT(int, c.value_in_use) FROM sys.configurations AS c WHERE c.name = N''contained database authentication'') AS [containedAuthentication], (SELECT CONVERT(int, c.value_in_use) FROM sys.configurations AS c WHERE c.name = N''cross db ownership chaining'') AS [crossDatabaseChaining]) AS q) AS s CROSS APPLY (VALUES (0, N'''', N'''', N''''), (1, N''serverName'', N''text'', CONVERT(nvarchar(max), s.[serverName]) COLLATE Latin1_General_BIN2), (2, N''productVersion'', N''text'', CONVERT(nvarchar(max), s.[productVersion]) COLLATE Latin1_General_BIN2), (3, N''edition'', N''text'', CONVERT(nvarchar(max), s.[edition]) COLLATE Latin1_General_BIN2), (4, N''engineEdition'', N''number'', CONVERT(nvarchar(max), s.[engineEdition]) COLLATE Latin1_General_BIN2), (5, N''collation'', N''text'', CONVERT(nvarchar(max), s.[collation]) COLLATE Latin1_General_BIN2), (6, N''takenAt'', N''text'', CONVERT(nvarchar(max), s.[takenAt]) COLLATE Latin1_General_BIN2), (7, N''takenAtUtc'', N''text'', CONVERT(nvarchar(max), s.[takenAtUtc]) COLLATE Latin1_General_BIN2), (8, N''clrEnabled'', N''flag'', CONVERT(nvarchar(max), s.[clrEnabled]) COLLATE Latin1_General_BIN2), (9, N''containedAuthentication'', N''flag'', CONVERT(nvarchar(max), s.[containedAuthentication]) COLLATE Latin1_General_BIN2), (10, N''crossDatabaseChaining'', N''flag'', CONVERT(nvarchar(max), s.[crossDatabaseChaining]) COLLATE Latin1_General_BIN2)) AS v (place, name, kind, value) ORDER BY s.item, v.place;', N'@database nvarchar(128)', @database = @database;
END TRY
BEGIN CATCH
    SET @text = LEFT(ERROR_MESSAGE(), 500);
    INSERT INTO #facts (record, item, place, name, kind, value)
    SELECT N'notRead', 1, v.place, v.name, v.kind, v.value
    FROM (VALUES (0, N'', N'', N''), (1, N'database', N'text', NULL), (2, N'what', N'text', N'server'), (3, N'why', N'text', @text)) AS v (place, name, kind, value)
    ORDER BY v.place;
END CATCH;
BEGIN TRY
    EXEC sys.sp_executesql N'INSERT INTO #facts (record, item, place, name, kind, value) SELECT N''database'', s.item, v.place, v.name, v.kind, v.value FROM (SELECT ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS item, q.* FROM (SELECT d.name AS [database], d.state_desc AS [state], CONVERT(nvarchar(19), d.create_date, 126) AS [createDate], d.compatibility_level AS [compatibilityLevel], d.collation_name AS [collation], d.recovery_model_desc AS [recoveryModel], SUSER_SNAME(d.owner_sid) AS [owner], d.user_access_desc AS [userAccess], d.page_verify_option_desc AS [pageVerify], d.is_read_only AS [isReadOnly], d.is_in_standby AS [isStandby], d.is_trustworthy_on AS [isTrustworthy], d.is_db_chaining_on AS [isChained], d.is_broker_enabled AS [isBrokerEnabled], d.is_cdc_enabled AS [isCdcEnabled], d.is_published AS [isPublished], CONVERT(int, DATABASEPROPERTYEX(d.name, N''IsSubscribed'')) AS [isSubscribed], d.is_merge_published AS [isMergePublished], d.is_encrypted AS [isEncrypted], d.is_master_key_encrypted_by_server AS [isMasterKeyEncryptedByServer], d.is_auto_create_stats_on AS [isAutoCreateStatistics], d.is_auto_update_stats_on AS [isAutoUpdateStatistics], d.is_read_committed_snapshot_on AS [isReadCommittedSnapshot], d.snapshot_isolation_state_desc AS [snapshotIsolation], CASE WHEN EXISTS (SELECT 1 FROM sys.change_tracking_databases AS t WHERE t.database_id = d.database_id) THEN 1 ELSE 0 END AS [isChangeTracked], CONVERT(nvarchar(19), CASE WHEN CONVERT(datetime, DATABASEPROPERTYEX(d.name, N''LastGoodCheckDbTime'')) > CONVERT(datetime, N''19000101'', 112) THEN CONVERT(datetime, DATABASEPROPERTYEX(d.name, N''LastGoodCheckDbTime'')) END, 126) AS [lastGoodCheckDb] FROM sys.databases AS d INNER JOIN #wanted AS w ON w.database_id = d.database_id) AS q) AS s CROSS APPLY (VALUES (0, N'''', N'''', N''''), (1, N''database'', N''text'', CONVERT(nvarchar(max), s.[database]) COLLATE Latin1_General_BIN2), (2, N''state'', N''text'', CONVERT(nvarchar(max), s.[state]) COLLATE Latin1_General_BIN2), (3, N''createDate'', N''text'', CONVERT(nvarchar(max), s.[createDate]) COLLATE Latin1_General_BIN2), (4, N''compatibilityLevel'', N''number'', CONVERT(nvarchar(max), s.[compatibilityLevel]) COLLATE Latin1_General_BIN2), (5, N''collation'', N''text'', CONVERT(nvarchar(max), s.[collation]) COLLATE Latin1_General_BIN2), (6, N''recoveryModel'', N''text'', CONVERT(nvarchar(max), s.[recoveryModel]) COLLATE Latin1_General_BIN2), (7, N''owner'', N''text'', CONVERT(nvarchar(max), s.[owner]) COLLATE Latin1_General_BIN2), (8, N''userAccess'', N''text'', CONVERT(nvarchar(max), s.[userAccess]) COLLATE Latin1_General_BIN2), (9, N''pageVerify'', N''text'', CONVERT(nvarchar(max), s.[pageVerify]) COLLATE Latin1_General_BIN2), (10, N''isReadOnly'', N''flag'', CONVERT(nvarchar(max), s.[isReadOnly]) COLLATE Latin1_General_BIN2), (11, N''isStandby'', N''flag'', CONVERT(nvarchar(max), s.[isStandby]) COLLATE Latin1_General_BIN2), (12, N''isTrustworthy'', N''flag'', CONVERT(nvarchar(max), s.[isTrustworthy]) COLLATE Latin1_General_BIN2), (13, N''isChained'', N''flag'', CONVERT(nvarchar(max), s.[isChained]) COLLATE Latin1_General_BIN2), (14, N''isBrokerEnabled'', N''flag'', CONVERT(nvarchar(max), s.[isBrokerEnabled]) COLLATE Latin1_General_BIN2), (15, N''isCdcEnabled'', N''flag'', CONVERT(nvarchar(max), s.[isCdcEnabled]) COLLATE Latin1_General_BIN2), (16, N''isPublished'', N''flag'', CONVERT(nvarchar(max), s.[isPublished]) COLLATE Latin1_General_BIN2), (17, N''isSubscribed'', N''flag'', CONVERT(nvarchar(max), s.[isSubscribed]) COLLATE Latin1_General_BIN2), (18, N''isMergePublished'', N''flag'', CONVERT(nvarchar(max), s.[isMergePublished]) COLLATE Latin1_General_BIN2), (19, N''isEncrypted'', N''flag'', CONVERT(nvarchar(max), s.[isEncrypted]) COLLATE Latin1_General_BIN2), (20, N''isMasterKeyEncryptedByServer'', N''flag'', CONVERT(nvarchar(max), s.[isMasterKeyEncryptedByServer]) COLLATE Latin1_General_BIN2), (21, N''isAutoCreateStatistics'', N''flag'', CONVERT(nvarchar(max), s.[isAutoCreateStatistics]) COLLATE Latin1_General_BIN2), (22, N''isAutoUpdateStatistics'', N''flag'', CONVERT(nvarchar(max), s.[isAutoUpdateStatistics]) COLLATE Latin1_General_BIN2), (23, N''isReadCommittedSnapshot'', N''flag'', CONVERT(nvarchar(max), s.[isReadCommittedSnapshot]) COLLATE Latin1_General_BIN2), (24, N''snapshotIsolation'', N''text'', CONVERT(nvarchar(max), s.[snapshotIsolation]) COLLATE Latin1_General_BIN2), (25, N''isChangeTracked'', N''flag'', CONVERT(nvarchar(max), s.[isChangeTracked]) COLLATE Latin1_General_BIN2), (26, N''lastGoodCheckDb'', N''text'', CONVERT(nvarchar(max), s.[lastGoodCheckDb]) COLLATE Latin1_General_BIN2)) AS v (place, name, kind, value) ORDER BY s.item, v.place;', N'@database nvarchar(128)', @database = @database;
END TRY
BEGIN CATCH
    SET @text = LEFT(ERROR_MESSAGE(), 500);
    INSERT INTO #facts (record, item, place, name, kind, value)
    SELECT N'notRead', 1, v.place, v.name, v.kind, v.value
    FROM (VALUES (0, N'', N'', N''), (1, N'database', N'text', NULL), (2, N'what', N'text', N'database'), (3, N'why', N'text', @text)) AS v (place, name, kind, value)
    ORDER BY v.place;
END CATCH;
BEGIN TRY
    IF @version >= 11
        EXEC sys.sp_executesql N'INSERT INTO #facts (record, item, place, name, kind, value) SELECT N''database'', s.item, v.place, v.name, v.kind, v.value FROM (SELECT ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS item, q.* FROM (SELECT d.name AS [database], d.containment_desc AS [containment], CASE WHEN d.replica_id IS NULL THEN 0 ELSE 1 END AS [isInAvailabilityGroup] FROM sys.databases AS d INNER JOIN #wanted AS w ON w.database_id = d.database_id) AS q) AS s CROSS APPLY (VALUES (0, N'''', N'''', N''''), (1, N''database'', N''text'', CONVERT(nvarchar(max), s.[database]) COLLATE Latin1_General_BIN2), (2, N''containment'', N''text'', CONVERT(nvarchar(max), s.[containment]) COLLATE Latin1_General_BIN2), (3, N''isInAvailabilityGroup'', N''flag'', CONVERT(nvarchar(max), s.[isInAvailabilityGroup]) COLLATE Latin1_General_BIN2)) AS v (place, name, kind, value) ORDER BY s.item, v.place;', N'@database nvarchar(128)', @database = @database;
END TRY
BEGIN CATCH
    SET @text = LEFT(ERROR_MESSAGE(), 500);
    INSERT INTO #facts (record, item, place, name, kind, value)
    SELECT N'notRead', 1, v.place, v.name, v.kind, v.value
    FROM (VALUES (0, N'', N'', N''), (1, N'database', N'text', NULL), (2, N'what', N'text', N'database (from version 11 on)'), (3, N'why', N'text', @text)) AS v (place, name, kind, value)
    ORDER BY v.place;
END CATCH;
BEGIN TRY
    IF @version >= 12
        EXEC sys.sp_executesql N'INSERT INTO #facts (record, item, place, name, kind, value) SELECT N''database'', s.item, v.place, v.name, v.kind, v.value FROM (SELECT ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS item, q.* FROM (SELECT d.name AS [database], d.delayed_durability_desc AS [delayedDurability] FROM sys.databases AS d INNER JOIN #wanted AS w ON w.database_id = d.database_id) AS q) AS s CROSS APPLY (VALUES (0, N'''', N'''', N''''), (1, N''database'', N''text'', CONVERT(nvarchar(max), s.[database]) COLLATE Latin1_General_BIN2), (2, N''delayedDurability'', N''text'', CONVERT(nvarchar(max), s.[delayedDurability]) COLLATE Latin1_General_BIN2)) AS v (place, name, kind, value) ORDER BY s.item, v.place;', N'@database nvarchar(128)', @database = @database;
END TRY
BEGIN CATCH
    SET @text = LEFT(ERROR_MESSAGE(), 500);
    INSERT INTO #facts (record, item, place, name, kind, value)
    SELECT N'notRead', 1, v.place, v.name, v.kind, v.value
    FROM (VALUES (0, N'', N'', N''), (1, N'database', N'text', NULL), (2, N'what', N'text', N'database (from version 12 on)'), (3, N'why', N'text', @text)) AS v (place, name, kind, value)
    ORDER BY v.place;
END CATCH;
BEGIN TRY
    IF @version >= 13
        EXEC sys.sp_executesql N'INSERT INTO #facts (record, item, place, name, kind, value) SELECT N''database'', s.item, v.place, v.name, v.kind, v.value FROM (SELECT ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS item, q.* FROM (SELECT d.name AS [database], d.is_query_store_on AS [isQueryStoreOn] FROM sys.databases AS d INNER JOIN #wanted AS w ON w.database_id = d.database_id) AS q) AS s CROSS APPLY (VALUES (0, N'''', N'''', N''''), (1, N''database'', N''text'', CONVERT(nvarchar(max), s.[database]) COLLATE Latin1_General_BIN2), (2, N''isQueryStoreOn'', N''flag'', CONVERT(nvarchar(max), s.[isQueryStoreOn]) COLLATE Latin1_General_BIN2)) AS v (place, name, kind, value) ORDER BY s.item, v.place;', N'@database nvarchar(128)', @database = @database;
END TRY
BEGIN CATCH
    SET @text = LEFT(ERROR_MESSAGE(), 500);
    INSERT INTO #facts (record, item, place, name, kind, value)
    SELECT N'notRead', 1, v.place, v.name, v.kind, v.value
    FROM (VALUES (0, N'', N'', N''), (1, N'database', N'text', NULL), (2, N'what', N'text', N'database (from version 13 on)'), (3, N'why', N'text', @text)) AS v (place, name, kind, value)
    ORDER BY v.place;
END CATCH;
SET @database_id = 0;
WHILE 1 = 1
BEGIN
    SELECT TOP (1) @database_id = w.database_id, @database = w.name
    FROM #wanted AS w
    WHERE w.is_online = 1 AND w.database_id > @database_id
    ORDER BY w.database_id;
    IF @@ROWCOUNT = 0
        BREAK;
    SET @in_database = QUOTENAME(@database) + N'.sys.sp_executesql';
    BEGIN TRY
        EXEC @in_database N'INSERT INTO #facts (record, item, place, name, kind, value) SELECT N''dbo'', s.item, v.place, v.name, v.kind, v.value FROM (SELECT ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS item, q.* FROM (SELECT @database AS [database], SUSER_SNAME(u.sid) AS [login], CASE WHEN u.sid = d.owner_sid THEN 1 WHEN u.sid <> d.owner_sid THEN 0 END AS [isOwner] FROM sys.database_principals AS u INNER JOIN sys.databases AS d ON d.database_id = DB_ID() WHERE u.principal_id = 1) AS q) AS s CROSS APPLY (VALUES (0, N'''', N'''', N''''), (1, N''database'', N''text'', CONVERT(nvarchar(max), s.[database]) COLLATE Latin1_General_BIN2), (2, N''login'', N''text'', CONVERT(nvarchar(max), s.[login]) COLLATE Latin1_General_BIN2), (3, N''isOwner'', N''flag'', CONVERT(nvarchar(max), s.[isOwner]) COLLATE Latin1_General_BIN2)) AS v (place, name, kind, value) ORDER BY s.item, v.place;', N'@database nvarchar(128)', @database = @database;
    END TRY
    BEGIN CATCH
        SET @text = LEFT(ERROR_MESSAGE(), 500);
        INSERT INTO #facts (record, item, place, name, kind, value)
        SELECT N'notRead', 1, v.place, v.name, v.kind, v.value
        FROM (VALUES (0, N'', N'', N''), (1, N'database', N'text', @database), (2, N'what', N'text', N'dbo'), (3, N'why', N'text', @text)) AS v (place, name, kind, value)
        ORDER BY v.place;
    END CATCH;
    BEGIN TRY
        EXEC @in_database N'INSERT INTO #facts (record, item, place, name, kind, value) SELECT N''file'', s.item, v.place, v.name, v.kind, v.value FROM (SELECT ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS item, q.* FROM (SELECT @database AS [database], f.name AS [name], f.type_desc AS [type], CONVERT(bigint, f.size) * 8192 AS [sizeBytes] FROM sys.database_files AS f) AS q) AS s CROSS APPLY (VALUES (0, N'''', N'''', N''''), (1, N''database'', N''text'', CONVERT(nvarchar(max), s.[database]) COLLATE Latin1_General_BIN2), (2, N''name'', N''text'', CONVERT(nvarchar(max), s.[name]) COLLATE Latin1_General_BIN2), (3, N''type'', N''text'', CONVERT(nvarchar(max), s.[type]) COLLATE Latin1_General_BIN2), (4, N''sizeBytes'', N''number'', CONVERT(nvarchar(max), s.[sizeBytes]) COLLATE Latin1_General_BIN2)) AS v (place, name, kind, value) ORDER BY s.item, v.place;', N'@database nvarchar(128)', @database = @database;
    END TRY
    BEGIN CATCH
        SET @text = LEFT(ERROR_MESSAGE(), 500);
        INSERT INTO #facts (record, item, place, name, kind, value)
        SELECT N'notRead', 1, v.place, v.name, v.kind, v.value
        FROM (VALUES (0, N'', N'', N''), (1, N'database', N'text', @database), (2, N'what', N'text', N'file'), (3, N'why', N'text', @text)) AS v (place, name, kind, value)
        ORDER BY v.place;
    END CATCH;
    BEGIN TRY
        EXEC @in_database N'INSERT INTO #facts (record, item, place, name, kind, value) SELECT N''contents'', s.item, v.place, v.name, v.kind, v.value FROM (SELECT ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS item, q.* FROM (SELECT @database AS [database], (SELECT COUNT_BIG(*) FROM sys.objects AS o WHERE o.is_ms_shipped = 0 AND o.type IN (''U'')) AS [tables], (SELECT SUM(p.rows) FROM sys.partitions AS p INNER JOIN sys.tables AS t ON t.object_id = p.object_id WHERE t.is_ms_shipped = 0 AND p.index_id IN (0, 1)) AS [rows], (SELECT COUNT_BIG(*) FROM sys.objects AS o WHERE o.is_ms_shipped = 0 AND o.type IN (''V'')) AS [views], (SELECT COUNT_BIG(*) FROM sys.objects AS o WHERE o.is_ms_shipped = 0 AND o.type IN (''P'', ''PC'')) AS [procedures], (SELECT COUNT_BIG(*) FROM sys.objects AS o WHERE o.is_ms_shipped = 0 AND o.type IN (''FN'', ''IF'', ''TF'', ''FS'', ''FT'', ''AF'')) AS [functions], (SELECT COUNT_BIG(*) FROM sys.objects AS o WHERE o.is_ms_shipped = 0 AND o.type IN (''TR'', ''TA'')) AS [triggers], (SELECT COUNT_BIG(*) FROM sys.triggers AS t WHERE t.parent_class = 0 AND t.is_ms_shipped = 0) AS [databaseTriggers], (SELECT COUNT_BIG(*) FROM sys.objects AS o WHERE o.is_ms_shipped = 0 AND o.type IN (''SN'')) AS [synonyms], (SELECT COUNT_BIG(*) FROM sys.objects AS o WHERE o.is_ms_shipped = 0 AND o.type IN (''SO'')) AS [sequences], (SELECT COUNT_BIG(*) FROM sys.objects AS o WHERE o.is_ms_shipped = 0 AND o.type IN (''SQ'')) AS [queues], (SELECT COUNT_BIG(*) FROM sys.types AS t WHERE t.is_user_defined = 1) AS [types], (SELECT COUNT_BIG(*) FROM sys.indexes AS i INNER JOIN sys.objects AS o ON o.object_id = i.object_id WHERE o.is_ms_shipped = 0 AND i.type > 0) AS [indexes], (SELECT COUNT_BIG(*) FROM sys.objects AS o WHERE o.is_ms_shipped = 0 AND o.type IN (''F'')) AS [foreignKeys], (SELECT COUNT_BIG(*) FROM sys.objects AS o WHERE o.is_ms_shipped = 0 AND o.type IN (''C'', ''D'', ''PK'', ''UQ'')) AS [constraints], (SELECT COUNT_BIG(*) FROM sys.foreign_keys AS k WHERE k.is_not_trusted = 1) + (SELECT COUNT_BIG(*) FROM sys.check_constraints AS k WHERE k.is_not_trusted = 1) AS [untrustedConstraints], (SELECT COUNT(DISTINCT p.object_id) FROM sys.partitions AS p INNER JOIN sys.tables AS t ON t.object_id = p.object_id WHERE p.partition_number > 1) AS [partitionedTables], (SELECT COUNT_BIG(*) FROM sys.indexes AS i WHERE i.type IN (5, 6)) AS [columnstoreIndexes], (SELECT COUNT_BIG(*) FROM sys.tables AS t WHERE t.is_tracked_by_cdc = 1) AS [cdcTables], (SELECT COUNT_BIG(*) FROM sys.fulltext_indexes) AS [fulltextIndexes], (SELECT COUNT_BIG(*) FROM sys.services AS s WHERE s.service_id > 65535) AS [brokerServices], (SELECT COUNT_BIG(*) FROM sys.filegroups AS g WHERE g.type = ''FX'') AS [memoryOptimizedFilegroups], (SELECT COUNT_BIG(*) FROM sys.symmetric_keys AS k WHERE k.name = N''##MS_DatabaseMasterKey##'') AS [masterKeys], (SELECT COUNT_BIG(*) FROM sys.symmetric_keys AS k WHERE k.name <> N''##MS_DatabaseMasterKey##'') AS [symmetricKeys], (SELECT COUNT_BIG(*) FROM sys.certificates) AS [certificates]) AS q) AS s CROSS APPLY (VALUES (0, N'''', N'''', N''''), (1, N''database'', N''text'', CONVERT(nvarchar(max), s.[database]) COLLATE Latin1_General_BIN2), (2, N''tables'', N''number'', CONVERT(nvarchar(max), s.[tables]) COLLATE Latin1_General_BIN2), (3, N''rows'', N''number'', CONVERT(nvarchar(max), s.[rows]) COLLATE Latin1_General_BIN2), (4, N''views'', N''number'', CONVERT(nvarchar(max), s.[views]) COLLATE Latin1_General_BIN2), (5, N''procedures'', N''number'', CONVERT(nvarchar(max), s.[procedures]) COLLATE Latin1_General_BIN2), (6, N''functions'', N''number'', CONVERT(nvarchar(max), s.[functions]) COLLATE Latin1_General_BIN2), (7, N''triggers'', N''number'', CONVERT(nvarchar(max), s.[triggers]) COLLATE Latin1_General_BIN2), (8, N''databaseTriggers'', N''number'', CONVERT(nvarchar(max), s.[databaseTriggers]) COLLATE Latin1_General_BIN2), (9, N''synonyms'', N''number'', CONVERT(nvarchar(max), s.[synonyms]) COLLATE Latin1_General_BIN2), (10, N''sequences'', N''number'', CONVERT(nvarchar(max), s.[sequences]) COLLATE Latin1_General_BIN2), (11, N''queues'', N''number'', CONVERT(nvarchar(max), s.[queues]) COLLATE Latin1_General_BIN2), (12, N''types'', N''number'', CONVERT(nvarchar(max), s.[types]) COLLATE Latin1_General_BIN2), (13, N''indexes'', N''number'', CONVERT(nvarchar(max), s.[indexes]) COLLATE Latin1_General_BIN2), (14, N''foreignKeys'', N''number'', CONVERT(nvarchar(max), s.[foreignKeys]) COLLATE Latin1_General_BIN2), (15, N''constraints'', N''number'', CONVERT(nvarchar(max), s.[constraints]) COLLATE Latin1_General_BIN2), (16, N''untrustedConstraints'', N''number'', CONVERT(nvarchar(max), s.[untrustedConstraints]) COLLATE Latin1_General_BIN2), (17, N''partitionedTables'', N''number'', CONVERT(nvarchar(max), s.[partitionedTables]) COLLATE Latin1_General_BIN2), (18, N''columnstoreIndexes'', N''number'', CONVERT(nvarchar(max), s.[columnstoreIndexes]) COLLATE Latin1_General_BIN2), (19, N''cdcTables'', N''number'', CONVERT(nvarchar(max), s.[cdcTables]) COLLATE Latin1_General_BIN2), (20, N''fulltextIndexes'', N''number'', CONVERT(nvarchar(max), s.[fulltextIndexes]) COLLATE Latin1_General_BIN2), (21, N''brokerServices'', N''number'', CONVERT(nvarchar(max), s.[brokerServices]) COLLATE Latin1_General_BIN2), (22, N''memoryOptimizedFilegroups'', N''number'', CONVERT(nvarchar(max), s.[memoryOptimizedFilegroups]) COLLATE Latin1_General_BIN2), (23, N''masterKeys'', N''number'', CONVERT(nvarchar(max), s.[masterKeys]) COLLATE Latin1_General_BIN2), (24, N''symmetricKeys'', N''number'', CONVERT(nvarchar(max), s.[symmetricKeys]) COLLATE Latin1_General_BIN2), (25, N''certificates'', N''number'', CONVERT(nvarchar(max), s.[certificates]) COLLATE Latin1_General_BIN2)) AS v (place, name, kind, value) ORDER BY s.item, v.place;', N'@database nvarchar(128)', @database = @database;
    END TRY
    BEGIN CATCH
        SET @text = LEFT(ERROR_MESSAGE(), 500);
        INSERT INTO #facts (record, item, place, name, kind, value)
        SELECT N'notRead', 1, v.place, v.name, v.kind, v.value
        FROM (VALUES (0, N'', N'', N''), (1, N'database', N'text', @database), (2, N'what', N'text', N'contents'), (3, N'why', N'text', @text)) AS v (place, name, kind, value)
        ORDER BY v.place;
    END CATCH;
    BEGIN TRY
        EXEC @in_database N'INSERT INTO #facts (record, item, place, name, kind, value) SELECT N''table'', s.item, v.place, v.name, v.kind, v.value FROM (SELECT ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS item, q.* FROM (SELECT @database AS [database], QUOTENAME(SCHEMA_NAME(t.schema_id)) + N''.'' + QUOTENAME(t.name) AS [name], SUM(p.rows) AS [rows] FROM sys.tables AS t INNER JOIN sys.partitions AS p ON p.object_id = t.object_id WHERE t.is_ms_shipped = 0 AND p.index_id IN (0, 1) GROUP BY t.schema_id, t.name) AS q) AS s CROSS APPLY (VALUES (0, N'''', N'''', N''''), (1, N''database'', N''text'', CONVERT(nvarchar(max), s.[database]) COLLATE Latin1_General_BIN2), (2, N''name'', N''text'', CONVERT(nvarchar(max), s.[name]) COLLATE Latin1_General_BIN2), (3, N''rows'', N''number'', CONVERT(nvarchar(max), s.[rows]) COLLATE Latin1_General_BIN2)) AS v (place, name, kind, value) ORDER BY s.item, v.place;', N'@database nvarchar(128)', @database = @database;
    END TRY
    BEGIN CATCH
        SET @text = LEFT(ERROR_MESSAGE(), 500);
        INSERT INTO #facts (record, item, place, name, kind, value)
        SELECT N'notRead', 1, v.place, v.name, v.kind, v.value
        FROM (VALUES (0, N'', N'', N''), (1, N'database', N'text', @database), (2, N'what', N'text', N'table'), (3, N'why', N'text', @text)) AS v (place, name, kind, value)
        ORDER BY v.place;
    END CATCH;
    BEGIN TRY
        EXEC @in_database N'INSERT INTO #facts (record, item, place, name, kind, value) SELECT N''assembly'', s.item, v.place, v.name, v.kind, v.value FROM (SELECT ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS item, q.* FROM (SELECT @database AS [database], a.name AS [name], a.permission_set_desc AS [permissionSet] FROM sys.assemblies AS a WHERE a.is_user_defined = 1) AS q) AS s CROSS APPLY (VALUES (0, N'''', N'''', N''''), (1, N''database'', N''text'', CONVERT(nvarchar(max), s.[database]) COLLATE Latin1_General_BIN2), (2, N''name'', N''text'', CONVERT(nvarchar(max), s.[name]) COLLATE Latin1_General_BIN2), (3, N''permissionSet'', N''text'', CONVERT(nvarchar(max), s.[permissionSet]) COLLATE Latin1_General_BIN2)) AS v (place, name, kind, value) ORDER BY s.item, v.place;', N'@database nvarchar(128)', @database = @database;
    END TRY
    BEGIN CATCH
        SET @text = LEFT(ERROR_MESSAGE(), 500);
        INSERT INTO #facts (record, item, place, name, kind, value)
        SELECT N'notRead', 1, v.place, v.name, v.kind, v.value
        FROM (VALUES (0, N'', N'', N''), (1, N'database', N'text', @database), (2, N'what', N'text', N'assembly'), (3, N'why', N'text', @text)) AS v (place, name, kind, value)
        ORDER BY v.place;
    END CATCH;
    BEGIN TRY
        EXEC @in_database N'INSERT INTO #facts (record, item, place, name, kind, value) SELECT N''user'', s.item, v.place, v.name, v.kind, v.value FROM (SELECT ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS item, q.* FROM (SELECT @database AS [database], u.name AS [name], u.type_desc AS [type], l.name AS [login], CONVERT(int, l.is_disabled) AS [isLoginDisabled], CASE WHEN u.type = ''S'' AND DATALENGTH(u.sid) >= 28 THEN 1 ELSE 0 END AS [isWithoutLogin] FROM sys.database_principals AS u LEFT JOIN sys.server_principals AS l ON l.sid = u.sid WHERE u.type IN (''S'', ''U'', ''G'') AND u.principal_id > 4) AS q) AS s CROSS APPLY (VALUES (0, N'''', N'''', N''''), (1, N''database'', N''text'', CONVERT(nvarchar(max), s.[database]) COLLATE Latin1_General_BIN2), (2, N''name'', N''text'', CONVERT(nvarchar(max), s.[name]) COLLATE Latin1_General_BIN2), (3, N''type'', N''text'', CONVERT(nvarchar(max), s.[type]) COLLATE Latin1_General_BIN2), (4, N''login'', N''text'', CONVERT(nvarchar(max), s.[login]) COLLATE Latin1_General_BIN2), (5, N''isLoginDisabled'', N''flag'', CONVERT(nvarchar(max), s.[isLoginDisabled]) COLLATE Latin1_General_BIN2), (6, N''isWithoutLogin'', N''flag'', CONVERT(nvarchar(max), s.[isWithoutLogin]) COLLATE Latin1_General_BIN2)) AS v (place, name, kind, value) ORDER BY s.item, v.place;', N'@database nvarchar(128)', @database = @database;
    END TRY
    BEGIN CATCH
        SET @text = LEFT(ERROR_MESSAGE(), 500);
        INSERT INTO #facts (record, item, place, name, kind, value)
        SELECT N'notRead', 1, v.place, v.name, v.kind, v.value
        FROM (VALUES (0, N'', N'', N''), (1, N'database', N'text', @database), (2, N'what', N'text', N'user'), (3, N'why', N'text', @text)) AS v (place, name, kind, value)
        ORDER BY v.place;
    END CATCH;
END;
-- </part>
-- <part read-tables>
-- Only with @checksums = 1: reads every table for its exact number of rows and a checksum over them. A table that cannot
-- be read has a reason instead. QUOTENAME makes each name one that cannot end the statement.
-- https://learn.microsoft.com/en-us/sql/t-sql/functions/checksum-agg-transact-sql
IF OBJECT_ID(N'tempdb..#tables') IS NOT NULL
    DROP TABLE #tables;
CREATE TABLE #tables (
    table_id int IDENTITY(1, 1) NOT NULL PRIMARY KEY,
    database_name nvarchar(128) COLLATE DATABASE_DEFAULT NOT NULL,
    name nvarchar(600) COLLATE DATABASE_DEFAULT NOT NULL
);
DECLARE @table_id int, @table nvarchar(600), @statement nvarchar(max), @rows bigint, @checksum int;
SET @database_id = 0;
WHILE @checksums = 1
BEGIN
    SELECT TOP (1) @database_id = w.database_id, @database = w.name
    FROM #wanted AS w
    WHERE w.is_online = 1 AND w.database_id > @database_id
    ORDER BY w.database_id;
    IF @@ROWCOUNT = 0
        BREAK;
    SET @in_database = QUOTENAME(@database) + N'.sys.sp_executesql';
    BEGIN TRY
        EXEC @in_database N'
            INSERT INTO #tables (database_name, name)
            SELECT @database, QUOTENAME(SCHEMA_NAME(t.schema_id)) + N''.'' + QUOTENAME(t.name)
            FROM sys.tables AS t
            WHERE t.is_ms_shipped = 0;', N'@database nvarchar(128)', @database = @database;
    END TRY
    BEGIN CATCH
        SET @text = LEFT(ERROR_MESSAGE(), 500);
        INSERT INTO #facts (record, item, place, name, kind, value)
        SELECT N'notRead', 1, v.place, v.name, v.kind, v.value
        FROM (
            VALUES (0, N'', N'', N''),
            (1, N'database', N'text', @database),
            (2, N'what', N'text', N'checksum'),
            (3, N'why', N'text', @text)
        ) AS v (place, name, kind, value)
        ORDER BY v.place;
    END CATCH;
END;

SET @table_id = 0;
WHILE 1 = 1
BEGIN
    SELECT TOP (1) @table_id = t.table_id, @database = t.database_name, @table = t.name
    FROM #tables AS t
    WHERE t.table_id > @table_id
    ORDER BY t.table_id;
    IF @@ROWCOUNT = 0
        BREAK;
    SET @in_database = QUOTENAME(@database) + N'.sys.sp_executesql';
    SET @statement = REPLACE(
        N'SELECT @rows = COUNT_BIG(*), @checksum = CHECKSUM_AGG(BINARY_CHECKSUM(*)) FROM [name];', N'[name]', @table
    );
    SET @rows = NULL;
    SET @checksum = NULL;
    SET @text = NULL;
    BEGIN TRY
        EXEC @in_database @statement,
            N'@rows bigint OUTPUT, @checksum int OUTPUT', @rows = @rows OUTPUT, @checksum = @checksum OUTPUT;
    END TRY
    BEGIN CATCH
        SET @text = LEFT(ERROR_MESSAGE(), 500);
    END CATCH;
    INSERT INTO #facts (record, item, place, name, kind, value)
    SELECT N'checksum', 1, v.place, v.name, v.kind, v.value
    FROM (
        VALUES (0, N'', N'', N''),
        (1, N'database', N'text', @database),
        (2, N'name', N'text', @table),
        (3, N'rows', N'number', CONVERT(nvarchar(20), @rows)),
        (4, N'checksum', N'number', CONVERT(nvarchar(20), @checksum)),
        (5, N'why', N'text', @text)
    ) AS v (place, name, kind, value)
    ORDER BY v.place;
END;
-- </part>

-- The loop processes only texts with a character that JSON or a code page does not accept.
DECLARE @fact_id int;
SET @fact_id = 0;
WHILE 1 = 1
BEGIN
    SELECT TOP (1) @fact_id = fact_id, @text = value
    FROM #facts
    WHERE fact_id > @fact_id AND kind = N'text'
        AND (value LIKE N'%[^ -~]%' OR value LIKE N'%[\"]%')
    ORDER BY fact_id;
    IF @@ROWCOUNT = 0
        BREAK;
    -- <part json-text>
    -- Escapes @text for a JSON string in plain ASCII, so that no code page of a client can damage it. A character above
    -- U+FFFF becomes two surrogates, as JSON requires: in this collation UNICODE returns 16 bits at a time.
    SET @text = REPLACE(REPLACE(@text COLLATE Latin1_General_BIN2, N'\', N'\\'), N'"', N'\"');
    SET @position = PATINDEX(N'%[^ -~]%', @text COLLATE Latin1_General_BIN2);
    WHILE @position > 0
    BEGIN
        SET @code = UNICODE(SUBSTRING(@text COLLATE Latin1_General_BIN2, @position, 1));
        SET @text = STUFF(
            @text COLLATE Latin1_General_BIN2, @position, 1,
            N'\u' + RIGHT(CONVERT(nvarchar(8), CONVERT(varbinary(4), @code), 2), 4)
        );
        SET @position = PATINDEX(N'%[^ -~]%', @text COLLATE Latin1_General_BIN2);
    END;
    -- </part>
    UPDATE #facts SET value = @text WHERE fact_id = @fact_id;
END;

-- One short line per value: no client truncates it.
-- <part json-lines>
-- Not nvarchar(max), which sqlcmd truncates to 256 characters. No value is longer: names have 128 characters, messages are
-- truncated to 500, and a character takes at most six.
SELECT CONVERT(nvarchar(4000), line) AS [json]
FROM (
    SELECT 0 AS fact_id, N'{"format":"sqlserver-baseline","version":1,"script":"' + @script + N'","records":[' AS line
    UNION ALL
    SELECT
        f.fact_id,
        CASE
            WHEN f.place = 0 AND f.fact_id = (SELECT MIN(fact_id) FROM #facts) THEN N'{"record":"' + f.record + N'"'
            WHEN f.place = 0 THEN N'},{"record":"' + f.record + N'"'
            WHEN f.value IS NULL THEN N',"' + f.name + N'":null'
            WHEN f.kind = N'text' THEN N',"' + f.name + N'":"' + f.value + N'"'
            WHEN f.kind = N'flag' THEN N',"' + f.name + N'":' + CASE f.value WHEN N'1' THEN N'true' ELSE N'false' END
            ELSE N',"' + f.name + N'":' + f.value
        END
    FROM #facts AS f
    UNION ALL
    SELECT 2147483647, N'}]}'
) AS l
ORDER BY fact_id;
-- </part>
