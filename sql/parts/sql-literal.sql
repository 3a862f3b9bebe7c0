SET @literal = N'N''' + REPLACE(@text COLLATE Latin1_General_BIN2, N'''', N'''''') + N'''';
