import fc from "fast-check";
import { sqlName, sqlText } from "../../provider/source/sql-text";
import { anyText, databaseName } from "./support/names";
import { literalOf } from "./support/printed-logins";
import { partOf } from "./support/scripts";
import { runTsql, type Value } from "./support/tsql-interpreter";
import { tokensOf } from "./support/tsql-tokens";

describe("texts that the generator inserts into scripts", () => {
  it("become one literal of the same value", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokensOf(sqlText(text))).toEqual([{ kind: "string", text, line: 1 }]);
        expect(tokensOf(sqlText(sqlText(text)))[0]?.text).toBe(sqlText(text));
      }),
    );
  });

  it("become one quoted name of the same value", () => {
    fc.assert(
      fc.property(anyText, (text) => expect(tokensOf(sqlName(text))).toEqual([{ kind: "name", text, line: 1 }])),
    );
  });
});

describe.each(["baseline.sql", "verify.sql"])("the JSON text of %s", (script) => {
  const part = partOf(script, "json-text");
  const escaped = (text: string): string =>
    String(runTsql(part, { "@text": text, "@position": null, "@code": null }).variables["@text"]);

  it("parses to the same text and is plain ASCII", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escaped(text)).toMatch(/^[ -~]*$/);
        expect(JSON.parse(`"${escaped(text)}"`)).toBe(text);
      }),
    );
  });

  it("does not change plain text", () => expect(escaped("Sales & Co")).toBe("Sales & Co"));
});

describe("the literal in logins.sql", () => {
  it("is printable ASCII without $, and has the same value for any login name", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(literalOf(text)).toMatch(/^[ -#%-~]+$/);
        expect(runTsql(`SET @x = ${literalOf(text)};`, {}).variables["@x"]).toBe(text);
      }),
    );
  });

  it("keeps a plain name readable, and the longest name on one line of sqlcmd", () => {
    expect(literalOf("O'Neil")).toBe("N'O''Neil'");
    expect(literalOf("\uffff".repeat(128)).length).toBeLessThan(3900);
  });
});

describe.each(["backup-databases.sql", "baseline.sql", "verify.sql"])("the list of databases in %s", (script) => {
  const part = partOf(script, "database-list");
  const read = (list: string): { names: Value[]; fault: Value } => {
    const { variables, inserted } = runTsql(part, { "@list": list });
    return {
      names: (inserted["#requested"] ?? []).map(([name]) => name ?? null),
      fault: variables["@list_fault"] ?? null,
    };
  };

  it.each([
    ["a;b,c", ["a", "b", "c"]],
    [" a ;\tb\t,\r\n c ", ["a", "b", "c"]],
    ["a\nb\r\nc", ["a", "b", "c"]],
    ["[a;b],[c]]d] ;e", ["a;b", "c]d", "e"]],
    ["[ x ]", [" x "]],
    ["My Db;other[1]", ["My Db", "other[1]"]],
    ["a；b", ["a；b"]],
    ["a;;b;", ["a", "b"]],
  ])("%j names %j", (list, names) => expect(read(list)).toEqual({ names, fault: null }));

  it.each(["", "  ", "\r\n\t"])("%j names all", (list) => expect(read(list)).toEqual({ names: [], fault: null }));

  it.each([
    ["[a", /never closed/],
    ["a;[b", /never closed/],
    ["[a]b", /may follow \[a\]/],
    ["[a][b]", /may follow \[a\]/],
    [";", /names no database/],
    [" , ;", /names no database/],
    ["[]", /names no database/],
  ])("%j is refused", (list, fault) => expect(read(list).fault).toMatch(fault));

  it("returns every bracketed name", () => {
    const separator = fc.constantFrom(";", ",", "\n", " ; ", "\r\n", ",\t");
    fc.assert(
      fc.property(fc.array(databaseName, { minLength: 1, maxLength: 4 }), separator, (names, between) => {
        expect(read(names.map(sqlName).join(between))).toEqual({ names, fault: null });
      }),
    );
  });
});

