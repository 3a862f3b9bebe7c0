import fc from "fast-check";
import { type GroupOptions, groupBackups } from "../../../components/discovery/group-backups";
import type { BakinfoEntry } from "../../../provider/backup/bakinfo-entry";
import { readBackup } from "../../../provider/backup/read-backup";
import { backupSeries } from "../../../testing/backup-writer/backup-series";
import { type BackupSpec, backupBytes } from "../../../testing/backup-writer/write-backup";
import { bufferSource } from "../../../testing/buffer-source";

const SMALL = { dataBytes: 8192, logBytes: 512 };
const FULL_ONLY: GroupOptions = { wantsIncrements: () => false, incrementsOf: (files) => [...files] };
const ALL: GroupOptions = { wantsIncrements: () => true, incrementsOf: (files) => [...files] };

async function entry(file: string, spec: Partial<BackupSpec> = {}, cutAt?: number): Promise<BakinfoEntry> {
  const bytes = backupBytes({ seed: file, databaseName: "erp", type: "full", ...SMALL, ...spec });
  const source = bufferSource(file, cutAt === undefined ? bytes : bytes.subarray(0, cutAt));
  return { file, backup: await readBackup(source), warnings: [] };
}

async function notABackup(file: string): Promise<BakinfoEntry> {
  return {
    file,
    backup: await readBackup(bufferSource(file, Buffer.from("PK\u0003\u0004 and so on".padEnd(8192)))),
    warnings: [],
  };
}

async function series(databaseName: string, types: BackupSpec["type"][]): Promise<BakinfoEntry[]> {
  const specs = backupSeries({ databaseName, startDate: "2024-05-01T02:00:00", ...SMALL }, types);
  return Promise.all(specs.map((spec, index) => entry(`${databaseName}-${index}.bak`, spec)));
}

const chosen = (files: BakinfoEntry[], options = FULL_ONLY) =>
  groupBackups(files, options).databases.map(({ database, backup }) => `${database}: ${backup}`);
const skipped = (files: BakinfoEntry[], options = FULL_ONLY) =>
  groupBackups(files, options).skipped.map(({ file, reason }) => `${file} ${reason}`);

test("the newest full backup is used; differentials and logs are skipped, each with a reason", async () => {
  const files = await series("erp", ["full", "log", "full", "differential", "log"]);
  expect(chosen(files)).toEqual(["erp: erp-2.bak"]);
  expect(skipped(files)).toEqual([
    expect.stringMatching(/^erp-0\.bak is another full backup; erp-2\.bak reaches a newer LSN/),
    "erp-1.bak is a log backup; only the full one is taken, because no phase is set for erp",
    "erp-3.bak is a differential backup; only the full one is taken, because no phase is set for erp",
    "erp-4.bak is a log backup; only the full one is taken, because no phase is set for erp",
  ]);
});

test("a database that takes increments gets them, and the full backup from which they reach furthest", async () => {
  const files = await series("erp", ["full", "log", "log"]);
  const { databases, skipped: left } = groupBackups(files, ALL);
  expect(databases).toEqual([{ database: "erp", backup: "erp-0.bak", increments: ["erp-1.bak", "erp-2.bak"] }]);
  expect(left).toEqual([]);
});

test("a database whose only full backup is unusable stays in the result, so that its migration reports why", async () => {
  const whole = backupBytes({ seed: "erp.bak", databaseName: "erp", type: "full", ...SMALL });
  expect(chosen([await entry("erp.bak", {}, whole.length - 4096)])).toEqual(["erp: erp.bak"]);
  expect(chosen([await entry("erp.bak", { family: { count: 2, sequence: 1 } })])).toEqual(["erp: erp.bak"]);
  expect(chosen([await notABackup("crm_FULL_20240501020000.bak")])).toEqual(["crm: crm_FULL_20240501020000.bak"]);
});

test("an unusable full backup beside a usable one is skipped with a reason", async () => {
  const files = [await entry("erp-1.bak"), await entry("erp-2.bak", { family: { count: 2, sequence: 1 } })];
  expect(chosen(files)).toEqual(["erp: erp-1.bak"]);
  expect(skipped(files)).toEqual(["erp-2.bak is stripe 1 of 2; a migration task takes one object per database"]);
});

test("foreign files, and increments without their full backup, are skipped", async () => {
  const [, log] = await series("crm", ["full", "log"]);
  const files = [await notABackup("final.bak"), ...(log ? [log] : []), await entry("erp.bak")];
  expect(chosen(files)).toEqual(["erp: erp.bak"]);
  expect(skipped(files)).toEqual([
    "crm-1.bak is a backup of crm, of which there is no full backup here",
    expect.stringMatching(/^final\.bak is not a backup of a database \(BACKUP_FOREIGN\)$/),
  ]);
});

test("two databases of one name, from two servers, are a fault that names both", async () => {
  const files = [await entry("a.bak", { serverName: "SQL01" }), await entry("b.bak", { serverName: "SQL02" })];
  const { databases } = groupBackups(files, FULL_ONLY);
  expect(databases).toEqual([
    { database: "erp", backup: expect.any(String), fault: expect.stringMatching(/^CHAIN_FAMILIES: .*SQL01.*SQL02/s) },
  ]);
});

test("names that differ in case only are one database", async () => {
  const files = [
    await entry("1.bak", { databaseName: "ERP", familyGuid: "11111111-1111-1111-1111-111111111111" }),
    await entry("2.bak", {
      databaseName: "erp",
      startDate: "2024-05-02T02:00:00",
      familyGuid: "11111111-1111-1111-1111-111111111111",
    }),
  ];
  expect(groupBackups(files, FULL_ONLY).databases).toHaveLength(1);
});

test("the order of the files does not matter, and one more file does not change the other databases", async () => {
  const files = [
    ...(await series("erp", ["full", "log", "full"])),
    ...(await series("crm", ["full", "differential"])),
    await entry("web.bak", { databaseName: "web" }),
    await notABackup("x.bak"),
  ];
  const added = await entry("hr.bak", { databaseName: "hr" });
  const expected = groupBackups(files, FULL_ONLY);
  fc.assert(
    fc.property(fc.shuffledSubarray(files, { minLength: files.length }), fc.nat(files.length), (shuffled, at) => {
      expect(groupBackups(shuffled, FULL_ONLY)).toEqual(expected);
      const more = groupBackups(shuffled.toSpliced(at, 0, added), FULL_ONLY);
      expect(more.databases.filter(({ database }) => database !== "hr")).toEqual(expected.databases);
      expect(more.databases).toHaveLength(expected.databases.length + 1);
    }),
    { numRuns: 40 },
  );
});
