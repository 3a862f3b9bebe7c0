SET @statement = CASE WHEN @backup_type = N'LOG' THEN N'BACKUP LOG' ELSE N'BACKUP DATABASE' END
    + N' @db TO DISK = @file WITH CHECKSUM, ' + CASE WHEN @sees_files = 1 THEN N'INIT' ELSE N'NOINIT' END + N', NAME = @set, STATS = 10'
    + CASE WHEN @backup_type = N'DIFF' THEN N', DIFFERENTIAL' ELSE N'' END
    + CASE WHEN @as_copy = 1 THEN N', COPY_ONLY' ELSE N'' END
    + CASE WHEN @norecovery = 1 THEN N', NORECOVERY' ELSE N'' END
    + CASE WHEN @attempt = 1 THEN @compression_option ELSE N'' END
    + N'; SET @error = @@ERROR;';
