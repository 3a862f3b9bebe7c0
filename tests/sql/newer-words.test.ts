import { newerWords } from "./support/newer-words";
import { readScript, scriptNames } from "./support/scripts";

describe("words that SQL Server 2008 R2 does not support", () => {
  it.each(scriptNames)("%s uses them only behind a version check", (name) =>
    expect(newerWords(readScript(name))).toEqual([]),
  );

  it.each([
    ["SELECT IIF(1 = 1, 2, 3);", "IIF"],
    ["SELECT d.replica_id FROM sys.databases AS d;", "REPLICA_ID"],
    ["DROP TABLE IF EXISTS #t;", "DROP_TABLE_IF"],
    ["SELECT 1 AS a FOR JSON PATH;", "FOR_JSON"],
    ["EXEC sys.sp_executesql N'SELECT d.replica_id FROM sys.databases AS d';", "REPLICA_ID"],
    ["IF @version >= 11 EXEC (N'SELECT 1'); EXEC (N'SELECT replica_id FROM x');", "REPLICA_ID"],
    ["IF @version >= 11 EXEC (N'SELECT is_query_store_on FROM sys.databases');", "IS_QUERY_STORE_ON"],
    ["SET @x = N', COMPRESSION (ALGORITHM = MS_XPRESS)';", "MS_XPRESS"],
  ])("are found in %s", (script, word) => expect(newerWords(script).map((each) => each.word)).toContain(word));

  it.each([
    "IF @version >= 11 EXEC sys.sp_executesql N'SELECT d.replica_id FROM sys.databases AS d';",
    "IF @version >= 16 SET @x = N', COMPRESSION (ALGORITHM = MS_XPRESS)';",
    "-- IIF in a comment\nSELECT [IIF];",
    "RAISERROR (N'its format isn''t right: 100%', 16, 1);",
  ])("are not reported in %s", (script) => expect(newerWords(script)).toEqual([]));

  it("occur in the scripts, so that the version checks are needed", () => {
    const unguarded = newerWords(readScript("backup-databases.sql").replaceAll(/IF @version >= \d+/g, "IF 1 = 1"));
    expect(unguarded.map(({ word }) => word)).toEqual(expect.arrayContaining(["REPLICA_ID", "MS_XPRESS"]));
  });
});
