import { readFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBackup } from "../../../provider/backup/read-backup";
import { openFileSource } from "../../../provider/backup-files/file-source";
import { specimens } from "../../../testing/backup-writer/specimens";
import { type BackupSpec, backupBytes, writeBackup, writtenSource } from "../../../testing/backup-writer/write-backup";
import { writeBackupFile } from "../../../testing/backup-writer/write-backup-file";
import { bufferSource } from "../../../testing/buffer-source";
import { describeSamples, samplePath } from "../../provider/backup/samples";

/** Blocks and streams in their order: name, offset, length. Written for this test alone, so that reader and writer cannot agree on a mistake. */
function structureOf(bytes: Buffer): [string, number, number][] {
  const found: [string, number, number][] = [];
  for (let at = 0; at < bytes.length; ) {
    const block = bytes.toString("latin1", at, at + 4);
    const fixed = bytes.readUInt16LE(at + 8);
    found.push([block, at, fixed]);
    let stream = at + fixed;
    if (block === "SFMB") {
      at = stream;
      continue;
    }
    for (let id = ""; id !== "SPAD"; ) {
      id = bytes.toString("latin1", stream, stream + 4);
      const length = 22 + Number(bytes.readBigUInt64LE(stream + 8));
      found.push([id, stream, length]);
      at = stream + length;
      stream = Math.ceil(at / 4) * 4;
    }
  }
  return found;
}

/** A spec that says what a real backup says. */
async function specOf(bytes: Buffer, more: Partial<BackupSpec>): Promise<BackupSpec> {
  const { media, sets } = await readBackup(bufferSource("real", bytes));
  const [set] = sets;
  if (!set || !media) throw new Error("not read");
  return {
    databaseName: set.DatabaseName ?? "",
    type: set.BackupType === 1 ? "full" : set.BackupType === 2 ? "log" : "differential",
    serverName: set.ServerName ?? "",
    userName: set.UserName ?? "",
    softwareVersion: {
      major: set.SoftwareVersionMajor ?? 0,
      minor: set.SoftwareVersionMinor ?? 0,
      build: set.SoftwareVersionBuild ?? 0,
    },
    startDate: set.BackupStartDate ?? "",
    finishDate: set.BackupFinishDate ?? "",
    databaseCreationDate: set.DatabaseCreationDate ?? "",
    firstLsn: set.FirstLSN ?? 0n,
    lastLsn: set.LastLSN ?? 0n,
    checkpointLsn: set.CheckpointLSN ?? 0n,
    databaseBackupLsn: set.DatabaseBackupLSN,
    backupSetGuid: set.BackupSetGUID ?? "",
    differentialBaseGuid: set.DifferentialBaseGUID,
    familyGuid: set.FamilyGUID ?? "",
    forks: set.forks,
    mediaSetGuid: media.MediaSetId ?? "",
    files: set.files,
    ...more,
  };
}

/** What the writer makes up: ids, the time zone, the drive letter, sizes of log files that are not there. */
const MADE_UP: Readonly<Record<string, readonly number[]>> = {
  TAPE: [0x34, 0x35, 0x36, 0x37],
  SSET: [0x5f],
  VOLB: [0x49],
  MSTL: [0x3d, 0x45, 0x61, 0x62, 0x69, 0x6a],
};
const CONTENTS = ["MQCI", "MQDA", "MQTL", "TSMP"];

describeSamples("the writer against real backups", () => {
  it.each([
    ["test_FULL_20160629_141300.bak", 184 * 8192, 65536],
    ["test_DIFF_20160629_141600.bak", 32 * 8192, 65536],
    ["test_LOG_20160629_141400.trn", 0, 65536],
    ["test_LOG_20160629_141500.trn", 0, 0],
  ])(
    "puts every block and stream of %s where SQL Server put it, byte for byte but for what is made up",
    async (file, dataBytes, logBytes) => {
      const real = readFileSync(samplePath(`ola-chain/${file}`));
      const written = Buffer.from(backupBytes(await specOf(real, { dataBytes, logBytes })));
      expect(structureOf(written)).toEqual(structureOf(real));
      const differing = structureOf(real).flatMap(([name, at, length]) => {
        if (CONTENTS.includes(name)) return [];
        // The checksum differs with what it covers.
        const allowed = [...(MADE_UP[name] ?? []), 0x32, 0x33];
        const offsets = Array.from({ length }, (_, offset) => offset);
        return offsets
          .filter((offset) => real[at + offset] !== written[at + offset] && !allowed.includes(offset))
          .map((offset) => `${name} at ${at} + ${offset}`);
      });
      expect(differing).toEqual([]);
    },
  );

  it("what it writes reads as the real backup reads", async () => {
    const real = readFileSync(samplePath("ola-chain/test_DIFF_20160629_141600.bak"));
    const written = backupBytes(await specOf(real, { dataBytes: 32 * 8192, logBytes: 65536 }));
    expect(await readBackup(bufferSource("same", written))).toEqual(await readBackup(bufferSource("same", real)));
  });
});

