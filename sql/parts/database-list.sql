-- Splits @list into #requested. Names are separated by ; or , or line breaks, blanks around a name are ignored, and inside
-- [brackets] every character belongs to the name (]] is one ]). Characters are compared by code, because in many
-- collations ; equals its full-width form.
DECLARE @at int, @code int, @token nvarchar(max), @bracket int, @names int, @separators int, @list_fault nvarchar(400);
SET @at = 1;
SET @token = N'';
SET @bracket = 0; -- 0: no bracket, 1: inside, 2: after the closing one
SET @names = 0;
SET @separators = 0;
WHILE @at <= DATALENGTH(@list) / 2 + 1
BEGIN
    SET @code = UNICODE(SUBSTRING(@list COLLATE Latin1_General_BIN2, @at, 1)); -- NULL after the end
    IF @bracket = 1
    BEGIN
        IF @code IS NULL
            SET @list_fault = N'the bracket that opens [' + @token + N' is never closed';
        ELSE IF @code <> 93
            SET @token = @token + SUBSTRING(@list COLLATE Latin1_General_BIN2, @at, 1);
        ELSE IF UNICODE(SUBSTRING(@list COLLATE Latin1_General_BIN2, @at + 1, 1)) = 93
        BEGIN
            SET @token = @token + N']';
            SET @at = @at + 1;
        END
        ELSE
        BEGIN
            SET @bracket = 2;
            IF DATALENGTH(@token) = 0
                SET @list_fault = N'[] names no database';
        END;
    END
    ELSE IF @code IS NULL OR @code IN (59, 44, 10, 13)
    BEGIN
        IF @bracket = 0
            SET @token = LTRIM(RTRIM(@token));
        IF DATALENGTH(@token) > 0
        BEGIN
            INSERT INTO #requested (name) VALUES (@token);
            SET @names = @names + 1;
        END;
        IF @code IN (59, 44)
            SET @separators = @separators + 1;
        SET @token = N'';
        SET @bracket = 0;
    END
    ELSE IF @code IN (9, 32)
    BEGIN
        IF @bracket = 0
            SET @token = @token + N' ';
    END
    ELSE IF @bracket = 2
        SET @list_fault = N'only a separator may follow [' + @token + N']';
    ELSE IF @code = 91 AND DATALENGTH(LTRIM(@token)) = 0
    BEGIN
        SET @bracket = 1;
        SET @token = N'';
    END
    ELSE
        SET @token = @token + SUBSTRING(@list COLLATE Latin1_General_BIN2, @at, 1);
    SET @at = @at + 1;
END;
-- A list of separators only is a mistake and must not mean "all databases".
IF @names = 0 AND @separators > 0
    SET @list_fault = N'it names no database; leave it empty for all of them';
