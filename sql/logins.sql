/*
Prints a script that creates the logins of this server's databases on the destination, with the SIDs and password hashes they
have here, so that users of restored databases find their logins again. Changes nothing. SQL Server 2008 R2 to 2022.

    sqlcmd -S server -E -C -x -b -i logins.sql -h -1 -W -w 65535 -o recreate-logins.sql

The file holds password hashes: keep it on your own machine, let nobody else read it, delete it when it has been run, and
never commit it or give it to a pipeline. baseline.json contains none of it. Needs CONTROL SERVER (sysadmin), which sees hashes.
*/
-- No USE here: sqlcmd would print its message into the generated script.
SET NOCOUNT ON;

DECLARE @database_id int, @database nvarchar(128), @in_database nvarchar(300);
DECLARE @principal_id int, @name nvarchar(128), @type char(1), @sid varbinary(85), @hash varbinary(256), @is_disabled bit;
DECLARE @is_policy_checked bit, @text nvarchar(max), @literal nvarchar(max);
DECLARE @quoted nvarchar(300);

IF OBJECT_ID(N'tempdb..#needed') IS NOT NULL
    DROP TABLE #needed;
IF OBJECT_ID(N'tempdb..#lines') IS NOT NULL
    DROP TABLE #lines;
CREATE TABLE #needed (sid varbinary(85) NOT NULL);
CREATE TABLE #lines (line_id int IDENTITY(1, 1) NOT NULL PRIMARY KEY, line nvarchar(4000) NOT NULL);

-- Logins of users of a user database, and owners of one.
INSERT INTO #needed (sid)
SELECT d.owner_sid FROM sys.databases AS d WHERE d.database_id > 4 AND d.owner_sid IS NOT NULL;
SET @database_id = 4;
WHILE 1 = 1
BEGIN
    SELECT TOP (1) @database_id = d.database_id, @database = d.name
    FROM sys.databases AS d
    WHERE d.database_id > @database_id AND d.state = 0 AND d.source_database_id IS NULL AND d.is_distributor = 0
    ORDER BY d.database_id;
    IF @@ROWCOUNT = 0
        BREAK;
    SET @in_database = QUOTENAME(@database) + N'.sys.sp_executesql';
    EXEC @in_database N'
        INSERT INTO #needed (sid)
        SELECT u.sid FROM sys.database_principals AS u
        WHERE u.type IN (''S'', ''U'', ''G'') AND u.principal_id > 4 AND u.sid IS NOT NULL;';
END;

INSERT INTO #lines (line) VALUES (N'-- Logins with their SIDs and password hashes: a secret. Run it on the destination, then delete it.');
SET @principal_id = 0;
WHILE 1 = 1
BEGIN
    SELECT TOP (1)
        @principal_id = p.principal_id,
        @name = p.name,
        @type = p.type,
        @sid = p.sid,
        @is_disabled = p.is_disabled,
        @hash = s.password_hash,
        @is_policy_checked = s.is_policy_checked
    FROM sys.server_principals AS p
    LEFT JOIN sys.sql_logins AS s ON s.principal_id = p.principal_id
    WHERE p.principal_id > @principal_id
        AND p.type IN ('S', 'U', 'G')
        AND p.sid <> 0x01 -- sa
        AND p.name NOT LIKE N'##%'
        AND EXISTS (SELECT 1 FROM #needed AS n WHERE n.sid = p.sid)
    ORDER BY p.principal_id;
    IF @@ROWCOUNT = 0
        BREAK;

    SET @quoted = QUOTENAME(@name);
    SET @text = @name;
    -- <part sql-literal>
    SET @literal = N'N''' + REPLACE(@text COLLATE Latin1_General_BIN2, N'''', N'''''') + N'''';
    -- </part>
    IF @type <> 'S'
        -- After a comment mark a line break in a name would start a statement.
        INSERT INTO #lines (line)
        VALUES (N'-- Windows login, which the destination cannot check: '
            + REPLACE(REPLACE(@quoted, NCHAR(13), N' '), NCHAR(10), N' '));
    ELSE IF @hash IS NULL
        INSERT INTO #lines (line)
        VALUES (N'RAISERROR (N''The password hash of a login was not readable: run logins.sql as sysadmin.'', 16, 1);');
    ELSE
    BEGIN
        INSERT INTO #lines (line)
        VALUES (N'IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = ' + @literal + N')');
        INSERT INTO #lines (line)
        VALUES (N'    CREATE LOGIN ' + @quoted + N' WITH PASSWORD = ' + CONVERT(nvarchar(514), @hash, 1) + N' HASHED, SID = '
            + CONVERT(nvarchar(172), @sid, 1) + N', CHECK_POLICY = '
            + CASE WHEN @is_policy_checked = 1 THEN N'ON' ELSE N'OFF' END + N';');
        IF @is_disabled = 1
            INSERT INTO #lines (line) VALUES (N'ALTER LOGIN ' + @quoted + N' DISABLE;');
    END;
END;

SELECT line AS [script] FROM #lines ORDER BY line_id;
