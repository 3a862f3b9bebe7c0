import { readFileSync } from "node:fs";
import { join } from "node:path";
import { recordSchemas } from "../../provider/source/baseline-records";
import { withParameters } from "../../provider/source/script-parameters";
import { databaseFacts } from "../../sql/facts/database-facts";
import { serverFacts } from "../../sql/facts/server-facts";
import { withParts } from "../../sql/script-parts";
import { readScript, SQL_FOLDER, scriptNames } from "./support/scripts";
import { tokensOf } from "./support/tsql-tokens";

const part = (name: string): string => readFileSync(join(SQL_FOLDER, "parts", `${name}.sql`), "utf8");

it.each(scriptNames)("%s contains the current parts of npm run sql", (name) => {
  expect(withParts(readScript(name), part)).toBe(readScript(name));
});

it("the scripts query exactly the facts of the schema", () => {
  const groups = [...serverFacts, ...databaseFacts];
  for (const [kind, schema] of Object.entries(recordSchemas)) {
    if (kind === "notRead") continue; // written when a query failed
    if (kind === "checksum") continue; // written by the part read-tables
    const group = groups.find((each) => each.kind === kind);
    expect([kind, Object.keys(group?.facts ?? {}).sort()]).toEqual([kind, Object.keys(schema.shape).sort()]);
  }
});

it("the part that reads tables writes exactly the facts of the schema", () => {
  const [, insert = ""] = part("read-tables").split("SELECT N'checksum'");
  expect([...insert.matchAll(/\(\d, N'(\w+)', N'(?:text|number)'/g)].map(([, name]) => name)).toEqual(
    Object.keys(recordSchemas.checksum.shape),
  );
});

it("a fact of a newer server version is queried only behind a version check", () => {
  const script = readScript("baseline.sql");
  for (const { facts } of [...serverFacts, ...databaseFacts]) {
    for (const { sql, since } of Object.values<{ sql: string; since?: number }>(facts)) {
      if (since === undefined) continue;
      const quoted = sql.replaceAll("'", "''");
      const lines = script.split("\n").filter((line) => line.includes(quoted));
      expect(lines).toHaveLength(1);
      expect(script.split("\n")[script.split("\n").indexOf(lines[0] ?? "") - 1]).toContain(`IF @version >= ${since}`);
    }
  }
});

/** The statements of a script, including those of dynamic SQL and of printed scripts at any depth. */
function statementsOf(script: string): string[] {
  const tokens = tokensOf(script);
  const plain = tokens.map(({ kind, text }) => (kind === "string" ? "''" : text)).join(" ");
  const texts = tokens.flatMap(({ kind, text }) =>
    kind === "string" && /^\s*(--.*\n\s*)*[A-Z]{3,} /.test(text) ? (isWhole(text) ? statementsOf(text) : [text]) : [],
  );
  return [plain, ...texts];
}

/** Whether a text is Transact-SQL by itself, and not a fragment that ends inside a string. */
function isWhole(text: string): boolean {
  try {
    return tokensOf(text).length > 0;
  } catch {
    return false;
  }
}

/** A string that is the name of a permission, not a statement. */
const PERMISSION = /^(ALTER|VIEW) (ANY [A-Z ]+|SERVER STATE|TRACE)$/;

const WRITES = /\b(?:INSERT INTO|UPDATE|DELETE FROM|MERGE|TRUNCATE TABLE|CREATE \w+|ALTER \w+|DROP \w+) +([^\s(;]+)/g;

it.each(scriptNames)("%s writes only to temporary tables", (name) => {
  // The output of logins.sql runs on the destination.
  const statements = statementsOf(readScript(name)).filter(
    (text) => !/^ *(CREATE|ALTER) LOGIN/.test(text) && !PERMISSION.test(text),
  );
  const targets = statements.flatMap((text) => [...text.matchAll(WRITES)].map(([, target = ""]) => target));
  expect(targets.length).toBeGreaterThan(2);
  // `w` is the temporary table in an UPDATE … FROM.
  expect(targets.filter((target) => !target.startsWith("#") && target !== "w")).toEqual([]);
});

describe("names of different databases and servers", () => {
  const NAME = /(?:\w+ \. \w*name|(?:DB_NAME|PARSENAME) \([^()]*\))/.source;
  const COMPARISON = new RegExp(`${NAME}( COLLATE \\w+)? (?:=|<>) ${NAME}( COLLATE \\w+)?`, "g");
  /** Comparisons of two names, in which a side has no collation of its own. */
  const withoutCollation = (script: string): string[] =>
    statementsOf(script).flatMap((text) =>
      [...text.matchAll(COMPARISON)].flatMap(([all, left, right]) =>
        left !== undefined && right !== undefined ? [] : [all],
      ),
    );

  it.each(scriptNames)("%s compares them in a collation that it names", (name) =>
    expect(withoutCollation(readScript(name))).toEqual([]),
  );

  it.each([
    "SELECT 1 FROM sys.databases AS d JOIN #wanted AS w ON w.name = d.name;",
    "SELECT 1 FROM sys.databases AS d JOIN #wanted AS w ON w.name COLLATE DATABASE_DEFAULT = d.database_name;",
    "SELECT 1 FROM sys.synonyms AS y WHERE PARSENAME(y.base_object_name, 3) <> DB_NAME();",
    "EXEC sys.sp_executesql N'SELECT 1 FROM x AS a JOIN y AS b ON a.server_name <> b.name;';",
  ])("%s is found", (script) => expect(withoutCollation(script)).toHaveLength(1));
});

it("only logins.sql writes password hashes and SIDs", () => {
  for (const name of scriptNames.filter((each) => each !== "logins.sql")) {
    expect(readScript(name)).not.toMatch(/password_hash|PasswordHash/i);
    expect(readScript(name)).not.toMatch(/CONVERT\([^)]*\bsid\b/i);
  }
  expect(JSON.stringify(Object.values(recordSchemas).map(({ shape }) => Object.keys(shape)))).not.toMatch(/sid"|hash/i);
});

it.each(["baseline.sql", "verify.sql"])("%s prints no line that sqlcmd truncates", (name) => {
  const script = readScript(name);
  expect(script).toContain("SELECT CONVERT(nvarchar(4000), line) AS [json]");
  const messages = [...script.matchAll(/LEFT\(ERROR_MESSAGE\(\), (\d+)\)/g)].map(([, length]) => Number(length));
  expect(messages.length).toBeGreaterThan(5);
  for (const length of messages) expect(length * "\\uFFFF".length).toBeLessThan(4000);
  expect(script.match(/ERROR_MESSAGE/g)).toHaveLength(messages.length);
});

describe("parameters", () => {
  it("are replaced in place, with any value", () => {
    const filled = withParameters(readScript("backup-databases.sql"), {
      backup_databases_list: ["it's", "a]b;c", "$&"],
      backup_folder: "D:\\it's",
      is_run: true,
    });
    expect(filled).toContain(
      "SET @backup_databases_list = CONVERT(nvarchar(max), N'') + N'[it''s];[a]]b;c];[' + NCHAR(36) + N'&]';\n",
    );
    expect(filled).toContain("SET @backup_folder = N'D:\\it''s';\n");
    expect(filled).toContain("SET @is_run = 1;\n");
  });

  it("are refused when the script does not have them", () =>
    expect(() => withParameters(readScript("baseline.sql"), { is_run: true })).toThrow(/no parameter @is_run/));
});
