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
