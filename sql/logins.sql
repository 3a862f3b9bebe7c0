/*
Prints a script that creates the logins of this server's databases on the destination, with the SIDs and password hashes they
have here, so that users of restored databases find their logins again. Changes nothing. SQL Server 2008 R2 to 2022.

    sqlcmd -S server -E -C -x -b -i logins.sql -h -1 -W -w 65535 -o recreate-logins.sql

The file holds password hashes: keep it on your own machine, let nobody else read it, delete it when it has been run, and
never commit it or give it to a pipeline. baseline.json contains none of it. Needs CONTROL SERVER (sysadmin), which sees hashes;
from 2022 on VIEW ANY SECURITY DEFINITION with VIEW ANY CRYPTOGRAPHICALLY SECURED DEFINITION does too.

The printed script keeps default database and language, policy and expiration, denied or missing CONNECT SQL, disabled logins,
server roles and server permissions. It never changes a login that is there, and its result has a row for whatever it left out.
*/
-- No USE here: sqlcmd would print its message into the generated script.
SET NOCOUNT ON;

DECLARE @database_id int, @database nvarchar(128), @in_database nvarchar(300), @is_online bit, @reason nvarchar(600);
DECLARE @principal_id int, @name nvarchar(128), @type char(1), @sid varbinary(85), @hash varbinary(256), @is_disabled bit;
DECLARE @is_policy_checked bit, @is_expiration_checked bit, @default_database nvarchar(128), @language nvarchar(128);
DECLARE @connect nchar(1), @text nvarchar(max), @literal nvarchar(max), @name_literal nvarchar(max), @position int, @code int;
DECLARE @print nvarchar(max), @right_id int, @right nvarchar(200), @kind nvarchar(10);

-- Without it the views below return fewer rows and no error, and the printed script would be nearly empty.
-- https://learn.microsoft.com/en-us/sql/relational-databases/security/metadata-visibility-configuration
-- From 2022 on two smaller rights do too; HAS_PERMS_BY_NAME is NULL for a name that an older server does not know.
-- https://learn.microsoft.com/en-us/sql/relational-databases/system-catalog-views/sys-sql-logins-transact-sql
IF ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'CONTROL SERVER'), 0) = 0
    AND (
        ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW ANY SECURITY DEFINITION'), 0) = 0
        OR ISNULL(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW ANY CRYPTOGRAPHICALLY SECURED DEFINITION'), 0) = 0
    )
BEGIN
    RAISERROR (N'This login may not see all logins and their password hashes: run logins.sql with CONTROL SERVER (sysadmin).', 16, 1);
    RETURN;
END;

IF OBJECT_ID(N'tempdb..#needed') IS NOT NULL
    DROP TABLE #needed;
IF OBJECT_ID(N'tempdb..#lines') IS NOT NULL
    DROP TABLE #lines;
IF OBJECT_ID(N'tempdb..#held') IS NOT NULL
    DROP TABLE #held;
CREATE TABLE #needed (sid varbinary(85) NOT NULL);
CREATE TABLE #lines (line_id int IDENTITY(1, 1) NOT NULL PRIMARY KEY, line nvarchar(4000) NOT NULL);
CREATE TABLE #held (
    right_id int IDENTITY(1, 1) NOT NULL PRIMARY KEY,
    principal_id int NOT NULL,
    kind nvarchar(10) NOT NULL,
    name nvarchar(200) NOT NULL
);

