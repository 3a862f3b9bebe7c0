import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newerWords } from "./support/newer-words";
import { printedLogins } from "./support/printed-logins";
import { readScript, SQL_FOLDER, scriptNames } from "./support/scripts";
import { prepareSqlfluff } from "./support/sqlfluff";
import { tokensOf } from "./support/tsql-tokens";

jest.setTimeout(400_000); // the first run installs sqlfluff

const sqlfluff = prepareSqlfluff();
if ("missing" in sqlfluff) console.warn(`SKIPPED: sqlfluff cannot be installed here: ${sqlfluff.missing}`);
const itWithSqlfluff = "missing" in sqlfluff ? it.skip : it;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sql-grammar-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function parse(paths: readonly string[]) {
  if ("missing" in sqlfluff) throw new Error("unreachable: the test is skipped");
  return sqlfluff.parse(paths);
}

/** Statements that sqlfluff's tsql dialect does not support; tests/sql/backup-script.test.ts has a grammar for those in use. */
const NOT_IN_THE_DIALECT = /^\s*(BACKUP|RESTORE|DBCC)\b/;
const STATEMENT = /^\s*(INSERT INTO|UPDATE|SELECT|EXEC)\s/;
const dynamicStatements = scriptNames.flatMap((name) =>
  tokensOf(readScript(name))
    .filter(({ kind, text }) => kind === "string" && STATEMENT.test(text) && !NOT_IN_THE_DIALECT.test(text))
    // Beginnings of statements that logins.sql prints, whose whole is parsed below.
    .filter(({ text }) => !/[(,] *(N')?$/.test(text))
    .map(({ text, line }) => ({ name: `${name}-${line}`, text })),
);

/** `path` of each part that the grammar cannot parse. */
const unreadable = (paths: readonly string[]): string[] =>
  parse(paths)
    .text.split("\n")
    .filter((line) => line.includes("PRS"));

describe("the T-SQL grammar", () => {
  itWithSqlfluff("parses every script, and every statement in a string of a script", () => {
    expect(dynamicStatements.length).toBeGreaterThan(20);
    for (const { name, text } of dynamicStatements) writeFileSync(join(folder, `${name}.sql`), `${text}\n`);
    writeFileSync(join(folder, "printed-by-logins.sql"), printedLogins(["销"]));
    const { status, text } = parse([folder, ...scriptNames.map((name) => join(SQL_FOLDER, name))]);
    expect(text).not.toContain("PRS");
    expect(status).toBe(0);
  });

  itWithSqlfluff("refuses invalid Transact-SQL", () => {
    const broken = join(folder, "broken.sql");
    writeFileSync(broken, readScript("logins.sql").replace("SELECT TOP (1)", "SELECT TOP (1"));
    expect(unreadable([broken])).not.toEqual([]);
  });
});

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
