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
