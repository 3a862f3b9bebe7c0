import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../provider/cli/sqlserver-migration";
import { sha256Of } from "../../../provider/report/canonical-json";
import { backupBytes } from "../../../testing/backup-writer/write-backup";
import { baselineText, PLAIN_CONTENTS, PLAIN_DATABASE, PLAIN_SERVER } from "../source/support/baseline-text";

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
  const out: string[] = [];
  const err: string[] = [];
  const exit = await main(["assess", baseline, ...args], {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    env: () => undefined,
  });
  return { exit, out: `${out.join("\n")}\n`, err: err.join("\n") };
}

test("the summary names readiness, the smallest destination, the disk and what blocks", async () => {
  const { exit, out, err } = await assess();
  expect([exit, err]).toEqual([1, ""]);
  expect(out).toMatch(
    /^2 databases: 1 ready, 0 need attention, 1 blocked\nsmallest sufficient destination: 2016_web \(SQL Server 2016\)\ndisk, at least: 11\.0 GiB \(data 9\.0 GiB, log 1\.0 GiB, and a margin\)\nblocked: CRM: SOURCE_ENCRYPTED: it has a key/,
  );
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

test("a given engine version decides what blocks", async () => {
  const { out } = await assess("--engine-version", "2014_std");
  expect(out).toMatch(/\nassessed for: 2014_std\n/);
  expect(out).toMatch(/\nblocked: ERP: SOURCE_NEWER: /);
});

test("a missing baseline is an error", async () => {
  rmSync(baseline);
  expect(await assess()).toMatchObject({ exit: 1, err: expect.stringContaining("BASELINE_MISSING") });
});
