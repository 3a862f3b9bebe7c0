DECLARE @login_id int, @right_id int, @name nvarchar(128), @type nvarchar(1), @sid varbinary(85), @hash varbinary(256);
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
    IF @type <> N'S'
        SET @message = N'skipped: a Windows login. RDS knows Windows logins only where the instance has joined the domain';
    ELSE IF @other IS NOT NULL AND @other COLLATE Latin1_General_BIN2 = @name
        SET @message = N'skipped: it is there with the same SID, and was not changed';
    ELSE IF @other IS NOT NULL
        SET @message = N'FAILED: its SID belongs to the login ' + @other + N' here';
    ELSE IF EXISTS (SELECT 1 FROM sys.server_principals AS p WHERE p.name = @name)
        SET @message = N'FAILED: a login of this name is there with another SID, so its users stay without a login:'
            + N' repair them with ALTER USER ... WITH LOGIN, or drop the login and run this again';
    ELSE IF @hash IS NULL
        SET @message = N'FAILED: its password hash was not readable on the source: run logins.sql with CONTROL SERVER';
    IF @message IS NOT NULL
    BEGIN
        INSERT INTO #report (login, outcome, reason)
        VALUES (
            @name,
            LEFT(@message, CHARINDEX(N':', @message) - 1),
            SUBSTRING(@message, CHARINDEX(N':', @message) + 2, 2000)
        );
        -- Rights are given to logins of this run only.
        INSERT INTO #report (login, outcome, reason)
        SELECT r.login, N'to do', N'give it, if it is missing: ' + r.kind + N' ' + r.name
        FROM #rights AS r
        WHERE r.login = @name;
        UPDATE #rights SET done = 1 WHERE login = @name;
        CONTINUE;
    END;

    -- https://learn.microsoft.com/en-us/sql/t-sql/statements/create-login-transact-sql
    -- CHECK_EXPIRATION = ON needs CHECK_POLICY = ON.
    SET @statement = N'CREATE LOGIN ' + QUOTENAME(@name)
        + N' WITH PASSWORD = ' + CONVERT(nvarchar(514), @hash, 1) + N' HASHED, SID = ' + CONVERT(nvarchar(172), @sid, 1)
        + N', CHECK_POLICY = ' + CASE WHEN @check_policy = 1 THEN N'ON' ELSE N'OFF' END
        + N', CHECK_EXPIRATION = ' + CASE WHEN @check_policy = 1 AND @check_expiration = 1 THEN N'ON' ELSE N'OFF' END
        + CASE WHEN DB_ID(@database) IS NOT NULL THEN N', DEFAULT_DATABASE = ' + QUOTENAME(@database) ELSE N'' END
        + CASE
            WHEN EXISTS (SELECT 1 FROM sys.syslanguages AS g WHERE g.name = @language)
                THEN N', DEFAULT_LANGUAGE = ' + QUOTENAME(@language)
            ELSE N''
        END
        + N';'
        + CASE WHEN @connect = N'D' THEN N' DENY CONNECT SQL TO ' + QUOTENAME(@name) + N';' ELSE N'' END
        + CASE WHEN @connect = N'R' THEN N' REVOKE CONNECT SQL FROM ' + QUOTENAME(@name) + N';' ELSE N'' END
        + CASE WHEN @is_disabled = 1 THEN N' ALTER LOGIN ' + QUOTENAME(@name) + N' DISABLE;' ELSE N'' END;
    -- All of it or nothing: a login that was disabled must not be left enabled by a run that ends in between.
    BEGIN TRY
        BEGIN TRANSACTION;
        EXEC (@statement);
        COMMIT TRANSACTION;
        INSERT INTO #report (login, outcome, reason)
        VALUES (@name, N'created', CASE WHEN @is_disabled = 1 THEN N'disabled, as on the source' ELSE N'' END);
        IF @database IS NOT NULL AND DB_ID(@database) IS NULL
            INSERT INTO #report (login, outcome, reason)
            VALUES (@name, N'to do', N'its default database ' + @database + N' is not there, so it lands in master: ALTER LOGIN ... WITH DEFAULT_DATABASE');
        IF @language IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sys.syslanguages AS g WHERE g.name = @language)
            INSERT INTO #report (login, outcome, reason)
            VALUES (@name, N'to do', N'its default language ' + @language + N' is not known here');
    END TRY
    BEGIN CATCH
        IF @@TRANCOUNT > 0
            ROLLBACK TRANSACTION;
        INSERT INTO #report (login, outcome, reason) VALUES (@name, N'FAILED', LEFT(ERROR_MESSAGE(), 1900));
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
    IF (@kind = N'ROLE' AND @right NOT IN (N'processadmin', N'setupadmin'))
        OR (
            @kind = N'GRANT W'
            OR @kind = N'GRANT'
            AND @right NOT IN (
                N'ALTER ANY LOGIN', N'ALTER ANY LINKED SERVER', N'ALTER ANY CONNECTION', N'ALTER TRACE',
                N'VIEW ANY DATABASE', N'VIEW SERVER STATE', N'ALTER SERVER STATE'
            )
        )
    BEGIN
        INSERT INTO #report (login, outcome, reason)
        VALUES (
            @name,
            N'to do',
            @kind + N' ' + @right + N', which RDS does not grant: use its stored procedures for single tasks, or its system admin'
            + N' account where the instance offers one'
        );
        CONTINUE;
    END;
    SET @statement = CASE @kind
        WHEN N'ROLE' THEN N'EXEC sys.sp_addsrvrolemember @loginame = @login, @rolename = @role;'
        ELSE @kind + N' ' + @right + N' TO ' + QUOTENAME(@name) + N';'
    END;
    BEGIN TRY
        EXEC sys.sp_executesql @statement, N'@login nvarchar(128), @role nvarchar(200)', @login = @name, @role = @right;
        INSERT INTO #report (login, outcome, reason) VALUES (@name, N'granted', @kind + N' ' + @right);
    END TRY
    BEGIN CATCH
        INSERT INTO #report (login, outcome, reason)
        VALUES (@name, N'to do', LEFT(@kind + N' ' + @right + N' was refused: ' + ERROR_MESSAGE(), 1900));
    END CATCH;
END;

SELECT login, outcome, reason FROM #report ORDER BY row_id;
SELECT @failed = COUNT(*) FROM #report WHERE outcome = N'FAILED';
DROP TABLE #logins;
IF @failed > 0
    RAISERROR (N'%d logins were not created: see the rows above.', 16, 1, @failed);
