import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../provider/cli/sqlserver-migration";
import { sha256Of } from "../../../provider/report/canonical-json";
import { backupBytes } from "../../../testing/backup-writer/write-backup";
import { baselineText, PLAIN_CONTENTS, PLAIN_DATABASE, PLAIN_SERVER } from "../../../testing/baseline/baseline-text";
import { runCommand } from "./support/run-command";

const GIB = 2 ** 30;

let folder: string;
let baseline: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "assess-"));
  baseline = join(folder, "baseline.json");
  const file = (database: string, type: string, sizeBytes: number) =>
    ({ record: "file", database, name: `${database}_${type}`, type, sizeBytes }) as const;
  const records = [
    ...[PLAIN_SERVER, PLAIN_DATABASE, PLAIN_CONTENTS, file("ERP", "ROWS", 8 * GIB), file("ERP", "LOG", GIB)],
    ...[{ ...PLAIN_DATABASE, database: "CRM", isEncrypted: true }, file("CRM", "ROWS", GIB)],
  ];
  writeFileSync(baseline, baselineText(records));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function assess(...args: string[]) {
  const run = await runCommand(main, ["assess", baseline, ...args]);
  return { ...run, out: `${run.out}\n` };
}

test("the summary names readiness, the smallest destination, the disk and what blocks", async () => {
  const { exit, out, err } = await assess();
  expect([exit, err]).toEqual([1, ""]);
  expect(out).toMatch(
    /^2 databases: 1 ready, 0 need attention, 1 blocked\nsmallest sufficient destination: 2016_web \(SQL Server 2016\)\ndisk, at least: 11\.0 GiB \(data 9\.0 GiB, log 1\.0 GiB, and a margin\)\nblocked: CRM: SOURCE_ENCRYPTED: it has a key/,
  );
});

test("one database is counted as one, on the terminal and on the page", async () => {
  const file = join(folder, "one.html");
  writeFileSync(baseline, baselineText([PLAIN_SERVER, { ...PLAIN_DATABASE, collation: "Latin1_General_BIN" }]));
  const { out } = await assess("--html", file);
  expect(out).toMatch(/^1 database: (1 ready, 0 need attention|0 ready, 1 needs attention), 0 blocked\n/);
  expect(readFileSync(file, "utf8")).not.toMatch(/>1<[^>]*>[^<]*<[^>]*>(databases|need attention)</);
});

test("JSON and page have the digest of the summary", async () => {
  const file = join(folder, "assessment.html");
  const json = await assess("--json", "--html", file);
  expect(JSON.parse(json.out)).toMatchObject({ format: "sqlserver-migration-assessment", totals: { blocked: 1 } });
  for (const text of [(await assess()).out, readFileSync(file, "utf8")]) expect(text).toContain(sha256Of(json.out));
});

test("backups: sizes from their headers, a missing one, and one that cannot be restored", async () => {
  const backups = join(folder, "backups");
  const put = (name: string, bytes: Uint8Array) => writeFileSync(join(backups, name), bytes);
  mkdirSync(backups);
  const erp = backupBytes({ databaseName: "ERP", type: "full" });
  put("erp.bak", erp);
  put("hr.bak", backupBytes({ databaseName: "HR", type: "full" }));
  const report = JSON.parse((await assess("--backups", backups, "--json")).out);
  const [crm, withBackup] = report.databases;
  expect(withBackup).toMatchObject({ database: "ERP", readiness: "ready", backupBytes: erp.length });
  expect(withBackup.backup).toContain("erp.bak");
  expect(crm.attention).toEqual([{ what: "none of the backups is of this database", remedy: "Back it up." }]);
  expect(report.leftOut).toEqual([{ file: expect.stringContaining("hr.bak"), reason: expect.stringContaining("HR") }]);
  put("erp.bak", erp.slice(0, 100_000));
  const cut = await assess("--backups", backups);
  expect(cut.out).toMatch(/\nblocked: ERP: \w+: /);
  expect(cut.err).toContain("BACKUP_TRUNCATED");
});

