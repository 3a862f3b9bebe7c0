-- Escapes @text for a JSON string in plain ASCII, so that no code page of a client can damage it. A character above
-- U+FFFF becomes two surrogates, as JSON requires: in this collation UNICODE returns 16 bits at a time.
SET @text = REPLACE(REPLACE(@text COLLATE Latin1_General_BIN2, N'\', N'\\'), N'"', N'\"');
SET @position = PATINDEX(N'%[^ -~]%', @text COLLATE Latin1_General_BIN2);
WHILE @position > 0
BEGIN
    SET @code = UNICODE(SUBSTRING(@text COLLATE Latin1_General_BIN2, @position, 1));
    SET @text = STUFF(
        @text COLLATE Latin1_General_BIN2, @position, 1,
        N'\u' + RIGHT(CONVERT(nvarchar(8), CONVERT(varbinary(4), @code), 2), 4)
    );
    SET @position = PATINDEX(N'%[^ -~]%', @text COLLATE Latin1_General_BIN2);
END;
