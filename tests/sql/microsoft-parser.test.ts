import fc from "fast-check";
import {
  disableJobs,
  enableJobs,
  latestLogBackups,
  openSessions,
  reopenDatabases,
  runningJobs,
} from "../../provider/runbook/source-statements";
import { type ScriptParameters, withParameters } from "../../provider/source/script-parameters";
import { sqlName } from "../../provider/source/sql-text";
import { databaseName } from "./support/names";
import { literalOf, printedLogins } from "./support/printed-logins";
import { GRAMMARS, type Grammar, type ParserReply, prepareScriptDom } from "./support/scriptdom";
import { readScript, scriptNames } from "./support/scripts";
import { parameterSection } from "./support/tsql-parameters";

jest.setTimeout(400_000); // the first run installs the parser

const scriptDom = prepareScriptDom();
if ("missing" in scriptDom) console.warn(`SKIPPED: Microsoft's parser cannot be installed here: ${scriptDom.missing}`);
const describeWithParser = "missing" in scriptDom ? describe.skip : describe;

const parse: Extract<typeof scriptDom, { parse: unknown }>["parse"] = (request) => {
  if ("missing" in scriptDom) throw new Error("unreachable: the test is skipped");
  return scriptDom.parse(request);
};

/** Every grammar of the parser refuses this option of SQL Server 2022. */
const UNKNOWN_OPTION = " (ALGORITHM = MS_XPRESS)";

const section = (script: string, parameters: ScriptParameters): string =>
  parameterSection(withParameters(readScript(script), parameters));

