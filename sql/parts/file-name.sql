-- @name in a file name: unchanged, or with _ for every character that Windows refuses and for a dot or blank at its
-- end, and with _ before a name that Windows reserves. A changed name, one that looks changed, and one that differs from
-- another only in case get eight digits of a hash, so that two databases never share a file.
SET @file_part = REPLACE(@name COLLATE Latin1_General_BIN2, NCHAR(0), N'_');
SET @refused = N'%[' + NCHAR(1) + N'-' + NCHAR(31) + N'\/:*?"<>|]%';
SET @position = PATINDEX(@refused, @file_part COLLATE Latin1_General_BIN2);
WHILE @position > 0
BEGIN
    SET @file_part = STUFF(@file_part COLLATE Latin1_General_BIN2, @position, 1, N'_');
    SET @position = PATINDEX(@refused, @file_part COLLATE Latin1_General_BIN2);
END;
IF UNICODE(RIGHT(@file_part COLLATE Latin1_General_BIN2, 1)) IN (32, 46)
    SET @file_part = STUFF(@file_part COLLATE Latin1_General_BIN2, DATALENGTH(@file_part) / 2, 1, N'_');
-- Windows opens a device for these names, also with an extension: NUL.x_FULL_20240501020000.bak is NUL.
-- https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
SET @stem = RTRIM(LEFT(@file_part, CHARINDEX(N'.', @file_part + N'.' COLLATE Latin1_General_BIN2) - 1));
SET @stem = UPPER(@stem COLLATE Latin1_General_BIN2);
-- AND binds closer than OR.
IF @stem COLLATE Latin1_General_BIN2 IN (N'CON', N'PRN', N'AUX', N'NUL')
    OR LEFT(@stem, 3) COLLATE Latin1_General_BIN2 IN (N'COM', N'LPT')
    AND PATINDEX(
        N'[0-9' + NCHAR(178) + NCHAR(179) + NCHAR(185) + N']', SUBSTRING(@stem, 4, 128) COLLATE Latin1_General_BIN2
    ) = 1
    SET @file_part = N'_' + @file_part;
IF @is_ambiguous = 1
    OR @file_part COLLATE Latin1_General_BIN2 <> @name
    OR PATINDEX(
        N'[_][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f]',
        RIGHT(@file_part COLLATE Latin1_General_BIN2, 9) COLLATE Latin1_General_BIN2
    ) = 1
    SET @file_part = @file_part + N'_' + LOWER(CONVERT(nvarchar(8), SUBSTRING(HASHBYTES('SHA1', @name), 1, 4), 2));