-- <part print-recreate-logins-begin>
SET @print = N'-- Recreates logins with their SIDs and password hashes: a secret. Run it on the destination, then delete it. A login that is
-- there is never changed. The result has one row for each step that was taken or left out, with the reason.
USE [master]; -- GRANT of a server permission is refused in another database
SET NOCOUNT ON;
IF OBJECT_ID(N''tempdb..#logins'') IS NOT NULL
    DROP TABLE #logins;
IF OBJECT_ID(N''tempdb..#rights'') IS NOT NULL
    DROP TABLE #rights;
IF OBJECT_ID(N''tempdb..#report'') IS NOT NULL
    DROP TABLE #report;
CREATE TABLE #logins (
    login_id int IDENTITY(1, 1) NOT NULL PRIMARY KEY,
    name nvarchar(128) COLLATE Latin1_General_BIN2 NOT NULL,
    type nvarchar(1) COLLATE Latin1_General_BIN2 NOT NULL, -- as in sys.server_principals
    sid varbinary(85) NOT NULL,
    password_hash varbinary(256) NULL,
    is_disabled bit NOT NULL,
    check_policy bit NOT NULL,
    check_expiration bit NOT NULL,
    default_database nvarchar(128) COLLATE Latin1_General_BIN2 NULL,
    default_language nvarchar(128) COLLATE Latin1_General_BIN2 NULL,
    connect_sql nvarchar(1) COLLATE Latin1_General_BIN2 NOT NULL -- G granted, D denied, R neither
);
CREATE TABLE #rights (
    right_id int IDENTITY(1, 1) NOT NULL PRIMARY KEY,
    login nvarchar(128) COLLATE Latin1_General_BIN2 NOT NULL,
    kind nvarchar(10) COLLATE Latin1_General_BIN2 NOT NULL, -- ROLE, or the state of a permission: GRANT, GRANT W, DENY
    name nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
    done bit NOT NULL DEFAULT 0
);
CREATE TABLE #report (
    row_id int IDENTITY(1, 1) NOT NULL PRIMARY KEY,
    login nvarchar(128) COLLATE Latin1_General_BIN2 NOT NULL,
    outcome nvarchar(20) COLLATE Latin1_General_BIN2 NOT NULL, -- created, granted, skipped, to do, FAILED
    reason nvarchar(2000) COLLATE Latin1_General_BIN2 NOT NULL
);
';
-- </part>
-- <part lines-of-print>
-- The lines of @print. A checkout on Windows may have ended them with CR LF.
SET @print = REPLACE(@print COLLATE Latin1_General_BIN2, NCHAR(13), N'');
WHILE DATALENGTH(@print) > 0
BEGIN
    SET @position = CHARINDEX(NCHAR(10), @print + NCHAR(10) COLLATE Latin1_General_BIN2);
    INSERT INTO #lines (line) VALUES (LEFT(@print, @position - 1));
    SET @print = SUBSTRING(@print, @position + 1, DATALENGTH(@print) / 2);
END;
-- </part>

-- Logins of users of a user database, and owners of one.
INSERT INTO #needed (sid)
SELECT d.owner_sid FROM sys.databases AS d WHERE d.database_id > 4 AND d.owner_sid IS NOT NULL;
SET @database_id = 4;
WHILE 1 = 1
BEGIN
    SELECT TOP (1)
        @database_id = d.database_id,
        @database = d.name,
        @is_online = CASE WHEN d.state = 0 THEN 1 ELSE 0 END,
        @reason = N'it is not online but ' + d.state_desc
    FROM sys.databases AS d
    WHERE d.database_id > @database_id AND d.source_database_id IS NULL AND d.is_distributor = 0
    ORDER BY d.database_id;
    IF @@ROWCOUNT = 0
        BREAK;
    IF @is_online = 1
    BEGIN
        SET @in_database = QUOTENAME(@database) + N'.sys.sp_executesql';
        BEGIN TRY
            EXEC @in_database N'
                INSERT INTO #needed (sid)
                SELECT u.sid FROM sys.database_principals AS u
                WHERE u.type IN (''S'', ''U'', ''G'') AND u.principal_id > 4 AND u.sid IS NOT NULL;';
            CONTINUE;
        END TRY
        BEGIN CATCH
            SET @reason = LEFT(ERROR_MESSAGE(), 400); -- such as a secondary replica that is not readable
        END CATCH;
    END;
    SET @text = LEFT(N'the users of database ' + @database + N' were not read: ' + @reason, 180);
    -- <part sql-literal>
    -- @literal becomes an expression with the value of @text, in printable ASCII without $: no code page and no variable of sqlcmd
    -- changes it. In this collation UNICODE returns 16 bits at a time, so that a character above U+FFFF becomes two surrogates.
    -- https://learn.microsoft.com/en-us/sql/t-sql/functions/nchar-transact-sql
    SET @literal = N'N''';
    SET @position = 1;
    WHILE @position <= DATALENGTH(@text) / 2
    BEGIN
        SET @code = UNICODE(SUBSTRING(@text COLLATE Latin1_General_BIN2, @position, 1));
        SET @literal = @literal + CASE
            WHEN @code = 39 THEN N''''''
            WHEN @code >= 32 AND @code <= 126 AND @code <> 36 THEN NCHAR(@code)
            ELSE N''' + NCHAR(' + CONVERT(nvarchar(10), @code) + N') + N'''
        END;
        SET @position = @position + 1;
    END;
    SET @literal = @literal + N'''';
    -- </part>
    INSERT INTO #lines (line) VALUES (N'INSERT INTO #report (login, outcome, reason) VALUES (N'''', N''to do'', ' + @literal + N');');
