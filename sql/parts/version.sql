-- 2008 R2 has no SERVERPROPERTY(N'ProductMajorVersion').
DECLARE @version int;
SET @version = CONVERT(int, PARSENAME(CONVERT(nvarchar(128), SERVERPROPERTY(N'ProductVersion')), 4));
