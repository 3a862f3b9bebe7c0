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