describe("writeBackup", () => {
  it("writes the same bytes for the same spec, and others for another", () => {
    const spec = { databaseName: "ERP", type: "full" } as const;
    expect(Buffer.compare(backupBytes(spec), backupBytes(spec))).toBe(0);
    expect(Buffer.compare(backupBytes(spec), backupBytes({ ...spec, seed: "other" }))).not.toBe(0);
  });

  it("gives every field back that a spec can set", async () => {
    const spec: BackupSpec = {
      databaseName: "销售 ERP",
      type: "differential",
      serverName: "HOST\\INST",
      userName: "HOST\\dba",
      backupName: "nightly",
      backupDescription: "before the move",
      mediaName: "tape one",
      softwareVersion: { major: 16, minor: 0, build: 4135 },
      startDate: "2024-02-29T23:59:58",
      finishDate: "2024-03-01T00:10:00",
      recoveryModel: "BULK-LOGGED",
      isReadOnly: true,
      isSingleUser: true,
      isDamaged: true,
      hasBackupChecksums: true,
      files: [
        { LogicalName: "a", PhysicalName: "D:\\a.mdf", Type: "D", Size: 8192 },
        { LogicalName: "b", PhysicalName: "D:\\b.ndf", Type: "D", Size: 2 ** 40 },
        { LogicalName: "c", PhysicalName: "E:\\c.ldf", Type: "L", Size: 4096 },
        { LogicalName: "d", PhysicalName: "E:\\d", Type: "S", Size: 0 },
      ],
    };
    const { media, sets, problems } = await readBackup(bufferSource("x", backupBytes(spec)));
    expect(problems).toEqual([]);
    expect(media).toMatchObject({ MediaName: "tape one", FamilyCount: 1, SoftwareName: "Microsoft SQL Server" });
    expect(sets[0]).toMatchObject({
      DatabaseName: "销售 ERP",
      BackupType: 5,
      ServerName: "HOST\\INST",
      MachineName: "HOST",
      UserName: "HOST\\dba",
      BackupName: "nightly",
      BackupDescription: "before the move",
      SoftwareVersionMajor: 16,
      SoftwareVersionBuild: 4135,
      DatabaseVersion: 957,
      CompatibilityLevel: 160,
      BackupStartDate: "2024-02-29T23:59:58",
      BackupFinishDate: "2024-03-01T00:10:00",
      RecoveryModel: "BULK-LOGGED",
      IsCopyOnly: false,
      IsReadOnly: true,
      IsSingleUser: true,
      IsDamaged: true,
      HasBackupChecksums: true,
      HasNoRecovery: false,
      files: spec.files,
    });
  });

  it.each([
    ["a plain full", {}, false],
    ["a copy-only full", { isCopyOnly: true }, true],
    ["a copy-only full of a read-only database, which shows no sign", { isCopyOnly: true, isReadOnly: true }, null],
  ])("lets %s be told by its differential base", async (_what, more, expected) => {
    const bytes = backupBytes({ databaseName: "ERP", type: "full", ...more });
    expect((await readBackup(bufferSource("x", bytes))).sets[0]?.IsCopyOnly).toBe(expected);
  });

  it("makes any range of a backup of any size, equal to the whole where that fits", async () => {
    const spec = { databaseName: "ERP", type: "full", dataBytes: 40_000 } as const;
    const whole = backupBytes(spec);
    const source = writtenSource("x", spec);
    expect(source.sizeBytes).toBe(whole.length);
    for (const [start, end] of [
      [0, 100],
      [8000, 30_000],
      [whole.length - 9, whole.length],
      [500, 500],
    ] as const) {
      expect(Buffer.compare(await source.read(start, end), whole.subarray(start, end))).toBe(0);
    }
    await expect(source.read(0, whole.length + 1)).rejects.toThrow(RangeError);
    expect([...writeBackup(spec)].length).toBeGreaterThan(5);
  });

  it("refuses an empty list of sets", () => {
    expect(() => backupBytes([])).toThrow(RangeError);
  });
});

describe("writeBackupFile", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "backup-writer-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("writes what writeBackup yields, and a sparse file of the same structure", async () => {
    const spec = { databaseName: "ERP", type: "full" } as const;
    await writeBackupFile(join(folder, "a.bak"), spec);
    expect(Buffer.compare(readFileSync(join(folder, "a.bak")), backupBytes(spec))).toBe(0);
    await writeBackupFile(join(folder, "b.bak"), spec, { sparse: true });
    expect((await stat(join(folder, "b.bak"))).size).toBe(backupBytes(spec).length);
    const source = await openFileSource(join(folder, "b.bak"));
    expect((await readBackup(source)).problems).toEqual([]);
    await source.close();
  });
});

describe("the specimens", () => {
  it.each(specimens().map((specimen) => [specimen.file, specimen] as const))(
    "%s reads as what it is",
    async (file, specimen) => {
      const source = bufferSource(file, specimen.bytes());
      const quick = (await readBackup(source)).problems;
      const deep = (await readBackup(source, { deep: true })).problems;
      expect(deep[0]?.code).toBe(specimen.problem);
      expect(quick[0]?.code).toBe(specimen.foundOnlyDeep ? undefined : specimen.problem);
      for (const problem of quick) expect(problem.message).toContain(file);
    },
  );
});