test.each(["empty", "gone"])("a folder of backups that is %s is an error", async (name) => {
  if (name === "empty") mkdirSync(join(folder, name));
  const { exit, err } = await assess("--backups", join(folder, name));
  expect(exit).toBe(1);
  expect(err).toMatch(/: error.*(empty|gone)/);
});

test("a given engine version decides what blocks", async () => {
  const { out } = await assess("--engine-version", "2014_std");
  expect(out).toMatch(/\nassessed for: 2014_std\n/);
  expect(out).toMatch(/\nblocked: ERP: SOURCE_NEWER: /);
});

test("a missing baseline is an error", async () => {
  rmSync(baseline);
  expect(await assess()).toMatchObject({ exit: 1, err: expect.stringContaining("BASELINE_MISSING") });
});

function pricesFile(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

test("the monthly cost is that of the cheapest item of each sufficient version and the disk, by the user's prices", async () => {
  const rows = [
    ...["2016_web large,month,300,USD", "2016_web,hour,0.1,USD", "2017_std,month,1,USD", "2019_web,month,50.5,USD"],
    "disk,GB-month,0.25,USD",
  ];
  const csv = ["\uFEFFitem,unit,price,currency", ...rows, ""].join("\r\n");
  const { exit, out } = await assess("--prices", pricesFile("prices.csv", csv));
  expect(exit).toBe(1);
  // 11 GiB: the 10.99 that are needed, rounded up.
  expect(out).toContain("monthly cost of 2016_web: 75.75 USD (2016_web 73.00, disk 11 GB 2.75)\n");
  expect(out).toContain("monthly cost of 2017_web: instance: no price given, disk 11 GB 2.75\n");
  expect(out).toContain("monthly cost of 2019_web: 53.25 USD (2019_web 50.50, disk 11 GB 2.75)\n");
  const members = rows
    .map((row) => row.split(","))
    .map(([item, unit, price, currency]) => ({ item, unit, price: Number(price), currency }));
  const page = join(folder, "page.html");
  const json = await assess("--prices", pricesFile("prices.json", JSON.stringify(members)), "--html", page);
  expect(json.out).toBe(out);
  expect(readFileSync(page, "utf8")).toContain("2016_web: 75.75 USD (2016_web 73.00, disk 11 GB 2.75)");
  expect((await assess()).out).not.toContain("monthly cost");
});

const HEAD = "item,unit,price,currency\n";
test.each([
  ["", "line 1: the columns are not item, unit, price, currency"],
  [HEAD, "the file: it has no price"],
  [`${HEAD}2016_web,month,1,200.50,USD`, "line 2: it has 5 fields, not 4"],
  [`${HEAD}2016_web,month,cheap,USD`, "line 2, price: it is not a number"],
  [`${HEAD}2016_web,month,,USD`, "line 2, price: it is not a number"],
  [`${HEAD}2016_web,month,-1,USD`, "line 2, price: it is negative"],
  [`${HEAD}2016_web,year,1,USD`, "line 2, unit: it is not month, hour, GB-month"],
  [`${HEAD}disk,month,1,USD`, "line 2, unit: GB-month is the unit of disk"],
  [`${HEAD}2016_web,month,1,$`, "line 2, currency: it is not three capital letters"],
  [`${HEAD}2016_web,month,1,USD\ndisk,GB-month,1,EUR`, "line 3: EUR differs from USD"],
  [`${HEAD}2016_web,month,1,USD\n2016_web,hour,1,USD`, "line 3: 2016_web has a price already"],
  ["[", "the file: it is not valid JSON"],
  ['[{"item":"disk"}]', "entry 1, unit: it is not month"],
])("the prices %j are refused with their place", async (text, message) => {
  const { exit, err } = await assess("--prices", pricesFile("prices", text));
  expect(exit).toBe(2);
  expect(err).toContain(`prices, ${message}`);
});

test("a file with prices that does not exist", async () => {
  const { exit, err } = await assess("--prices", join(folder, "gone.csv"));
  expect(exit).toBe(2);
  expect(err).toContain("gone.csv cannot be read");
});