END;

SET @principal_id = 0;
WHILE 1 = 1
BEGIN
    SELECT TOP (1)
        @principal_id = p.principal_id,
        @name = p.name,
        @type = p.type,
        @sid = p.sid,
        @is_disabled = p.is_disabled,
        @default_database = p.default_database_name,
        @language = p.default_language_name,
        @hash = s.password_hash,
        @is_policy_checked = s.is_policy_checked,
        @is_expiration_checked = s.is_expiration_checked
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

    SET @connect = N'R';
    SELECT @connect = CASE WHEN x.state = 'D' THEN N'D' ELSE N'G' END
    FROM sys.server_permissions AS x
    WHERE x.grantee_principal_id = @principal_id AND x.class = 100 AND x.type = 'COSQ' AND x.state IN ('D', 'G', 'W');

    -- One value a line: no line of sqlcmd gets too long.
    INSERT INTO #lines (line)
    VALUES (
        N'INSERT INTO #logins (name, type, sid, password_hash, is_disabled, check_policy, check_expiration, connect_sql,'
        + N' default_database, default_language) VALUES ('
    );
    SET @text = @name;
    -- <part sql-literal>
    -- @literal becomes an expression with the value of @text, in printable ASCII without $: no code page and no variable of sqlcmd
    -- changes it. In this collation UNICODE returns 16 bits at a time, so that a character above U+FFFF becomes two surrogates.
    -- https://learn.microsoft.com/en-us/sql/t-sql/functions/nchar-transact-sql
    SET @literal = N'N''';
    SET @position = 1;
    WHILE @position <= DATALENGTH(@text) / 2
    BEGIN
        SET @code = UNICODE(SUBSTRING(@text COLLATE Latin1_General_BIN2, @position, 1));
        SET @literal = @literal + CASE
            WHEN @code = 39 THEN N''''''
            WHEN @code >= 32 AND @code <= 126 AND @code <> 36 THEN NCHAR(@code)
            ELSE N''' + NCHAR(' + CONVERT(nvarchar(10), @code) + N') + N'''
        END;
        SET @position = @position + 1;
    END;
    SET @literal = @literal + N'''';
    -- </part>
    SET @name_literal = @literal;
    INSERT INTO #lines (line) VALUES (N'    ' + @literal + N',');
    INSERT INTO #lines (line)
    VALUES (N'    N''' + @type + N''', ' + CONVERT(nvarchar(172), @sid, 1) + N', '
        + ISNULL(CONVERT(nvarchar(514), @hash, 1), N'NULL') + N', '
        + CONVERT(nvarchar(1), @is_disabled) + N', '
        + ISNULL(CONVERT(nvarchar(1), @is_policy_checked), N'0') + N', '
        + ISNULL(CONVERT(nvarchar(1), @is_expiration_checked), N'0') + N', N''' + @connect + N''',');
    SET @text = ISNULL(@default_database, N'master');
    -- <part sql-literal>
    -- @literal becomes an expression with the value of @text, in printable ASCII without $: no code page and no variable of sqlcmd
    -- changes it. In this collation UNICODE returns 16 bits at a time, so that a character above U+FFFF becomes two surrogates.
    -- https://learn.microsoft.com/en-us/sql/t-sql/functions/nchar-transact-sql
    SET @literal = N'N''';
    SET @position = 1;
    WHILE @position <= DATALENGTH(@text) / 2
    BEGIN
        SET @code = UNICODE(SUBSTRING(@text COLLATE Latin1_General_BIN2, @position, 1));
        SET @literal = @literal + CASE
            WHEN @code = 39 THEN N''''''
            WHEN @code >= 32 AND @code <= 126 AND @code <> 36 THEN NCHAR(@code)
            ELSE N''' + NCHAR(' + CONVERT(nvarchar(10), @code) + N') + N'''
        END;
        SET @position = @position + 1;
    END;
    SET @literal = @literal + N'''';
    -- </part>
    INSERT INTO #lines (line) VALUES (N'    ' + @literal + N',');
    SET @text = ISNULL(@language, N'us_english');
    -- <part sql-literal>
    -- @literal becomes an expression with the value of @text, in printable ASCII without $: no code page and no variable of sqlcmd
    -- changes it. In this collation UNICODE returns 16 bits at a time, so that a character above U+FFFF becomes two surrogates.
    -- https://learn.microsoft.com/en-us/sql/t-sql/functions/nchar-transact-sql
    SET @literal = N'N''';
    SET @position = 1;
    WHILE @position <= DATALENGTH(@text) / 2
    BEGIN
        SET @code = UNICODE(SUBSTRING(@text COLLATE Latin1_General_BIN2, @position, 1));
        SET @literal = @literal + CASE
            WHEN @code = 39 THEN N''''''
            WHEN @code >= 32 AND @code <= 126 AND @code <> 36 THEN NCHAR(@code)
            ELSE N''' + NCHAR(' + CONVERT(nvarchar(10), @code) + N') + N'''
        END;
        SET @position = @position + 1;
    END;
    SET @literal = @literal + N'''';
    -- </part>
    INSERT INTO #lines (line) VALUES (N'    ' + @literal);
    INSERT INTO #lines (line) VALUES (N');');

    DELETE FROM #held;
    INSERT INTO #held (principal_id, kind, name)
    SELECT m.member_principal_id, N'ROLE', r.name
    FROM sys.server_role_members AS m
    INNER JOIN sys.server_principals AS r ON r.principal_id = m.role_principal_id
    WHERE m.member_principal_id = @principal_id;
    INSERT INTO #held (principal_id, kind, name)
    SELECT
        x.grantee_principal_id,
        CASE x.state WHEN 'D' THEN N'DENY' WHEN 'W' THEN N'GRANT W' ELSE N'GRANT' END,
        -- Permissions on an endpoint, a login or an availability group cannot be given by name alone.
        x.permission_name + CASE WHEN x.class = 100 THEN N'' ELSE N' ON ' + x.class_desc END
    FROM sys.server_permissions AS x
    WHERE x.grantee_principal_id = @principal_id AND NOT (x.class = 100 AND x.type = 'COSQ') AND x.state IN ('D', 'G', 'W');
    SET @right_id = 0;
    WHILE 1 = 1
    BEGIN
        SELECT TOP (1) @right_id = h.right_id, @kind = h.kind, @right = h.name
        FROM #held AS h
        WHERE h.right_id > @right_id
        ORDER BY h.right_id;
        IF @@ROWCOUNT = 0
            BREAK;
        SET @text = @right;
        -- <part sql-literal>
        -- @literal becomes an expression with the value of @text, in printable ASCII without $: no code page and no variable of sqlcmd
        -- changes it. In this collation UNICODE returns 16 bits at a time, so that a character above U+FFFF becomes two surrogates.
        -- https://learn.microsoft.com/en-us/sql/t-sql/functions/nchar-transact-sql
        SET @literal = N'N''';
        SET @position = 1;
        WHILE @position <= DATALENGTH(@text) / 2
        BEGIN
            SET @code = UNICODE(SUBSTRING(@text COLLATE Latin1_General_BIN2, @position, 1));
            SET @literal = @literal + CASE
                WHEN @code = 39 THEN N''''''
                WHEN @code >= 32 AND @code <= 126 AND @code <> 36 THEN NCHAR(@code)
                ELSE N''' + NCHAR(' + CONVERT(nvarchar(10), @code) + N') + N'''
            END;
            SET @position = @position + 1;
        END;
        SET @literal = @literal + N'''';
        -- </part>
        INSERT INTO #lines (line) VALUES (N'INSERT INTO #rights (kind, login, name) VALUES (N''' + @kind + N''',');
        INSERT INTO #lines (line) VALUES (N'    ' + @name_literal + N',');
        INSERT INTO #lines (line) VALUES (N'    ' + @literal + N');');
    END;
END;

-- <part print-recreate-logins-end>
SET @print = N'DECLARE @login_id int, @right_id int, @name nvarchar(128), @type nvarchar(1), @sid varbinary(85), @hash varbinary(256);
DECLARE @is_disabled bit, @check_policy bit, @check_expiration bit, @database nvarchar(128), @language nvarchar(128);
DECLARE @connect nvarchar(1), @kind nvarchar(10), @right nvarchar(200), @statement nvarchar(max), @other nvarchar(128);
DECLARE @failed int, @message nvarchar(2000);

SET @login_id = 0;
WHILE 1 = 1
BEGIN
    SELECT TOP (1)
        @login_id = l.login_id,
        @name = l.name,
        @type = l.type,
        @sid = l.sid,
        @hash = l.password_hash,
        @is_disabled = l.is_disabled,
        @check_policy = l.check_policy,
        @check_expiration = l.check_expiration,
        @database = l.default_database,
        @language = l.default_language,
        @connect = l.connect_sql
    FROM #logins AS l
    WHERE l.login_id > @login_id
    ORDER BY l.login_id;
    IF @@ROWCOUNT = 0
        BREAK;

    SET @message = NULL;
    SET @other = NULL;
    SELECT @other = p.name FROM sys.server_principals AS p WHERE p.sid = @sid;
    IF @type <> N''S''
        SET @message = N''skipped: a Windows login. RDS knows Windows logins only where the instance has joined the domain'';
    ELSE IF @other IS NOT NULL AND @other COLLATE Latin1_General_BIN2 = @name
        SET @message = N''skipped: it is there with the same SID, and was not changed'';
    ELSE IF @other IS NOT NULL
        SET @message = N''FAILED: its SID belongs to the login '' + @other + N'' here'';
    ELSE IF EXISTS (SELECT 1 FROM sys.server_principals AS p WHERE p.name = @name)
        SET @message = N''FAILED: a login of this name is there with another SID, so its users stay without a login:''
            + N'' repair them with ALTER USER ... WITH LOGIN, or drop the login and run this again'';
    ELSE IF @hash IS NULL
        SET @message = N''FAILED: its password hash was not readable on the source: run logins.sql with CONTROL SERVER'';
    IF @message IS NOT NULL
    BEGIN
        INSERT INTO #report (login, outcome, reason)
        VALUES (
            @name,
            LEFT(@message, CHARINDEX(N'':'', @message) - 1),
            SUBSTRING(@message, CHARINDEX(N'':'', @message) + 2, 2000)
        );
        -- Rights are given to logins of this run only.
        INSERT INTO #report (login, outcome, reason)
        SELECT r.login, N''to do'', N''give it, if it is missing: '' + r.kind + N'' '' + r.name
        FROM #rights AS r
        WHERE r.login = @name;
        UPDATE #rights SET done = 1 WHERE login = @name;
        CONTINUE;
    END;

    -- https://learn.microsoft.com/en-us/sql/t-sql/statements/create-login-transact-sql
    -- CHECK_EXPIRATION = ON needs CHECK_POLICY = ON.
    SET @statement = N''CREATE LOGIN '' + QUOTENAME(@name)
        + N'' WITH PASSWORD = '' + CONVERT(nvarchar(514), @hash, 1) + N'' HASHED, SID = '' + CONVERT(nvarchar(172), @sid, 1)
        + N'', CHECK_POLICY = '' + CASE WHEN @check_policy = 1 THEN N''ON'' ELSE N''OFF'' END
        + N'', CHECK_EXPIRATION = '' + CASE WHEN @check_policy = 1 AND @check_expiration = 1 THEN N''ON'' ELSE N''OFF'' END
        + CASE WHEN DB_ID(@database) IS NOT NULL THEN N'', DEFAULT_DATABASE = '' + QUOTENAME(@database) ELSE N'''' END
        + CASE
            WHEN EXISTS (SELECT 1 FROM sys.syslanguages AS g WHERE g.name = @language)
                THEN N'', DEFAULT_LANGUAGE = '' + QUOTENAME(@language)
            ELSE N''''
        END
        + N'';''
        + CASE WHEN @connect = N''D'' THEN N'' DENY CONNECT SQL TO '' + QUOTENAME(@name) + N'';'' ELSE N'''' END
        + CASE WHEN @connect = N''R'' THEN N'' REVOKE CONNECT SQL FROM '' + QUOTENAME(@name) + N'';'' ELSE N'''' END
        + CASE WHEN @is_disabled = 1 THEN N'' ALTER LOGIN '' + QUOTENAME(@name) + N'' DISABLE;'' ELSE N'''' END;
    -- All of it or nothing: a login that was disabled must not be left enabled by a run that ends in between.
    BEGIN TRY
        BEGIN TRANSACTION;
        EXEC (@statement);
        COMMIT TRANSACTION;
        INSERT INTO #report (login, outcome, reason)
        VALUES (@name, N''created'', CASE WHEN @is_disabled = 1 THEN N''disabled, as on the source'' ELSE N'''' END);
        IF @database IS NOT NULL AND DB_ID(@database) IS NULL
            INSERT INTO #report (login, outcome, reason)
            VALUES (@name, N''to do'', N''its default database '' + @database + N'' is not there, so it lands in master: ALTER LOGIN ... WITH DEFAULT_DATABASE'');
        IF @language IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sys.syslanguages AS g WHERE g.name = @language)
            INSERT INTO #report (login, outcome, reason)
            VALUES (@name, N''to do'', N''its default language '' + @language + N'' is not known here'');
    END TRY
    BEGIN CATCH
        IF @@TRANCOUNT > 0
            ROLLBACK TRANSACTION;
        INSERT INTO #report (login, outcome, reason) VALUES (@name, N''FAILED'', LEFT(ERROR_MESSAGE(), 1900));
        UPDATE #rights SET done = 1 WHERE login = @name;
    END CATCH;
END;

SET @right_id = 0;
WHILE 1 = 1
BEGIN
    SELECT TOP (1) @right_id = r.right_id, @name = r.login, @kind = r.kind, @right = r.name
    FROM #rights AS r
    WHERE r.done = 0 AND r.right_id > @right_id
    ORDER BY r.right_id;
    IF @@ROWCOUNT = 0
        BREAK;

    -- What accounts of RDS have, and so can pass on:
    -- https://www.alibabacloud.com/help/en/rds/apsaradb-rds-for-sql-server/account-permissions-in-an-apsaradb-rds-for-sql-server-instance
    IF (@kind = N''ROLE'' AND @right NOT IN (N''processadmin'', N''setupadmin''))
        OR (
            @kind = N''GRANT W''
            OR @kind = N''GRANT''
            AND @right NOT IN (
                N''ALTER ANY LOGIN'', N''ALTER ANY LINKED SERVER'', N''ALTER ANY CONNECTION'', N''ALTER TRACE'',
                N''VIEW ANY DATABASE'', N''VIEW SERVER STATE'', N''ALTER SERVER STATE''
            )
        )
    BEGIN
        INSERT INTO #report (login, outcome, reason)
        VALUES (
            @name,
            N''to do'',
            @kind + N'' '' + @right + N'', which RDS does not grant: use its stored procedures for single tasks, or its system admin''
            + N'' account where the instance offers one''
        );
        CONTINUE;
    END;
    SET @statement = CASE @kind
        WHEN N''ROLE'' THEN N''EXEC sys.sp_addsrvrolemember @loginame = @login, @rolename = @role;''
        ELSE @kind + N'' '' + @right + N'' TO '' + QUOTENAME(@name) + N'';''
    END;
    BEGIN TRY
        EXEC sys.sp_executesql @statement, N''@login nvarchar(128), @role nvarchar(200)'', @login = @name, @role = @right;
        INSERT INTO #report (login, outcome, reason) VALUES (@name, N''granted'', @kind + N'' '' + @right);
    END TRY
    BEGIN CATCH
        INSERT INTO #report (login, outcome, reason)
        VALUES (@name, N''to do'', LEFT(@kind + N'' '' + @right + N'' was refused: '' + ERROR_MESSAGE(), 1900));
    END CATCH;
END;

SELECT login, outcome, reason FROM #report ORDER BY row_id;
SELECT @failed = COUNT(*) FROM #report WHERE outcome = N''FAILED'';
DROP TABLE #logins;
IF @failed > 0
    RAISERROR (N''%d logins were not created: see the rows above.'', 16, 1, @failed);
';
-- </part>
-- <part lines-of-print>
-- The lines of @print. A checkout on Windows may have ended them with CR LF.
SET @print = REPLACE(@print COLLATE Latin1_General_BIN2, NCHAR(13), N'');
WHILE DATALENGTH(@print) > 0
BEGIN
    SET @position = CHARINDEX(NCHAR(10), @print + NCHAR(10) COLLATE Latin1_General_BIN2);
    INSERT INTO #lines (line) VALUES (LEFT(@print, @position - 1));
    SET @print = SUBSTRING(@print, @position + 1, DATALENGTH(@print) / 2);
END;
-- </part>

SELECT line AS [script] FROM #lines ORDER BY line_id;
