-- The lines of @print. A checkout on Windows may have ended them with CR LF.
SET @print = REPLACE(@print COLLATE Latin1_General_BIN2, NCHAR(13), N'');
WHILE DATALENGTH(@print) > 0
BEGIN
    SET @position = CHARINDEX(NCHAR(10), @print + NCHAR(10) COLLATE Latin1_General_BIN2);
    INSERT INTO #lines (line) VALUES (LEFT(@print, @position - 1));
    SET @print = SUBSTRING(@print, @position + 1, DATALENGTH(@print) / 2);
END;
