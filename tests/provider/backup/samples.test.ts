import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { BackupFile, BackupSet } from "../../../provider/backup/backup-file";
import { backupKindByLetter } from "../../../provider/backup/backup-type";
import { formatLsn } from "../../../provider/backup/lsn";
import { readBackup } from "../../../provider/backup/read-backup";
import { openFileSource } from "../../../provider/backup-files/file-source";
import { countingSource } from "./counting-source";
import { describeSamples, expectedRows, samplePath } from "./samples";

const ROWS = expectedRows();

async function readSample(file: string, deep = false) {
  const source = await openFileSource(samplePath(file));
  try {
    const counting = countingSource(source);
    return { backup: await readBackup(counting, { deep }), counting };
  } finally {
    await source.close();
  }
}

const lsn = (value: bigint | null): string => (value === null ? "None" : formatLsn(value));
const time = (value: string | null): string => (value ?? "").replace("T", " ");

/** The values that were read, in the format of expected.tsv. */
function asRow(file: string, backup: BackupFile, set: BackupSet): Record<string, string> {
  const letter = "DILFGPQ".split("").find((one) => backupKindByLetter(one)?.type === set.BackupType);
  return {
    file,
    bytes: String(backup.sizeBytes),
    sha256: createHash("sha256")
      .update(readFileSync(samplePath(file)))
      .digest("hex"),
    container: String(backup.container),
    db: String(set.DatabaseName),
    type: String(letter),
    server: String(set.ServerName),
    version: `${set.SoftwareVersionMajor}.${set.SoftwareVersionMinor}.${set.SoftwareVersionBuild}`,
    dbver: String(set.DatabaseVersion),
    start: time(set.BackupStartDate),
    finish: time(set.BackupFinishDate),
    first_lsn: lsn(set.FirstLSN),
    last_lsn: lsn(set.LastLSN),
    ckpt_lsn: lsn(set.CheckpointLSN),
    dbbackup_lsn: lsn(set.DatabaseBackupLSN),
    families: String(backup.media?.FamilyCount),
    family_seq: String(backup.media?.FamilySequenceNumber),
    flags: String(set.Flags),
    recovery: String(set.RecoveryModel),
    problems: backup.problems.map((problem) => problem.code).join() || "none",
  };
}

describeSamples("the real backups", () => {
  it("are the 35 of the table", () => {
    expect(ROWS).toHaveLength(35);
  });

  it.each(ROWS.map((row) => [row.file ?? "", row] as const))(
    "%s reads as the table says, in every column",
    async (file, row) => {
      const { backup, counting } = await readSample(file);
      const [set] = backup.sets;
      if (!set) throw new Error(`${file}: no backup set`);
      expect(asRow(file, backup, set)).toEqual(row);
      expect(backup.sets).toHaveLength(1);
      expect(counting.reads).toBeLessThanOrEqual(2);
    },
  );

  it.each(ROWS.map((row) => row.file ?? ""))(
    "%s has no damage that a walk through the whole file would find",
    async (file) => {
      const quick = await readSample(file);
      const deep = await readSample(file, true);
      expect(deep.backup).toEqual(quick.backup);
      expect(deep.counting.bytes).toBeGreaterThanOrEqual(deep.backup.sizeBytes);
    },
  );

  it("names the stripes as 1 of 2 and 2 of 2 of one media set", async () => {
    const first = (await readSample("stripes/RestoreTimeStripe.bak")).backup;
    const second = (await readSample("stripes/RestoreTimeStripe1.bak")).backup;
    expect([first.media?.FamilySequenceNumber, first.media?.FamilyCount]).toEqual([1, 2]);
    expect([second.media?.FamilySequenceNumber, second.media?.FamilyCount]).toEqual([2, 2]);
    expect(first.media?.MediaSetId).toBe(second.media?.MediaSetId);
    expect(first.sets[0]?.BackupSetGUID).toBe(second.sets[0]?.BackupSetGUID);
  });

  it("tells that a medium is password-protected and reads it all the same", async () => {
    const { backup } = await readSample("backuppassword/passwd.bak");
    expect(backup.media?.IsPasswordProtected).toBe(true);
    expect(backup.sets[0]?.DatabaseName).toBe("stripetest");
  });

  it("reads the database files as FILELISTONLY does", async () => {
    const { backup } = await readSample("compressed/TutorialDB.bak");
    expect(backup.sets[0]?.files).toEqual([
      { LogicalName: "TutorialDB", PhysicalName: "C:\\sql16r\\data\\TutorialDB.mdf", Type: "D", Size: 8388608 },
      { LogicalName: "TutorialDB_log", PhysicalName: "C:\\sql16r\\data\\TutorialDB_log.ldf", Type: "L", Size: 8388608 },
    ]);
    expect(backup.sets[0]?.BackupName).toBe("TutorialDB-Full Database Backup");
  });
});
