import { strict as assert } from "node:assert";
import { join } from "node:path";
import { readBackup } from "../../../provider/backup/read-backup";
import { openFileSource } from "../../../provider/backup-files/file-source";
import { readBaseline } from "../../../provider/source/baseline";
import { compareBaselines } from "../../../provider/source/compare-baselines";
import { withParameters } from "../../../provider/source/script-parameters";
import { sqlName, sqlText } from "../../../provider/source/sql-text";
import { readScript } from "../support/scripts";
import type { Answer, Server } from "./server";

export interface Check {
  name: string;
  run(place: { server: Server; folder: string }): Promise<void> | void;
}

const FOLDER = "/var/opt/mssql/migration";
/** Names with blanks, quotes, brackets, separators, characters that are invalid in files, other scripts, and the maximum length. */
const NAMES = ["Sales", "sales/1", "it's [odd]; name", "销售 2019", "n".repeat(128)];
const SIMPLE = "Simple";
const JSON_OUTPUT = ["-h", "-1", "-W", "-w", "65535"];

const backup = (parameters: Record<string, string | boolean | readonly string[]>): string =>
  withParameters(readScript("backup-databases.sql"), { backup_folder: FOLDER, ...parameters });

function ends({ status, text }: Answer, expected: number): string {
  assert.equal(status, expected, text);
  return text;
}

const files = (server: Server): string[] =>
  server
    .shell(`ls -1 ${FOLDER} 2>/dev/null`)
    .text.split("\n")
    .filter((line) => line.endsWith(".bak"));

/** The checks run in this order, because each one uses the state that the previous one left. */
export const checks: readonly Check[] = [
  {
    name: "creates databases with unusual names, a login and a table",
    run({ server }) {
      // The files are named explicitly, because the server cannot derive file names from these database names.
      const make = [...NAMES, SIMPLE].map((name, index) => {
        const file = (part: string): string =>
          `NAME = d${index}${part}, FILENAME = '/var/opt/mssql/data/d${index}${part}'`;
        const model = name === SIMPLE ? "SIMPLE" : "FULL";
        return [
          `CREATE DATABASE ${sqlName(name)} ON (${file("_data")}) LOG ON (${file("_log")});`,
          "GO",
          `ALTER DATABASE ${sqlName(name)} SET RECOVERY ${model};`,
          "GO",
        ].join("\n");
      });
      const fill = [
        "CREATE LOGIN [it's me] WITH PASSWORD = N'Invented-1-password';",
        "GO",
        "USE Sales;",
        "GO",
        "CREATE USER [it's me] FOR LOGIN [it's me];",
        "CREATE TABLE dbo.orders (id int NOT NULL);",
        "INSERT INTO dbo.orders (id) VALUES (1), (2);",
        "GO",
      ].join("\n");
      ends(server.sqlcmd([...make, fill, ""].join("\n")), 0);
    },
  },
  {
    name: "a dry run of everything succeeds and creates no folder",
    run({ server }) {
      ends(server.sqlcmd(backup({})), 0);
      assert.equal(server.shell(`test -e ${FOLDER}`).status, 1);
    },
  },
  {
    name: "a log backup without a full backup fails with the reason",
    run: ({ server }) =>
      assert.match(
        ends(server.sqlcmd(backup({ backup_type: "LOG", backup_databases_list: ["Sales"] })), 1),
        /log chain has not begun/,
      ),
  },
  {
    name: "a full backup of everything creates and verifies one file for each database",
    run({ server }) {
      ends(server.sqlcmd(backup({ is_run: true, verify: true })), 0);
      assert.equal(files(server).length, NAMES.length + 1);
    },
  },
  {
    name: "log backups of all: SIMPLE databases are skipped; a named one is an error and the others are backed up",
    run({ server }) {
      const names = backup({ is_run: true, backup_type: "LOG", backup_databases_list: [...NAMES, SIMPLE] });
      assert.match(ends(server.sqlcmd(names), 1), /1 of 6 databases failed/);
      assert.equal(files(server).filter((file) => file.includes("_LOG_")).length, NAMES.length);
    },
  },
  {
    name: "a missing database name is an error",
    run: ({ server }) =>
      assert.match(ends(server.sqlcmd(backup({ backup_databases_list: ["Nowhere"] })), 1), /no database of this name/),
  },
  {
    name: "the headers of the files contain the names",
    async run({ server, folder }) {
      const found: (string | null | undefined)[] = [];
      for (const [index, file] of files(server).entries()) {
        if (!file.includes("_FULL_")) continue;
        const copy = join(folder, `${index}.bak`);
        server.copy(`${FOLDER}/${file}`, copy);
        const source = await openFileSource(copy);
        found.push((await readBackup(source)).sets[0]?.DatabaseName);
        await source.close();
      }
      assert.deepEqual(found.sort(), [...NAMES, SIMPLE].sort());
    },
  },
  {
    name: "the baseline is complete and equals the result of verify.sql",
    run({ server }) {
      const output = (script: string): string =>
        ends(server.sqlcmd(withParameters(readScript(script), { checksums: true }), ...JSON_OUTPUT), 0);
      const before = readBaseline(output("baseline.sql"), "baseline.json");
      const after = readBaseline(output("verify.sql"), "verify.json");
      assert.deepEqual(before.databases.map(({ name }) => name).sort(), [...NAMES, SIMPLE].sort());
      assert.deepEqual([...before.notRead, ...before.databases.flatMap(({ notRead }) => notRead)], []);
      const sales = before.databases.find(({ name }) => name === "Sales");
      assert.deepEqual(sales?.tables, [{ name: "[dbo].[orders]", rows: 2 }]);
      assert.deepEqual(
        sales.checksums.map(({ name, rows, why }) => ({ name, rows, why })),
        [{ name: "[dbo].[orders]", rows: 2, why: null }],
      );
      assert.equal(sales.users[0]?.login, "it's me");
      assert.deepEqual(compareBaselines(before, after), []);
    },
  },
  {
    name: "a lost row is detected",
    run({ server }) {
      const before = readBaseline(server.sqlcmd(readScript("baseline.sql"), ...JSON_OUTPUT).text, "baseline.json");
      ends(server.sqlcmd("DELETE TOP (1) FROM Sales.dbo.orders;\n"), 0);
      const after = readBaseline(server.sqlcmd(readScript("verify.sql"), ...JSON_OUTPUT).text, "verify.json");
      assert.deepEqual(
        compareBaselines(before, after).map(({ kind }) => kind),
        ["differs"],
      );
    },
  },
  {
    name: "logins are restored with their SIDs",
    run({ server }) {
      const script = ends(server.sqlcmd(readScript("logins.sql"), ...JSON_OUTPUT), 0);
      const sid = () =>
        server.sqlcmd(`SET NOCOUNT ON; SELECT SUSER_SID(${sqlText("it's me")});\n`, "-h", "-1").text.trim();
      const old = sid();
      ends(server.sqlcmd(`DROP LOGIN [it's me];\nGO\n${script}\nGO\n`), 0);
      assert.equal(sid(), old);
    },
  },
];
