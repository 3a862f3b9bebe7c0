import { rmSync, writeFileSync } from "node:fs";
import { readBackup } from "../../../provider/backup/read-backup";
import { openFileSource } from "../../../provider/backup-files/file-source";
import { Fixture, messages } from "../../../testing/fixture";

describe("a migration with its manifest entry", () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await Fixture.open();
  });
  afterEach(() => fixture.close());

  /** The entry that `bakinfo --manifest` would write, with the CRC64 of an upload. */
  async function entryOf(path: string, crc64: unknown) {
    const source = await openFileSource(path);
    const [set] = (await readBackup(source)).sets;
    await source.close();
    return {
      sizeBytes: source.sizeBytes,
      crc64: String(crc64),
      backupSetGuid: set?.BackupSetGUID ?? "",
      backupStartDate: set?.BackupStartDate ?? null,
      backupFinishDate: set?.BackupFinishDate ?? null,
    };
  }

  test("a machine without the file gets the same preview and uses the object that another one uploaded", async () => {
    const backup = await fixture.backup("erp.bak");
    const first = await fixture.up({ backup, wait: "submitted" });
    const manifest = await entryOf(backup, first.outputs.objectCrc64);
    rmSync(backup);
    await fixture.emulator.rds.removeDatabase({ instanceId: fixture.emulator.instanceId, name: "erp" });

    const args = { backup, databaseName: "erp2", manifest };
    const previewed = await fixture.preview(args);
    expect(previewed.failures).toEqual([]);
    expect(previewed.inputs.backupId).toBe(first.inputs.backupId);
    expect(messages(previewed.log, "info").join()).toContain("Its manifest entry is used");

    // The object has the first database's key, so this database's object is missing.
    await expect(fixture.up(args)).rejects.toThrow(/BACKUP_ONLY_IN_MANIFEST: .*erp2_FULL_\d{14}\.bak/s);
    const taken = await fixture.up({ backup, databaseName: "erp", manifest });
    expect(taken.outputs).toMatchObject({ objectKey: first.outputs.objectKey, dataAsOf: manifest.backupFinishDate });
    expect(taken.outputs).not.toHaveProperty("manifest"); // the state has it among the inputs
  });

  test("a file that differs from its entry is an error at preview", async () => {
    const backup = await fixture.backup("erp.bak");
    const manifest = { ...(await entryOf(backup, "1")), backupSetGuid: "00000000-0000-0000-0000-000000000001" };
    const { failures } = await fixture.preview({ backup, manifest });
    expect(failures.join()).toMatch(/BACKUP_NOT_AS_MANIFEST: .*differs in the BackupSetGUID: .* instead of 00000000/s);
  });

  test("a file whose content differs from its entry's CRC64 gets no task", async () => {
    const backup = await fixture.backup("erp.bak");
    const failed = await fixture.up({ backup, manifest: await entryOf(backup, "12345") });
    expect(failed.failed?.reasons.join()).toMatch(
      /BACKUP_NOT_AS_MANIFEST: .*differs in the CRC64: \d+ instead of 12345/s,
    );
    expect(await fixture.tasks()).toEqual([]);
  });

  test("an invalid entry is reported with its member", async () => {
    const path = await fixture.backup("erp.bak");
    writeFileSync(path, "");
    const { failures } = await fixture.preview({ backup: path, manifest: { sizeBytes: "many" } });
    expect(failures.join()).toContain("[manifest.sizeBytes]");
  });
});
