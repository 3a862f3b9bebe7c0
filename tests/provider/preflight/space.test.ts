import fc from "fast-check";
import type { InstanceFacts } from "../../../provider/aliyun/rds-api";
import { backupOfEntry } from "../../../provider/backup-files/backup-of-entry";
import type { ManifestFacts } from "../../../provider/model/manifest-facts";
import type { NewDatabase } from "../../../provider/model/new-database";
import { checkCount, checkSpace, sizesOf } from "../../../provider/preflight/space";

const GIB = 2 ** 30;
const instanceWith = (facts: Partial<InstanceFacts>): InstanceFacts => ({
  ...{ instanceId: "rm-1", engine: "SQLServer", engineVersion: "2022_std_ha", status: "Running", lockMode: "Unlock" },
  ...{ type: "Primary", region: "cn-hangzhou", storageBytes: 100 * GIB, usedBytes: 0, maxDatabases: 10 },
  ...facts,
});
const added = (database: string, dataGib: number, logGib = 0, backupGib = 0): NewDatabase => ({
  database,
  ...{ dataBytes: dataGib * GIB, logBytes: logGib * GIB, backupBytes: backupGib * GIB },
});
const spaceCodes = (declared: NewDatabase[], facts: Partial<InstanceFacts> = {}, present: string[] = []): string[] =>
  checkSpace({
    instance: instanceWith(facts),
    databases: present.map((name) => ({ name, status: "Running" })),
    declared,
  }).map(({ severity, code }) => `${severity} ${code}`);

test.each([
  ["fills the disk with data to the last byte", 100, ["warning SPACE_TIGHT"]],
  ["has one more than that", 101, ["error SPACE_TOO_SMALL"]],
  ["leaves ten per cent", 90, []],
])("a database that %s", (_, dataGib, codes) => {
  expect(spaceCodes([added("erp", dataGib)])).toEqual(codes);
});

test("log files and the backup file count for the warning only", () => {
  expect(spaceCodes([added("erp", 50, 30, 20)])).toEqual(["warning SPACE_TIGHT"]);
});

test("the first database that does not fit gets the error, with the running total; later ones do not repeat it", () => {
  const all = [added("a", 40), added("b", 40), added("c", 40), added("d", 40)];
  const findingsOf = all.map((_, index) =>
    checkSpace({ instance: instanceWith({}), databases: [], declared: all.slice(0, index + 1) }),
  );
  expect(findingsOf.map((findings) => findings.map(({ code }) => code))).toEqual([[], [], ["SPACE_TOO_SMALL"], []]);
  expect(findingsOf[2]?.[0]?.message).toMatch(
    /With c, the data files of the 3 new databases of this run need 120\.0 GiB/,
  );
});

test("a restored database counts in the used space and not twice", () => {
  expect(spaceCodes([added("a", 60), added("b", 60)])).toEqual(["error SPACE_TOO_SMALL"]);
  expect(spaceCodes([added("a", 60), added("b", 30)], { usedBytes: 60 * GIB }, ["A"])).toEqual([]);
});

test.each(["storageBytes", "usedBytes"])("without %s there is no finding", (name) => {
  expect(spaceCodes([added("erp", 1000)], { [name]: undefined })).toEqual([]);
});

test("at most one declared database gets the error, and one exactly when the data does not fit", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(sizes, (list) => {
      const all = list.map((gib, index) => added(`db${index}`, gib));
      const errors = all.flatMap((_, index) =>
        spaceCodes(all.slice(0, index + 1)).filter((code) => code.startsWith("error")),
      );
      const total = list.reduce((sum, gib) => sum + gib, 0);
      expect(errors).toHaveLength(total > 100 ? 1 : 0);
    }),
  );
});

test.each([
  ["the last free place", 9, 1, 0],
  ["one too many", 10, 1, 1],
  ["the second of two for one place", 9, 2, 1],
  ["the third of three for one free place: the second has the error", 9, 3, 0],
])("%s", (_, present, count, findings) => {
  const databases = Array.from({ length: present }, (_each, index) => ({ name: `old${index}`, status: "Running" }));
  const declared = Array.from({ length: count }, (_each, index) => added(`new${index}`, 1));
  expect(checkCount({ instance: instanceWith({}), databases, declared })).toHaveLength(findings);
});

test("a backup's header distinguishes data and log files; without it the file's size counts as data", () => {
  expect(sizesOf({ sets: [], sizeBytes: 7 })).toEqual({ dataBytes: 7, logBytes: 0, backupBytes: 7 });
});

test("a manifest of 0.1.0 has only the sum: as much counts as data as the backup holds, so that an error is certain", () => {
  const entry = { sizeBytes: 7, crc64: "1", backupSetGuid: "", backupStartDate: null, backupFinishDate: null };
  const sizesWith = (facts: Partial<ManifestFacts>) => sizesOf(backupOfEntry({ ...entry, ...facts }, "", "").content);
  expect(sizesWith({ restoredBytes: 50 })).toEqual({ dataBytes: 7, logBytes: 43, backupBytes: 7 });
  expect(sizesWith({ restoredBytes: 5 })).toEqual({ dataBytes: 5, logBytes: 0, backupBytes: 7 });
  expect(sizesWith({})).toEqual({ dataBytes: 7, logBytes: 0, backupBytes: 7 });
});
