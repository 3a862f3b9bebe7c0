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