describeWithParser("Microsoft's parser", () => {
  const seed = Date.now() % 2 ** 31;
  const sample = fc.sample(fc.array(databaseName, { minLength: 1, maxLength: 4 }), { numRuns: 60, seed });
  const logins = sample.map(([name = ""]) => name);
  const login = "O'Neil]";
  /** Values that the scripts, and the one which logins.sql prints, take from their tables. */
  const runtime = {
    ...{
      "@name": [login],
      "@database": ["ERP"],
      "@table": ["[dbo].[O'Neil]]]"],
      "@language": ["us_english"],
      "@hash": ["0x0200AB"],
      "@sid": ["0x0102"],
    },
    "@kind": ["GRANT", "DENY"],
    "@right": [
      ...["ALTER ANY LOGIN", "ALTER ANY LINKED SERVER", "ALTER ANY CONNECTION", "ALTER TRACE"],
      ...["VIEW ANY DATABASE", "VIEW SERVER STATE", "ALTER SERVER STATE"],
    ],
  };

  describe("given the scripts", () => {
    let reply: ParserReply;
    beforeAll(() => {
      const scripts = Object.fromEntries(scriptNames.map((name) => [name, readScript(name)]));
      reply = parse({ scripts: { ...scripts, "printed-by-logins.sql": printedLogins([login, ...logins]) }, runtime });
    });
    const executedBy = (name: string): string[] =>
      Object.entries(reply.dynamic).flatMap(([key, text]) => (key.startsWith(`${name}:`) ? [text] : []));

    it("parses each of them, and every statement that they execute, in each version's grammar", () => {
      const isKnown = ({ name, message }: ParserReply["faults"][number]): boolean =>
        (reply.dynamic[name] ?? "").includes(UNKNOWN_OPTION) && message === "Incorrect syntax near ALGORITHM.";
      expect(reply.faults.filter((fault) => !isKnown(fault))).toEqual([]);
    });

    it("has found the statements of every kind", () => {
      expect(executedBy("baseline.sql").length).toBeGreaterThan(15);
      expect(executedBy("verify.sql").length).toBeGreaterThan(10);
      expect(executedBy("logins.sql")).toHaveLength(1);
      for (const type of ["BACKUP DATABASE ", "BACKUP LOG ", "RESTORE VERIFYONLY "])
        expect(executedBy("backup-databases.sql").filter((text) => text.startsWith(type))).not.toEqual([]);
      for (const type of [
        "CREATE LOGIN ",
        "GRANT ALTER TRACE ",
        "DENY VIEW SERVER STATE ",
        "EXEC sys.sp_addsrvrolemember ",
      ])
        expect(executedBy("printed-by-logins.sql").filter((text) => text.startsWith(type))).not.toEqual([]);
    });

    it("parses the backup that names an algorithm of compression, but for this option", () => {
      const withOption = executedBy("backup-databases.sql").filter((text) => text.includes(UNKNOWN_OPTION));
      expect(withOption).not.toEqual([]);
      const scripts = Object.fromEntries(withOption.map((text) => [text, text.replace(UNKNOWN_OPTION, "")]));
      expect(parse({ scripts }).faults).toEqual([]);
    });
  });

  it("parses the statements of a runbook, whatever the names", () => {
    // The runbook is a text in UTF-8, which has no half of a surrogate pair.
    const names = sample.flat().filter((name) => Buffer.from(name).toString() === name);
    expect(names.length).toBeGreaterThan(20);
    const databases = names.map((source) => ({ source }));
    const statements = [
      ...[...latestLogBackups(databases), ...disableJobs(names), ...runningJobs(names)],
      ...[...openSessions(databases), ...reopenDatabases(databases), ...enableJobs(names)],
    ];
    expect(parse({ scripts: { "runbook.sql": statements.join("\n") } }).faults).toEqual([]);
  });

  it("parses generated parameters, and reads the names that were put in", () => {
    const generated = sample.map((names, index) => {
      const list = names.map(sqlName).join(";");
      const folder = names.join("/");
      const sections: Record<string, [section: string, values: object]> = {
        full: [
          section("backup-databases.sql", { backup_databases_list: names, backup_folder: folder, is_run: true }),
          { "@backup_databases_list": list, "@backup_folder": folder, "@is_run": "1" },
        ],
        "last log": [
          section("backup-databases.sql", { backup_databases_list: names, backup_type: "LOG", norecovery: true }),
          { "@backup_databases_list": list, "@backup_type": "LOG", "@norecovery": "1" },
        ],
        baseline: [section("baseline.sql", { databases_list: names }), { "@databases_list": list }],
        verify: [section("verify.sql", { databases_list: names }), { "@databases_list": list }],
        login: [`SET @login = ${literalOf(logins[index] ?? "")};`, { "@login": logins[index] }],
      };
      return Object.entries(sections).map(([name, each]) => [`${name} ${index}`, each] as const);
    });
    const sections = generated.flat();
    const parameters = Object.fromEntries(sections.map(([name, [text]]) => [name, text]));
    const { faults, assigned } = parse({ scripts: {}, parameters });
    const context = `seed ${seed}`;
    expect([context, faults]).toEqual([context, []]);
    for (const [name, [, values]] of sections)
      expect([context, name, assigned[name]]).toEqual([context, name, expect.objectContaining(values)]);
  });

  describe("refuses", () => {
    const since = (grammar: Grammar): Grammar[] => GRAMMARS.slice(0, GRAMMARS.indexOf(grammar));
    const CASES: readonly (readonly [text: string, refusedBy: readonly Grammar[]])[] = [
      ["SELECT IIF(1 = 1, 2, 3);", since("2012")],
      ["BEGIN TRY SELECT 1; END TRY BEGIN CATCH THROW; END CATCH;", since("2012")],
      ["SELECT name FROM sys.databases ORDER BY name OFFSET 1 ROWS;", since("2012")],
      ["DROP TABLE IF EXISTS #t;", since("2016")],
      ["SELECT 1 AS a FOR JSON PATH;", since("2016")],
      [`BACKUP DATABASE x TO DISK = 'x' WITH COMPRESSION${UNKNOWN_OPTION};`, GRAMMARS],
      ["SELECT TOP (1 name FROM sys.databases;", GRAMMARS],
      ["SELECT 1;", []],
    ];
    let refusals: Map<string, Set<Grammar>>;
    beforeAll(() => {
      const inside = (text: string): string =>
        `EXEC sys.sp_executesql N'EXEC (N''${text.replaceAll("'", "''''")}'');';`;
      const scripts = Object.fromEntries(
        CASES.flatMap(([text]) => [
          [text, text],
          [`inside ${text}`, inside(text)],
        ]),
      );
      const { faults, dynamic } = parse({ scripts });
      refusals = new Map();
      for (const { name, grammar } of faults) {
        const text = dynamic[name] ?? name;
        const key = name === text ? text : `inside ${text}`;
        refusals.set(key, (refusals.get(key) ?? new Set()).add(grammar));
      }
    });

    it.each(CASES)("%s in the grammars %j, also inside dynamic SQL", (text, refusedBy) => {
      expect([...(refusals.get(text) ?? [])]).toEqual(refusedBy);
      expect([...(refusals.get(`inside ${text}`) ?? [])]).toEqual(refusedBy);
    });
  });
});
