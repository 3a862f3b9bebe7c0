-- Not nvarchar(max), which sqlcmd truncates to 256 characters. No value is longer: names have 128 characters, messages are
-- truncated to 500, and a character takes at most six.
SELECT CONVERT(nvarchar(4000), line) AS [json]
FROM (
    SELECT 0 AS fact_id, N'{"format":"sqlserver-baseline","version":1,"script":"' + @script + N'","records":[' AS line
    UNION ALL
    SELECT
        f.fact_id,
        CASE
            WHEN f.place = 0 AND f.fact_id = (SELECT MIN(fact_id) FROM #facts) THEN N'{"record":"' + f.record + N'"'
            WHEN f.place = 0 THEN N'},{"record":"' + f.record + N'"'
            WHEN f.value IS NULL THEN N',"' + f.name + N'":null'
            WHEN f.kind = N'text' THEN N',"' + f.name + N'":"' + f.value + N'"'
            WHEN f.kind = N'flag' THEN N',"' + f.name + N'":' + CASE f.value WHEN N'1' THEN N'true' ELSE N'false' END
            ELSE N',"' + f.name + N'":' + f.value
        END
    FROM #facts AS f
    UNION ALL
    SELECT 2147483647, N'}]}'
) AS l
ORDER BY fact_id;
