-- Recreates logins with their SIDs and password hashes: a secret. Run it on the destination, then delete it. A login that is
-- there is never changed. The result has one row for each step that was taken or left out, with the reason.
USE [master]; -- GRANT of a server permission is refused in another database
SET NOCOUNT ON;
IF OBJECT_ID(N'tempdb..#logins') IS NOT NULL
    DROP TABLE #logins;
IF OBJECT_ID(N'tempdb..#rights') IS NOT NULL
    DROP TABLE #rights;
IF OBJECT_ID(N'tempdb..#report') IS NOT NULL
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