describe("the folder of backup-databases.sql", () => {
  const read = (folder: string | null) => {
    const unset = { "@is_absolute": null, "@separator": null };
    const { variables } = runTsql(partOf("backup-databases.sql", "backup-folder"), {
      "@backup_folder": folder,
      ...unset,
    });
    return [variables["@is_absolute"], variables["@backup_folder"], variables["@separator"]];
  };

  it.each([
    ["D:\\migration", "D:\\migration", "\\"],
    [" d:/migration/ ", "d:/migration", "\\"],
    ["D:\\", "D:", "\\"],
    ["\\\\server\\share\\", "\\\\server\\share", "\\"],
    ["/var/opt/backup/", "/var/opt/backup", "/"],
    ["/", "/", "/"],
  ])("%j is absolute", (folder, cleaned, separator) => expect(read(folder)).toEqual([1, cleaned, separator]));

  it.each(["migration", "..\\x", ".\\x", "\\migration", "D:", "D:migration", "https://x/y", "1:\\x", "\\\\\\x"])(
    "%j is relative, and refused",
    (folder) => expect(read(folder)[0]).toBe(0),
  );
});

describe("the file names of backup-databases.sql", () => {
  const part = partOf("backup-databases.sql", "file-name");
  const fileNames = (names: readonly string[]): string[] =>
    names.map((name) => {
      const isAmbiguous = names.filter((other) => other.toLowerCase() === name.toLowerCase()).length > 1;
      const { variables } = runTsql(part, {
        "@name": name,
        "@is_ambiguous": isAmbiguous ? 1 : 0,
        "@refused": null,
        "@position": null,
        "@file_part": null,
        "@stem": null,
      });
      return String(variables["@file_part"]);
    });

  it("keep a plain name unchanged", () =>
    expect(fileNames(["Sales 2019", "ERP.prod", "销售"])).toEqual(["Sales 2019", "ERP.prod", "销售"]));

  it("keep names that only begin as a reserved one does", () => {
    const names = ["CONTROL", "NULL.x", "COM", "COM10", "COMx", "console.nul", "LPTA.1"];
    expect(fileNames(names)).toEqual(names);
  });

  it.each([
    ["a/b", /^a_b_[0-9a-f]{8}$/],
    ["erp.", /^erp__[0-9a-f]{8}$/],
    ['\\/:*?"<>|', /^_{9}_[0-9a-f]{8}$/],
    ["a_0a1b2c3d", /^a_0a1b2c3d_[0-9a-f]{8}$/],
    ["a_0A1B2C3D", /^a_0A1B2C3D_[0-9a-f]{8}$/],
    ["CON", /^_CON_[0-9a-f]{8}$/],
    ["NUL.x", /^_NUL\.x_[0-9a-f]{8}$/],
    ["aux .old.x", /^_aux \.old\.x_[0-9a-f]{8}$/],
    ["lpt9.x", /^_lpt9\.x_[0-9a-f]{8}$/],
    ["COM\u00b2", /^_COM\u00b2_[0-9a-f]{8}$/],
  ])("change %j, with a hash", (name, pattern) => expect(fileNames([name])[0]).toMatch(pattern));

  it("are valid on Windows and unique for each database", () => {
    fc.assert(
      fc.property(fc.uniqueArray(databaseName, { maxLength: 5 }), (names) => {
        const files = fileNames(names);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: names may contain them, files may not
        for (const file of files) expect(file).not.toMatch(/[\u0000-\u001f\\/:*?"<>|]|[. ]$/);
        for (const file of files)
          expect(file).not.toMatch(/^(con|prn|aux|nul|(com|lpt)[0-9\u00b2\u00b3\u00b9]) *(\.|$)/i);
        for (const file of files) expect(file.length).toBeLessThanOrEqual(128 + 10);
        expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length);
      }),
    );
  });
});
