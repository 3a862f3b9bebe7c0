import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { withParameters } from "../../provider/source/script-parameters";
import { assignText, sqlName } from "../../provider/source/sql-text";
import { anyText, databaseName } from "./support/names";
import { readScript, SQL_FOLDER, scriptNames } from "./support/scripts";
import { parametersAsRun } from "./support/tsql-parameters";
import { tokensOf } from "./support/tsql-tokens";

/** Code pages of Windows that a sqlcmd may read a script in, by the name that TextDecoder knows. */
const CODE_PAGES = {
  932: "shift_jis",
  936: "gbk",
  949: "euc-kr",
  950: "big5",
  1252: "windows-1252",
  54936: "gb18030",
} as const;

const PARTS = readdirSync(join(SQL_FOLDER, "parts"));
const read = (encoding: string, text: string): string => new TextDecoder(encoding).decode(Buffer.from(text, "utf8"));
const SAMPLES = ["销售 2019", "Ünïcode", "東京", "한국", "😀", "it's [odd]; name", "$(PATH)", "a\\\nb", "\tx\r\n:exit"];

describe("code pages", () => {
  it.each(scriptNames)("%s is ASCII, over its comments too", (name) => expect(readScript(name)).toMatch(/^[\n -~]*$/));

  it.each(PARTS)("the part %s is ASCII", (name) =>
    expect(readFileSync(join(SQL_FOLDER, "parts", name), "utf8")).toMatch(/^[\n -~]*$/),
  );

  const filled = withParameters(readScript("backup-databases.sql"), {
    backup_databases_list: SAMPLES,
    backup_folder: "D:\\备份\\…",
  });

  it.each(Object.entries(CODE_PAGES))("a filled script reads the same in %s (%s)", (_page, encoding) => {
    expect(tokensOf(read(encoding, filled))).toEqual(tokensOf(filled));
    for (const name of scriptNames) expect(read(encoding, readScript(name))).toBe(readScript(name));
  });

  it.each(Object.entries(CODE_PAGES))("UTF-8 text would not, in %s (%s)", (_page, encoding) =>
    expect(read(encoding, "SET @x = N'D:\\备份…';\n")).not.toBe("SET @x = N'D:\\备份…';\n"),
  );
});

describe("a value in a script", () => {
  it("is printable ASCII without $, in lines that begin with SET", () => {
    fc.assert(
      fc.property(anyText, (text) =>
        expect(assignText("@x", text)).toMatch(/^SET @x = [ -#%-~]+;(\nSET @x = [ -#%-~]+;)*$/),
      ),
    );
  });

  it.each([
    ["", "SET @x = N'';"],
    ["D:\\it's", "SET @x = N'D:\\it''s';"],
    ["a$(b)", "SET @x = CONVERT(nvarchar(max), N'') + N'a' + NCHAR(36) + N'(b)';"],
    ["a\\\n", "SET @x = CONVERT(nvarchar(max), N'') + N'a\\' + NCHAR(10);"],
    ["😀", "SET @x = CONVERT(nvarchar(max), N'') + NCHAR(55357) + NCHAR(56832);"],
  ])("%j becomes %s", (text, statement) => expect(assignText("@x", text)).toBe(statement));

  it("is what Transact-SQL reads, for any names and folder", () => {
    fc.assert(
      fc.property(fc.array(databaseName, { maxLength: 4 }), anyText, (names, folder) => {
        const script = withParameters(readScript("backup-databases.sql"), {
          backup_databases_list: names,
          backup_folder: folder,
          is_run: false,
        });
        expect(parametersAsRun(script)).toMatchObject({
          "@backup_databases_list": names.map(sqlName).join(";"),
          "@backup_folder": folder,
          "@is_run": 0,
          "@backup_type": "FULL",
        });
      }),
    );
  });

  it("is never taken for the line of another parameter", () => {
    const name = "a\nSET @is_run = 0;\nSET @backup_folder = N'';\nb";
    const script = withParameters(readScript("backup-databases.sql"), {
      backup_databases_list: [name],
      backup_folder: "D:\\x",
      is_run: true,
    });
    expect(parametersAsRun(script)).toMatchObject({
      "@backup_databases_list": `[${name}]`,
      "@backup_folder": "D:\\x",
      "@is_run": 1,
    });
  });

  it("keeps more than 4,000 characters", () => {
    const names = Array.from({ length: 300 }, (_, index) => `数据库${index}`);
    const script = withParameters(readScript("baseline.sql"), { databases_list: names });
    expect(parametersAsRun(script)["@databases_list"]).toBe(names.map(sqlName).join(";"));
    for (const line of script.split("\n")) expect(line.split(" + ").length).toBeLessThan(50);
  });
});
