import fc from "fast-check";
import { compareBackupName, parseBackupName } from "../../../provider/backup/backup-name";
import { objectNameFor } from "../../../provider/backup/object-name";
import { readWritten } from "./recorded-backups";

describe("parseBackupName", () => {
  it.each([
    ["ERP_FULL_20240501020000.bak", "vendor", "ERP", 1, "2024-05-01T02:00:00"],
    ["My_Data_base_LOG_20240501020000.bak", "vendor", "My_Data_base", 2, "2024-05-01T02:00:00"],
    ["SRV$INST_ERP_DIFF_20240501_020000.bak", "olaHallengren", "SRV$INST_ERP", 5, "2024-05-01T02:00:00"],
    ["SRV_ERP_LOG_20240501_020000.trn", "olaHallengren", "SRV_ERP", 2, "2024-05-01T02:00:00"],
    ["SRV_ERP_FULL_COPY_ONLY_20240501_020000_3.bak", "olaHallengren", "SRV_ERP", 1, "2024-05-01T02:00:00"],
    ["ERP_backup_2024_05_01_020000_1234567.bak", "maintenancePlan", "ERP", null, "2024-05-01T02:00:00"],
    ["ERP_backup_2024_05_01_020000_1234567.trn", "maintenancePlan", "ERP", 2, "2024-05-01T02:00:00"],
    ["ERP_backup_202405010200.dif", "maintenancePlan", "ERP", 5, "2024-05-01T02:00:00"],
    ["ERP_202405010200.bak", "dbatools", "ERP", null, "2024-05-01T02:00:00"],
    ["ERP_202405010200-2-of-4.bak", "dbatools", "ERP", null, "2024-05-01T02:00:00"],
    ["AdventureWorks2019.bak", "none", "AdventureWorks2019", null, null],
    ["ERP_FULL_20241399999999.bak", "none", "ERP_FULL_20241399999999", null, null],
  ])("parses %s", (file, convention, subject, type, time) => {
    expect(parseBackupName(`D:\\backups\\${file}`)).toMatchObject({ convention, subject, type, time });
  });

  it("reads stripes and copy-only from names that contain them", () => {
    expect(parseBackupName("SRV_ERP_FULL_COPY_ONLY_20240501_020000_3.bak")).toMatchObject({
      isCopyOnly: true,
      stripe: 3,
    });
    expect(parseBackupName("ERP_202405010200-2-of-4.bak")).toMatchObject({ stripe: 2 });
  });

  it("never throws, whatever the file name is", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => parseBackupName(name).subject.length >= 0));
  });
});

describe("compareBackupName", () => {
  const set = async () => {
    const { backup } = await readWritten("x", {
      databaseName: "ERP",
      type: "differential",
      startDate: "2024-05-01T02:03:04",
    });
    const [found] = backup.sets;
    if (!found) throw new Error("not read");
    return found;
  };

  it.each(["ERP_DIFF_20240501020304.bak", "SRV$I_ERP_DIFF_20240501_015900.bak", "final.bak", "erp_202405010200.bak"])(
    "has no warning for %s",
    async (file) => expect(compareBackupName(file, await set())).toBeUndefined(),
  );

  it("warns of a wrong database, type and time, with both values", async () => {
    const warning = compareBackupName("CRM_FULL_20220501020304.bak", await set());
    expect(warning?.code).toBe("BACKUP_NAME_DIFFERS");
    for (const part of ["CRM", "ERP", "full", "database differential", "2022-05-01", "2024-05-01"]) {
      expect(warning?.message).toContain(part);
    }
  });

  it("warns of a full backup with the extension .trn", async () => {
    expect(compareBackupName("ERP.trn", await set())?.message).toContain("log against database differential");
  });
});

describe("objectNameFor", () => {
  const set = { DatabaseName: "ERP", BackupType: 1, BackupStartDate: "2024-05-01T02:03:04" } as const;

  it("follows the vendor's rule", () => {
    expect(objectNameFor(set, "whatever.bak")).toBe("ERP_FULL_20240501020304.bak");
    expect(objectNameFor({ ...set, BackupType: 2 }, "log.trn")).toBe("ERP_LOG_20240501020304.bak");
    expect(objectNameFor({ ...set, BackupType: 5 }, "x.diff")).toBe("ERP_DIFF_20240501020304.bak");
  });

  it("falls back to the file's own name without a header, and always ends in .bak", () => {
    expect(objectNameFor(undefined, "C:\\backups\\erp.BAK")).toBe("erp.bak");
    expect(objectNameFor(undefined, "/backups/erp.trn")).toBe("erp.trn.bak");
    expect(objectNameFor({ ...set, DatabaseName: null }, "erp.trn")).toBe("erp.trn.bak");
  });

  it("keeps names distinct that differ only in replaced characters", () => {
    const names = ["销售", "库存", "a b", "a_b", "a|b", "a@b", "a:b", "ä", "ae"].map((DatabaseName) =>
      objectNameFor({ ...set, DatabaseName }, ""),
    );
    expect(new Set(names).size).toBe(names.length);
    expect(objectNameFor({ ...set, DatabaseName: "a b" }, "")).toMatch(/^a_b_[0-9a-f]{8}_FULL_20240501020304\.bak$/);
  });

  it("is stable, accepted by the vendor's rule, and different for different databases", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: "grapheme" }),
        fc.string({ minLength: 1, unit: "grapheme" }),
        (one, other) => {
          const name = objectNameFor({ ...set, DatabaseName: one }, "");
          expect(name).toMatch(/^[A-Za-z0-9._-]+_FULL_\d{14}\.bak$/);
          expect(objectNameFor({ ...set, DatabaseName: one }, "")).toBe(name);
          expect(objectNameFor({ ...set, DatabaseName: other }, "") === name).toBe(one === other);
        },
      ),
    );
  });
});
