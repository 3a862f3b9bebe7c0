import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runbookSample } from "../../../docs/generate/runbook-sample";
import { main } from "../../../provider/cli/sqlserver-migration";
import { SCRIPT_LINES } from "../../../provider/runbook/expected-lines";
import { runbook } from "../../../provider/runbook/runbook";
import { runbookFacts } from "../../../provider/runbook/runbook-groups";
import type { RunbookSettings } from "../../../provider/runbook/settings";
import { sqlName } from "../../../provider/source/sql-text";
import type { StackResource } from "../../../provider/stack-state/exported-stack";
import { allCommands, lineOf, ROOT } from "../cli/support/compiled-commands";
import { at, INSTANCE, migration, resource, stateOf } from "../report/support/fleet-state";

const START_MS = Date.parse("2026-11-28T22:00:00Z");

function textOf(
  resources: readonly StackResource[],
  together: string[][] = [],
  given: Partial<RunbookSettings> = {},
): string {
  const facts = runbookFacts({ state: stateOf(...resources), together });
  return runbook(facts, facts.groups, {
    ...{ startMs: START_MS, timeZone: "UTC", phaseSetting: "phase", folder: "D:\\it's here", login: "dba" },
    ...{ repeat: ["runbook"], ...given },
  });
}

const FILE = { objectKey: "full.bak", lastLsn: "1", sizeBytes: 5e8, sentAt: at(20), seconds: 900, state: "applied" };
const FULL = { ...FILE, type: "FULL" };
const LOG = { ...FILE, type: "LOG", objectKey: "log.trn", sizeBytes: 5e7, sentAt: at(60), seconds: 120 };
const TAIL = { ...LOG, objectKey: "tail.trn", sentAt: at(1480), seconds: 90, tail: true, modifiedAt: at(1470) };

const waiting = (database: string, members: object = {}): StackResource =>
  migration(database, {
    ...{ phase: "restoring", status: "waitingForIncrements", finishedAt: undefined, timeline: undefined },
    ...{ backupInfo: { DatabaseName: database, ServerName: "SQL01" }, chain: { files: [FULL, LOG] } },
    ...members,
  });
const done = (database: string): StackResource =>
  waiting(database, { status: "online", finishedAt: at(1500), chain: { files: [FULL, LOG, TAIL] } });
const group = (status: "waiting" | "online", ...databases: string[]): StackResource =>
  resource({
    ...{ kind: "CutoverGroup", name: "shop" },
    outputs: { status, opened: databases.map((database) => ({ database, instanceId: INSTANCE, status })) },
  });

const rowsOf = (text: string): string[][] =>
  text
    .split("\n")
    .filter((line) => /^\| \d+ \|/.test(line))
    .map((line) => line.split(" | "));

