import { partOf, readScript } from "./support/scripts";
import { tokensOf } from "./support/tsql-tokens";

describe.each(["baseline.sql", "verify.sql"])("the rights of the login that runs %s", (name) => {
  const code = tokensOf(partOf(name, "rights"))
    .map(({ kind, text }) => (kind === "string" ? `'${text}'` : text))
    .join(" ");

  it("are asked before any fact is read", () => {
    const script = readScript(name);
    expect(script.indexOf("-- <part rights>")).toBeGreaterThan(script.indexOf("-- <part choose-databases>"));
    expect(script.indexOf("-- <part rights>")).toBeLessThan(script.indexOf("-- <part facts-"));
  });

  // The page of sys.sql_logins and the list of server permissions name the same right of 2022 differently.
  const definitions = ["VIEW ANY SECURITY DEFINITION", "VIEW SERVER SECURITY DEFINITION"];
  it.each([
    ["logins", ["VIEW ANY DEFINITION", "ALTER ANY LOGIN", ...definitions]],
    ["linkedServers", ["VIEW ANY DEFINITION", "ALTER ANY LINKED SERVER"]],
    ["serverTriggers", ["VIEW ANY DEFINITION"]],
    ["endpoints", ["VIEW ANY DEFINITION", "ALTER ANY ENDPOINT"]],
    ["workloadGroups", ["VIEW ANY DEFINITION"]],
  ])("without one of them %s is recorded as not read", (what, rights) => {
    const [, row = ""] =
      new RegExp(`\\( \\d , '${what}' , '[^']*' , (.*?) \\)(?: , \\(|(?: \\))? AS h)`).exec(code) ?? [];
    expect(row).toBe(
      rights.map((right) => `ISNULL ( HAS_PERMS_BY_NAME ( NULL , NULL , '${right}' ) , 0 )`).join(" + "),
    );
  });

  it("are none of them when their sum is 0; an unknown name is NULL and counts as 0", () =>
    expect(code).toContain("WHERE h . rights = 0 AND ( @script = 'baseline' OR h . what = 'logins' )"));

  it("each database is asked for VIEW DEFINITION, without its name in the text", () => {
    expect(code).toContain("sys.fn_my_permissions(NULL, N'DATABASE')");
    expect(code).toContain("p.permission_name = N'VIEW DEFINITION'");
    expect(code).toContain("'what' , 'text' , 'definitions'");
  });

  it("a login that may not see every database must name them", () =>
    expect(code).toMatch(
      /IF @names = 0 AND ISNULL \( HAS_PERMS_BY_NAME \( NULL , NULL , 'VIEW ANY DATABASE' \) , 0 \) = 0 BEGIN RAISERROR \( '[^']*' , 16 , 1 \) ; RETURN ;/,
    ));
});
