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
