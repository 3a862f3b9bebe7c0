import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../../engine/engine";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { engines, everyEngine } from "../scenarios/harness";
import { recordRun } from "../support/engine-runs";

jest.setTimeout(240_000);

const ROOT = join(__dirname, "..", "..");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "demo-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function backup(databaseName: string): Promise<string> {
  const path = join(folder, `${databaseName}.bak`);
  await writeBackupFile(path, { databaseName, type: "full", dataBytes: 65_536 });
  return path;
}

/** Runs the compiled demo; returns its exit status and the last line, which is JSON. */
function demo(name: Engine["name"], ...files: string[]) {
  recordRun(name);
  const script = join(ROOT, "dist", "examples", "demo", "demo.js");
  const args = [script, "--json", "--engine", name, ...files];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  const result: unknown = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  return { status, result, stdout };
}

describe.each(everyEngine)("with $name", ({ name }) => {
  test("the demo migrates its three backups and previews no further change", () => {
    const { status, result } = demo(name);
    expect(status).toBe(0);
    expect(result).toEqual({
      engine: name,
      databases: ["Müller & Söhne", "Shop", "Warehouse"].map((each) => ({
        name: each,
        status: "online",
        findings: [],
      })),
      findings: [],
      secondPreview: { changes: 0 },
    });
  });
});

describe.each(engines)("with $name", ({ name }) => {
  test("the JSON line after a failed preview has every database with its finding", async () => {
    const crm = await backup("crm");
    const erp = await backup("erp");
    truncateSync(erp, 40_000);
    const { status, result, stdout } = demo(name, crm, erp);
    expect(status).toBe(1);
    expect(result).toEqual({
      engine: name,
      databases: [
        { name: "crm", status: "notMigrated", findings: [] },
        {
          ...{ name: "erp", status: "notMigrated" },
          findings: [
            { code: "BACKUP_TRUNCATED", message: expect.stringMatching(/erp\.bak is cut off at 40000 bytes\./) },
          ],
        },
      ],
      findings: [
        { code: "INSTANCE_FINDINGS", message: expect.stringContaining("1 of 2 databases cannot be migrated") },
      ],
      secondPreview: null,
    });
    expect(stdout).toMatch(/erp\s+│ notMigrated │.*│ BACKUP_TRUNCATED/);
  });

  test("a backup that the discovery cannot read has its finding, and so have the others", async () => {
    const crm = await backup("crm");
    const gone = join(folder, "gone.bak");
    const { status, result } = demo(name, crm, gone);
    expect(status).toBe(1);
    expect(result).toMatchObject({
      databases: [
        { name: crm, status: "notMigrated", findings: [{ code: "BACKUPS_UNREADABLE" }] },
        { name: gone, status: "notMigrated", findings: [{ code: "BACKUP_MISSING" }] },
      ],
      findings: [{ code: "BACKUPS_UNREADABLE", message: expect.stringContaining("gone.bak cannot be read") }],
    });
  });

  test("a file that is no backup is in the JSON line beside the migrated databases", async () => {
    const junk = join(folder, "junk.bak");
    writeFileSync(junk, "PGDMP is not a backup of SQL Server");
    const { status, result } = demo(name, await backup("crm"), junk);
    expect(status).toBe(1);
    expect(result).toMatchObject({
      databases: [
        { name: "crm", status: "online", findings: [] },
        { name: junk, status: "notMigrated", findings: [{ code: "BACKUP_FOREIGN" }] },
      ],
      secondPreview: { changes: 0 },
    });
  });
});
