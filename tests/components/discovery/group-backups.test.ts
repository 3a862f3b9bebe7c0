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

const specOf = (seed: string, spec: Partial<BackupSpec>): BackupSpec => ({
  ...{ seed, databaseName: "erp", type: "full", ...SMALL },
  ...spec,
});

const entry = (file: string, spec: Partial<BackupSpec> = {}, cutAt?: number): Promise<BakinfoEntry> =>
  entryOf(file, backupBytes(specOf(file, spec)), cutAt);

/** A file with one set for each spec. */
const setsIn = (file: string, ...specs: Partial<BackupSpec>[]): Promise<BakinfoEntry> =>
  entryOf(file, backupBytes(specs.map((spec, index) => specOf(`${file}${index}`, spec))));

async function entryOf(file: string, bytes: Uint8Array, cutAt?: number): Promise<BakinfoEntry> {
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

describe("a file with several sets", () => {
  const LOG = { type: "log" } as const;

  test("counts for each of its databases: one without another backup keeps its finding with file and set", async () => {
    const files = [
      await setsIn("all.bak", { databaseName: "A" }, { databaseName: "B" }),
      await entry("a.bak", { databaseName: "A" }),
    ];
    const { databases } = groupBackups(files, FULL_ONLY);
    expect(databases).toEqual([
      { database: "A", backup: "a.bak" },
      {
        database: "B",
        backup: "all.bak",
        fault: expect.stringMatching(
          /^CHAIN_NO_FULL: .*B has no.*all\.bak holds 2 backup sets \(of this database: set 2\)/s,
        ),
      },
    ]);
    expect(skipped(files)).toEqual([
      expect.stringMatching(/^all\.bak holds 2 backup sets \(of this database: set 1\)/),
    ]);
  });

  test("does not hide a database behind the first set", async () => {
    const files = [
      await setsIn("all.bak", { databaseName: "A", ...LOG }, { databaseName: "B" }),
      await entry("a.bak", { databaseName: "A" }),
    ];
    expect(
      groupBackups(files, FULL_ONLY).databases.map(({ database, fault }) => [database, fault?.slice(0, 14)]),
    ).toEqual([
      ["A", undefined],
      ["B", "CHAIN_NO_FULL:"],
    ]);
  });

  test("with appended logs only is no fault where no increments are taken", async () => {
    const files = [await entry("erp.bak"), await setsIn("erp.trn", LOG, LOG)];
    expect(groupBackups(files, FULL_ONLY)).toEqual({
      databases: [{ database: "erp", backup: "erp.bak" }],
      skipped: [
        {
          file: "erp.trn",
          cause: "increment",
          reason: "is a log backup; only the full one is taken, because no phase is set for erp",
        },
      ],
    });
  });
});

describe("a newer full backup that cannot be restored", () => {
  const newer = { startDate: "2024-05-02T02:00:00", familyGuid: undefined };

  test.each([
    ["is cut off", () => entry("new.bak", newer, 12_000), "BACKUP_TRUNCATED"],
    ["is a stripe", () => entry("new.bak", { ...newer, family: { count: 2, sequence: 1 } }), "stripe 1 of 2"],
    ["has two sets", () => setsIn("new.bak", newer, { databaseName: "crm" }), "holds 2 backup sets"],
    ["has no header", () => notABackup("erp_FULL_20240502020000.bak"), "BACKUP_FOREIGN"],
  ])("is an error beside an older one when it %s, with both files and times", async (_what, make, fault) => {
    const { databases } = groupBackups([await entry("old.bak"), await make()], FULL_ONLY);
    const erp = databases.find(({ database }) => database === "erp");
    expect(erp?.backup).toBe("old.bak");
    expect(erp?.fault).toMatch(/^BACKUP_NEWER_UNFIT: .*2024-05-02 02:00:00 .*old\.bak of 2024-05-01 02:00:00/s);
    expect(erp?.fault).toContain(fault);
  });

  test("is no fault when a newer sound one, or increments with newer data, are taken", async () => {
    const cut = await entry("b.bak", newer, 12_000);
    const last = await entry("c.bak", { startDate: "2024-05-03T02:00:00", lastLsn: 34000000106000009n });
    expect(groupBackups([await entry("a.bak"), cut, last], FULL_ONLY).databases[0]?.fault).toBeUndefined();
    const [full, log] = await series("erp", ["full", "log"]);
    if (!full || !log) throw new Error("not written");
    const early = await entry("early.bak", { startDate: "2024-05-01T02:00:30" }, 12_000);
    expect(groupBackups([full, log, early], ALL).databases[0]).toEqual({
      ...{ database: "erp", backup: "erp-0.bak", increments: ["erp-1.bak"] },
    });
  });
});

test("foreign files, and increments without their full backup, are skipped", async () => {
  const [, log] = await series("crm", ["full", "log"]);
  const files = [await notABackup("final.bak"), ...(log ? [log] : []), await entry("erp.bak")];
  expect(chosen(files)).toEqual(["erp: erp.bak"]);
  expect(skipped(files)).toEqual([
    "crm-1.bak is a backup of crm, of which there is no full backup here",
    expect.stringMatching(/^final\.bak is not a SQL Server backup\. The file is .*\(BACKUP_FOREIGN\)$/),
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
