import { BACKUP_TYPES } from "../../../provider/backup/backup-file";
import { describeType } from "../../../provider/backup/backup-type";
import { describeReason } from "../../../provider/backup/left-out";

test("every backup type has words with an article", () => {
  expect(BACKUP_TYPES.map(describeType)).toEqual([
    "a database backup",
    "a transaction log backup",
    "a file or filegroup backup",
    "a database differential backup",
    "a file differential backup",
    "a partial backup",
    "a partial differential backup",
  ]);
});

test.each([null, undefined])("a type of %s is unknown", (type) => {
  expect(describeReason({ kind: "otherType", type })).toBe(
    "is a backup of an unknown type, which a migration task does not take",
  );
});
