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

  it.each([
    ["logins", ["VIEW ANY DEFINITION", "ALTER ANY LOGIN", "VIEW ANY SECURITY DEFINITION"]],
    ["linkedServers", ["VIEW ANY DEFINITION", "ALTER ANY LINKED SERVER"]],
  ])("without one of them %s is recorded as not read", (what, rights) => {
    const insert = code.split(" ; ").find((statement) => statement.includes(`'what' , 'text' , '${what}'`)) ?? "";
    const asked = [...insert.matchAll(/ISNULL \( HAS_PERMS_BY_NAME \( NULL , NULL , '([^']*)' \) , 0 \) = 0/g)];
    expect(asked.map(([, right]) => right)).toEqual(rights);
  });

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
