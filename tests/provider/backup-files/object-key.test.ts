import fc from "fast-check";
import { readBackup } from "../../../provider/backup/read-backup";
import { normaliseFolder, objectKeyFor } from "../../../provider/backup-files/object-key";
import { requireAllowedKey } from "../../../provider/model/location";
import { backupBytes } from "../../../testing/backup-writer/write-backup";
import { bufferSource } from "../../../testing/buffer-source";

const contentOf = (databaseName: string) =>
  readBackup(bufferSource("a.bak", backupBytes({ databaseName, type: "full", dataBytes: 8192, logBytes: 512 })));

test("has the name on the instance and the start time in the header", async () => {
  const backup = { content: await contentOf("source"), fileName: "whatever.bak" };
  expect(objectKeyFor(backup, "erp", "2026/may/")).toBe("2026/may/erp_FULL_20240501020000.bak");
  expect(objectKeyFor(backup, undefined, undefined)).toBe("source_FULL_20240501020000.bak");
});

test.each([
  [undefined, ""],
  ["", ""],
  ["/", ""],
  ["//", ""],
  ["a", "a/"],
  ["/a/b/", "a/b/"],
])("the folder %j is the prefix %j", (folder, prefix) => {
  expect(normaliseFolder(folder)).toBe(prefix);
});

test("every database name gives a key that RDS accepts, and different names give different keys", async () => {
  const content = await contentOf("source");
  const name = fc.oneof(
    fc.string({ minLength: 1, maxLength: 100 }),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
  );
  fc.assert(
    fc.property(name, name, (one, other) => {
      const [first, second] = [one, other].map((each) => objectKeyFor({ content, fileName: "a.bak" }, each, "f"));
      expect(() => requireAllowedKey("folder", first ?? "")).not.toThrow();
      if (one !== other) expect(first).not.toBe(second);
    }),
  );
});