test("the finished state gives the same document, with the recorded times", () => {
  const before = textOf([waiting("erp"), waiting("crm"), group("waiting", "erp", "crm"), migration("hr")]);
  const after = textOf([done("erp"), done("crm"), group("online", "erp", "crm"), migration("hr")]);
  const withoutTimes = (text: string) =>
    text.replace(/\n\n### Recorded\n[\s\S]*?\n\n(?=#)/, "\n\n").replace(/ \| [^|]* \|$/gm, "");
  expect(withoutTimes(after)).toBe(withoutTimes(before));
  const real = (text: string) => rowsOf(text).flatMap((cells) => cells.at(-1)?.replace(" |", "") ?? []);
  expect(new Set(real(before))).toEqual(new Set(["________"]));
  expect(real(after).filter((cell) => cell !== "________")).toEqual([
    "Sat 2026-11-28 22:30",
    "Sat 2026-11-28 22:41",
    "Sat 2026-11-28 23:00",
  ]);
});

test("clock times follow each other, and writes stop at the start", () => {
  const rows = rowsOf(textOf([waiting("erp"), waiting("crm"), group("waiting", "erp", "crm")]));
  expect(rows.map(([, clock]) => clock).slice(0, 7)).toEqual([
    ...["Sat 21:25", "Sat 21:30", "Sat 21:50", "Sat 21:55", "Sat 22:00", "Sat 22:10", "Sat 22:15"],
  ]);
  const clocks = rows.map(([, clock]) => clock);
  expect([...clocks].sort()).toEqual(clocks);
});

test("a database alone is a group of one, databases can be put together, and one without increments has no cutover", () => {
  const all = [waiting("erp"), waiting("crm"), waiting("web"), migration("hr")];
  const headings = (text: string) => text.match(/^## `.*/gm);
  expect(headings(textOf(all))).toEqual(["## `crm`", "## `erp`", "## `web`"]);
  expect(headings(textOf(all, [["web", "ERP"]]))).toEqual(["## `web`, `erp`", "## `crm`"]);
  expect(textOf(all)).toContain("- without increments, so without a cutover: `hr`");
  expect(runbookFacts({ state: stateOf(...all), together: [["hr", "web"]] }).unknown).toEqual(["hr"]);
});

test("the source's commands have its names, the destination's have those there", () => {
  const text = textOf([waiting("erp_new", { backupInfo: { DatabaseName: "ERP" } })]);
  expect(text).toContain("--database ERP --type LOG --norecovery --run");
  expect(text).toContain("RESTORE DATABASE [ERP] WITH RECOVERY;");
  expect(text).toContain("source script verify --database erp_new");
  expect(text).toContain("--rename 'ERP=erp_new'");
});

test("databases of several servers or instances have files and a comparison for each pair", () => {
  const other = waiting("crm", { instanceId: "rm-2", backupInfo: { DatabaseName: "crm", ServerName: "SQL02" } });
  const text = textOf([waiting("erp"), other], [["erp", "crm"]]);
  expect(
    text
      .match(/^sqlcmd .* group1-tail-\d\.sql -y 0$/gm)
      ?.slice(2)
      .map((line) => line.split(" ")[2]),
  ).toEqual(["SQL01", "SQL02"]);
  expect(text.match(/^npx .* source compare .*/gm)).toEqual([
    "npx --no sqlserver-migration source compare group1-1-source.json group1-1-destination.json",
    "npx --no sqlserver-migration source compare group1-2-source.json group1-2-destination.json",
  ]);
  expect(text).toMatch(/^sqlcmd -S rm-2\.sqlserver\.rds\.aliyuncs\.com .* group1-2-destination\.json$/m);
});

test("the jobs are stopped before the logs are applied, and enabled again on the way back", () => {
  const text = textOf([waiting("erp")], [], { logJobs: ["Log 'night'", "LogBackup"] });
  const titles = text.match(/^### .*/gm) ?? [];
  expect(titles.slice(0, 2)).toEqual([
    "### 1. Stop the source's log backup jobs",
    "### 2. Apply the logs that have come",
  ]);
  const [before = "", after = ""] = text.split("### Way back");
  const switches = (part: string) => part.match(/^EXEC msdb.*/gm);
  const expected = (enabled: number) => [
    `EXEC msdb.dbo.sp_update_job @job_name = N'Log ''night''', @enabled = ${enabled};`,
    `EXEC msdb.dbo.sp_update_job @job_name = N'LogBackup', @enabled = ${enabled};`,
  ];
  expect([switches(before), switches(after)]).toEqual([expected(0), expected(1)]);
  expect(before).toContain("j.name IN (N'Log ''night''', N'LogBackup');");
  expect(before.indexOf("sysjobactivity")).toBeLessThan(before.indexOf("msdb.dbo.backupset"));
  expect(textOf([waiting("erp")])).toContain("@job_name = N'LOG_BACKUP_JOB', @enabled = 0;");
});

test("the way back opens only what is closed, because RESTORE fails on an open database", () => {
  const [, after = ""] = textOf([waiting("erp"), waiting("o'hara")], [["erp", "o'hara"]]).split("### Way back");
  const [block = ""] = /(?<=```sql\n)[\s\S]*?(?=\n```)/.exec(after) ?? [];
  expect(block.split("\n")).toEqual([
    "USE master;",
    "IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'erp' AND state_desc = N'RESTORING')",
    "  RESTORE DATABASE [erp] WITH RECOVERY;",
    "IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'o''hara' AND state_desc = N'RESTORING')",
    "  RESTORE DATABASE [o'hara] WITH RECOVERY;",
    "SELECT name, state_desc FROM sys.databases WHERE name IN (N'erp', N'o''hara');",
  ]);
});

test("the login of the destination is tried before writes stop", () => {
  const text = textOf([waiting("erp"), waiting("crm")], [["erp", "crm"]]);
  const tried = text.match(/^sqlcmd .* -Q .*/gm) ?? [];
  expect(tried).toEqual([
    `sqlcmd -S ${INSTANCE}.sqlserver.rds.aliyuncs.com -U dba -C -x -b -Q 'SELECT SUSER_SNAME();'`,
  ]);
  expect(text.indexOf(tried[0] ?? "")).toBeLessThan(text.indexOf(". Writes stop"));
});

test("the sessions are those of the databases' names on the source", () => {
  const members = { backupInfo: { DatabaseName: "O'Neil", ServerName: "SQL01" } };
  expect(textOf([waiting("erp", members), waiting("crm")], [["erp", "crm"]])).toContain(
    "l.resource_database_id IN (DB_ID(N'O''Neil'), DB_ID(N'crm'))",
  );
});

test("no password is in a command: the destination's comes from the environment", () => {
  const text = textOf([waiting("erp")]);
  const calls = text.match(/^sqlcmd .*/gm) ?? [];
  expect(calls.filter((call) => / -P\b/.test(call) || !/ -E | -U dba /.test(call))).toEqual([]);
  expect(text).toMatch(
    /### 14\. Create the logins[\s\S]*`read -rs SQLCMDPASSWORD && export SQLCMDPASSWORD`[\s\S]*### 15\. Compare/,
  );
});

const HOSTILE = ["a'b", "x | y `z` $(id)", "]odd[", "-dash", "**<img src=x>** @team #1", "ends\\"];

describe("of databases with unusual names", () => {
  const text = textOf([...HOSTILE.map((name) => waiting(name)), group("waiting", ...HOSTILE)]);
  const lines = [...text.matchAll(/^(`{3,})bash\n([\s\S]*?)\n\1$/gm)].flatMap(([, , block = ""]) => block.split("\n"));
  const printWords = ["npx", "sqlcmd", "pulumi"].map(
    (name) => `${name}() { printf '%s\\0' "$FUNCNAME" "$@" $'\\n' >&3; }`,
  );
  const unredirected = lines.map((line) => line.replace(/ > [\w.-]+$/, ""));
  /** The words of each command as bash reads them. */
  const words = execFileSync("bash", ["-c", [...printWords, "exec 3>&1", ...unredirected].join("\n")], {
    encoding: "utf8",
  })
    .split("\0\n\0")
    .filter(Boolean)
    .map((line) => line.split("\0"));

  test("every command of the package exists with its options", () => {
    const commands = allCommands();
    const own = words.filter(([program]) => program === "npx").map(([, , ...rest]) => rest);
    expect(own.length).toBeGreaterThan(15);
    for (const args of own) {
      const found = commands.filter((each) => args.join(" ").startsWith(lineOf(each))).at(-1);
      const known = found?.command.options.map(({ long }) => long) ?? [];
      const options = args.filter((word) => word.startsWith("--")).map((word) => word.replace(/=[\s\S]*/, ""));
      expect([args, options.filter((word) => !known.includes(word))]).toEqual([args, []]);
      expect(found?.command.commands).toEqual([]);
    }
  });

  test("the scripts of the last logs are those of the databases", async () => {
    const scripts = words.filter((line) => line.includes("--norecovery")).map(([, , , ...args]) => args);
    expect(scripts).toHaveLength(2 * HOSTILE.length);
    for (const [index, args] of scripts.entries()) {
      const printed: string[] = [];
      const print = (line: string): void => void printed.push(line);
      expect(await main(args, { out: print, err: print, env: () => undefined })).toBe(0);
      const script = printed.join("\n");
      const name = sqlName(HOSTILE[index % HOSTILE.length] ?? "").replaceAll("'", "''");
      if (!name.includes("$")) expect(script).toContain(`SET @backup_databases_list = N'${name}';`);
      expect(script).toContain("SET @backup_folder = N'D:\\it''s here';");
      expect(script).toContain(`SET @is_run = ${index < HOSTILE.length ? 0 : 1};`);
    }
  });

  test("tables keep their columns, and no name is Markdown or HTML", () => {
    const tables = text.split("\n").filter((line) => line.startsWith("| "));
    const columns = new Set(rowsOf(text).map((cells) => cells.length));
    expect([...columns]).toEqual([7]);
    expect(tables.join("\n")).not.toMatch(/<img|\*\*&lt;|@team| #1/);
    expect(text.replace(/^(`{3,})\w+\n[\s\S]*?\n\1$/gm, "")).not.toMatch(/<img|\$\(id\)|@team/);
  });
});

test("the expected lines of the last log are those of the script", () => {
  const script = readFileSync(join(ROOT, "sql", "backup-databases.sql"), "utf8");
  expect(script).toContain(`N'${SCRIPT_LINES.checked}'`);
  expect(script).toContain(`N'${SCRIPT_LINES.backedUp}'`);
  expect(script).toContain(`N'${SCRIPT_LINES.backingUp} [' + REPLACE(@name, N']', N']]') + N'] to ' + @path;`);
  const [before = "", after = ""] = SCRIPT_LINES.closed("]").split("]]");
  expect(script).toContain(`N'${before}' + REPLACE(@name, N']', N']]') + N'${after}'`);
});

test("the sample is after the group, and the same for the same state", () => {
  expect(runbookSample()).toBe(runbookSample());
  expect(rowsOf(runbookSample()).filter((cells) => /2026-11-28/.test(cells.at(-1) ?? ""))).toHaveLength(3);
});
