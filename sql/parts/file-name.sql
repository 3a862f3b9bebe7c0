-- @name in a file name: unchanged, or with _ for every character that Windows refuses and for a dot
-- or blank at its end. A changed name, one that looks changed, and one that differs from another only in case get
-- eight digits of a hash, so that two databases never share a file.
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
IF @is_ambiguous = 1
    OR @file_part COLLATE Latin1_General_BIN2 <> @name
    OR PATINDEX(
        N'[_][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f]',
        RIGHT(@file_part COLLATE Latin1_General_BIN2, 9) COLLATE Latin1_General_BIN2
    ) = 1
    SET @file_part = @file_part + N'_' + LOWER(CONVERT(nvarchar(8), SUBSTRING(HASHBYTES('SHA1', @name), 1, 4), 2));
