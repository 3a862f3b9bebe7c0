import type { BaselineScript, Fact, FactGroup } from "../../provider/source/fact-group";
import { sqlName, sqlText } from "../../provider/source/sql-text";
import { databaseFacts } from "./database-facts";
import { serverFacts } from "./server-facts";

/** One collation for all values: SQL Server does not mix the different collations of a server's columns. */
const COLLATION = "Latin1_General_BIN2";

type NamedFact = readonly [name: string, fact: Fact];

/**
 * The statements that query all facts of a script, for its `facts` part. Every query is dynamic SQL: one that fails,
 * for lack of permissions or in a damaged database, is recorded (`notRead`), and the others still run.
 */
export function factStatements(script: BaselineScript): string {
  const wanted = (group: FactGroup) => group.scripts.includes(script);
  return [
    ...serverFacts.filter(wanted).flatMap((group) => statementsOf(group, "")),
    "SET @database_id = 0;",
    "WHILE 1 = 1",
    "BEGIN",
    "    SELECT TOP (1) @database_id = w.database_id, @database = w.name",
    "    FROM #wanted AS w",
    "    WHERE w.is_online = 1 AND w.database_id > @database_id",
    "    ORDER BY w.database_id;",
    "    IF @@ROWCOUNT = 0",
    "        BREAK;",
    "    SET @in_database = QUOTENAME(@database) + N'.sys.sp_executesql';",
    ...databaseFacts.filter(wanted).flatMap((group) => statementsOf(group, "    ")),
    "END;",
  ].join("\n");
}

/** One query for the facts of every version, and a guarded query for the facts that each later version added. */
function statementsOf(group: FactGroup, indent: string): string[] {
  const facts: NamedFact[] = Object.entries<Fact>(group.facts);
  const versions = [...new Set(facts.map(([, { since }]) => since ?? 0))].sort((a, b) => a - b);
  return versions.flatMap((version) => {
    // The query of a later version needs the database name too.
    const selected = facts.filter(
      ([name, { since }]) => (since ?? 0) === version || (version > 0 && name === "database"),
    );
    const where = group.scope === "server" ? "sys.sp_executesql" : "@in_database";
    const statement = `EXEC ${where} ${sqlText(queryOf(group, selected))}, N'@database nvarchar(128)', @database = @database;`;
    const what = version === 0 ? group.kind : `${group.kind} (from version ${version} on)`;
    const indented = [
      "BEGIN TRY",
      ...(version === 0 ? [] : [`    IF @version >= ${version}`]),
      `${version === 0 ? "    " : "        "}${statement}`,
      "END TRY",
      "BEGIN CATCH",
      `    SET @text = LEFT(ERROR_MESSAGE(), 500);`,
      `    INSERT INTO #facts (record, item, place, name, kind, value)`,
      `    SELECT N'notRead', 1, v.place, v.name, v.kind, v.value`,
      `    FROM (VALUES (0, N'', N'', N''), (1, N'database', N'text', ${group.scope === "server" ? "NULL" : "@database"}), (2, N'what', N'text', ${sqlText(what)}), (3, N'why', N'text', @text)) AS v (place, name, kind, value)`,
      "    ORDER BY v.place;",
      "END CATCH;",
    ];
    return indented.map((line) => `${indent}${line}`);
  });
}

/** Turns the rows of a query into one row per value: servers before 2016 have no FOR JSON. */
function queryOf({ kind, from, before }: FactGroup, facts: readonly NamedFact[]): string {
  const columns = facts.map(([name, { sql }]) => `${sql} AS ${sqlName(name)}`).join(", ");
  const values = facts.map(
    ([name, fact], index) =>
      `(${index + 1}, ${sqlText(name)}, ${sqlText(fact.kind)}, CONVERT(nvarchar(max), s.${sqlName(name)}) COLLATE ${COLLATION})`,
  );
  const source = `SELECT ${columns} ${from}`.trimEnd();
  return [
    ...(before === undefined ? [] : [before]),
    "INSERT INTO #facts (record, item, place, name, kind, value)",
    `SELECT ${sqlText(kind)}, s.item, v.place, v.name, v.kind, v.value`,
    `FROM (SELECT ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS item, q.* FROM (${source}) AS q) AS s`,
    `CROSS APPLY (VALUES (0, N'', N'', N''), ${values.join(", ")}) AS v (place, name, kind, value)`,
    "ORDER BY s.item, v.place;",
  ].join(" ");
}
