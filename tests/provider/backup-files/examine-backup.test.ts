import { readBackup } from "../../../provider/backup/read-backup";
import { nameOfDatabase } from "../../../provider/backup-files/examine-backup";
import { writtenSource } from "../../../testing/backup-writer/write-backup";
import { Fixture } from "../../../testing/fixture";

async function examined(fileName: string, DatabaseName: string | null) {
  const content = await readBackup(writtenSource(fileName, { databaseName: "erp", type: "full" }));
  const sets = content.sets.map((set) => ({ ...set, DatabaseName }));
  return { name: fileName, fileName, sizeBytes: content.sizeBytes, content: { ...content, sets } };
}

test.each([
  ["crm_FULL_20240501020000.bak", "erp", "erp"],
  ["crm_FULL_20240501020000.bak", null, "crm"],
  ["a_b_FULL_20240501020000.bak", null, "a_b"],
  ["crm.bak", null, undefined],
])("%s with %s in its header is of the database %s", async (fileName, inHeader, name) => {
  expect(nameOfDatabase(await examined(fileName, inHeader))).toBe(name);
});

test("a backup without a database name requires databaseName, and is migrated with it", async () => {
  const fixture = await Fixture.open();
  try {
    const backup = await fixture.backup("nightly.bak", { databaseName: "" });
    const { failures } = await fixture.preview({ backup });
    expect(failures).toEqual([expect.stringMatching(/^DATABASE_NAME_UNKNOWN: .*nightly\.bak .*Set databaseName/s)]);
    expect((await fixture.preview({ backup, databaseName: "erp" })).failures).toEqual([]);
  } finally {
    await fixture.close();
  }
});
