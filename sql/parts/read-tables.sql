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
