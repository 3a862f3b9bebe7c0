-- SERVERPROPERTY(N'ProductMajorVersion') is younger than 2008 R2.
DECLARE @version int;
SET @version = CONVERT(int, PARSENAME(CONVERT(nvarchar(128), SERVERPROPERTY(N'ProductVersion')), 4));
