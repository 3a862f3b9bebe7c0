-- Cleans @backup_folder and sets @separator. A relative folder would be below the instance's default backup folder:
-- https://learn.microsoft.com/en-us/sql/relational-databases/backup-restore/backup-devices-sql-server
SET @backup_folder = LTRIM(RTRIM(@backup_folder));
SET @is_absolute = CASE
    WHEN PATINDEX(N'[A-Za-z]:[\/]%', @backup_folder COLLATE Latin1_General_BIN2) = 1 THEN 1
    WHEN PATINDEX(N'\\[^\/]%', @backup_folder COLLATE Latin1_General_BIN2) = 1 THEN 1
    WHEN PATINDEX(N'/%', @backup_folder COLLATE Latin1_General_BIN2) = 1 THEN 1
    ELSE 0
END;
-- SQL Server on Linux takes /var/opt.
SET @separator = CASE WHEN PATINDEX(N'/%', @backup_folder COLLATE Latin1_General_BIN2) = 1 THEN N'/' ELSE N'\' END;
WHILE DATALENGTH(@backup_folder) > 2 AND RIGHT(@backup_folder COLLATE Latin1_General_BIN2, 1) IN (N'\', N'/')
    SET @backup_folder = LEFT(@backup_folder, DATALENGTH(@backup_folder) / 2 - 1);
