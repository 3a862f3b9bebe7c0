import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withParts } from "../../sql/script-parts";
import { readScript, SQL_FOLDER } from "./support/scripts";
import { tokensOf } from "./support/tsql-tokens";

const part = (name: string): string => readFileSync(join(SQL_FOLDER, "parts", `${name}.sql`), "utf8");
const code = (script: string): string =>
  tokensOf(script)
    .map(({ kind, text }) => (kind === "string" ? `'${text}'` : text))
    .join(" ");
const reads = code(readScript("logins.sql"));
const applies = code(part("recreate-logins-end"));

describe("what logins.sql reads", () => {
  it.each([
    ["default database", "p . default_database_name"],
    ["default language", "p . default_language_name"],
    ["CHECK_POLICY", "s . is_policy_checked"],
    ["CHECK_EXPIRATION", "s . is_expiration_checked"],
    ["disabled", "p . is_disabled"],
    ["CONNECT SQL", "x . type = 'COSQ'"],
    ["server roles", "FROM sys . server_role_members AS m"],
    ["server permissions", "FROM sys . server_permissions AS x"],
  ])("%s", (_name, text) => expect(reads).toContain(text));

  it("a login without CONTROL SERVER, or both rights of 2022, gets an error and no script", () => {
    const refusal = reads.indexOf("HAS_PERMS_BY_NAME ( NULL , NULL , 'CONTROL SERVER' )");
    const lacks = (right: string): string => `ISNULL ( HAS_PERMS_BY_NAME ( NULL , NULL , '${right}' ) , 0 ) = 0`;
    expect(reads).toContain(
      `IF ${lacks("CONTROL SERVER")} AND ( ${lacks("VIEW ANY SECURITY DEFINITION")} OR ${lacks("VIEW ANY CRYPTOGRAPHICALLY SECURED DEFINITION")} ) BEGIN`,
    );
    expect(reads.slice(refusal)).toMatch(/^[^;]*= 0 \) BEGIN RAISERROR \( '[^']*' , 16 , 1 \) ; RETURN ; END ;/);
    expect(refusal).toBeLessThan(reads.indexOf("CREATE TABLE #lines"));
  });

  it("databases whose users were not read are in the report", () => {
    expect(reads).toContain("'it is not online but ' + d . state_desc");
    expect(reads).toContain("'the users of database ' + @database + ' were not read: ' + @reason");
  });

  it("every name and right is printed as a literal in ASCII", () => {
    const printed = reads.match(/INSERT INTO #lines \( line \) VALUES \( .*? \) ;/g) ?? [];
    expect(printed.length).toBeGreaterThan(6);
    for (const line of printed)
      expect(line).not.toMatch(/@(name|database|default_database|language|right|reason|text)\b/);
  });
});

describe("the script that logins.sql prints", () => {
  it.each([
    ["SID", ", SID = "],
    ["password hash", " HASHED"],
    ["CHECK_POLICY", ", CHECK_POLICY = "],
    ["CHECK_EXPIRATION", ", CHECK_EXPIRATION = "],
    ["default database", ", DEFAULT_DATABASE = "],
    ["default language", ", DEFAULT_LANGUAGE = "],
    ["denied CONNECT SQL", " DENY CONNECT SQL TO "],
    ["missing CONNECT SQL", " REVOKE CONNECT SQL FROM "],
    ["disabled", " DISABLE;"],
  ])("keeps %s", (_name, text) => expect(applies).toContain(text));

  it("begins in master, because GRANT of a server permission is refused elsewhere", () =>
    expect(code(part("recreate-logins-begin"))).toMatch(/^USE master ;/));

  it("disables a login only in the transaction that creates it", () => {
    expect(applies.match(/DISABLE/g)).toHaveLength(1);
    expect(applies).toMatch(
      /SET @statement = 'CREATE LOGIN '[^;]*?.*? DISABLE;' ELSE '' END ; BEGIN TRY BEGIN TRANSACTION ; EXEC \( @statement \) ; COMMIT TRANSACTION/,
    );
  });

  it("says why it leaves a login out, and continues with the next", () => {
    for (const reason of [
      "skipped: a Windows login",
      "skipped: it is there with the same SID",
      "FAILED: its SID belongs to the login ",
      "FAILED: a login of this name is there with another SID",
      "FAILED: its password hash was not readable",
    ])
      expect(applies).toContain(`SET @message = '${reason}`);
    expect(applies).toMatch(/IF @message IS NOT NULL BEGIN INSERT INTO #report .*? CONTINUE ; END ;/);
  });

  it("lists what RDS does not grant, and tries what it does", () => {
    expect(applies).toContain("@right NOT IN ( 'processadmin' , 'setupadmin' )");
    expect(applies).toContain("which RDS does not grant: use its stored procedures");
    expect(applies).toContain("sys.sp_addsrvrolemember @loginame = @login, @rolename = @role;");
  });

  it("gives rights only to logins of this run", () =>
    expect(applies).toMatch(/UPDATE #rights SET done = 1 WHERE login = @name ; CONTINUE ;/));

  it("ends with a report, and with an error if a login was not created", () =>
    expect(applies).toMatch(
      /SELECT login , outcome , reason FROM #report ORDER BY row_id ; .*IF @failed > 0 RAISERROR \( '%d logins were not created: [^']*' , 16 , 1 , @failed \) ;$/,
    ));

  it("is printed whole, quotes included", () => {
    const [line = ""] = withParts("-- <part print-x>\n-- </part>", () => "a'b\nc\n")
      .split("\n")
      .slice(1);
    expect(line).toBe("SET @print = N'a''b");
    const printed = tokensOf(readScript("logins.sql")).filter(({ text }) => text === part("recreate-logins-end"));
    expect(printed).toHaveLength(1);
  });
});
