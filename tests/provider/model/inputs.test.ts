import fc from "fast-check";
import { isMigrationError } from "../../../provider/errors/migration-error";
import { DEFAULT_TIMEOUT, inputFaults, parseInputs, timeoutMs } from "../../../provider/model/inputs";
import { SYSTEM_DATABASES } from "../../../provider/model/system-databases";
import { UNKNOWN_VALUE } from "../../../provider/model/unknown";

const SOUND = { instanceId: "rm-1", bucket: "backups", backup: "erp.bak" };

const faultsOf = (more: Record<string, unknown>) => inputFaults({ ...SOUND, ...more });

test("three arguments are enough, and internal names are ignored", () => {
  expect(faultsOf({ __provider: "exports.handler=…", __defaults: [] })).toEqual([]);
});

const without = (name: string) => Object.fromEntries(Object.entries(SOUND).filter(([each]) => each !== name));

test.each(["instanceId", "bucket", "backup"])("%s is required, and the message names it", (name) => {
  expect(inputFaults(without(name))).toEqual([{ property: name, fault: "is missing", remedy: expect.any(String) }]);
});

test.each<[string, unknown, string]>([
  ["instanceId", "", "is empty"],
  ["instanceId", 5, "is not a text"],
  ["instanceId", "rm-1/../x", "is not the id of an instance"],
  ["bucket", "ab", "is not the name of a bucket"],
  ["bucket", "Backups", "is not the name of a bucket"],
  ["bucket", "-backups", "is not the name of a bucket"],
  ["bucket", "backups-", "is not the name of a bucket"],
  ["bucket", "b".repeat(64), "is not the name of a bucket"],
  ["bucket", "oss://backups", "is not the name of a bucket"],
  ["backup", "", "is empty"],
  ["databaseName", "", "is empty"],
  ["databaseName", "d".repeat(129), "has more than 128 characters"],
  ["databaseName", "Master", "is the name of a system database"],
  ["checkDb", "no", 'is "no"'],
  ["wait", "for|ever", 'is "for|ever"'],
  ["timeout", "5", "is not a duration"],
  ["timeout", 3600, "is not a duration"],
  ["pollInterval", "soon", "is not a duration"],
  ["adopt", "the last one", "is neither true nor the id of a migration task"],
  ["adopt", 106121, "is neither true nor the id of a migration task"],
  ["onDestroy", "drop", 'is "drop"'],
  ["allowOverwrite", "yes", "is neither true nor false"],
  ["region", "Hangzhou", "is not a region"],
  ["assumeRoleArn", "role/x", "is not the Arn of a role"],
])("%s = %j: %s", (property, value, fault) => {
  const [found, ...others] = faultsOf({ [property]: value });
  expect(others).toEqual([]);
  expect(found).toMatchObject({ property, fault: expect.stringContaining(fault) });
  expect(found?.remedy).toMatch(/\S/);
});

test.each<[Record<string, unknown>, string]>([
  [{ partSize: 102_399 }, "upload.partSize"],
  [{ partSize: 5_368_709_121 }, "upload.partSize"],
  [{ partSize: 1.5e6 + 0.5 }, "upload.partSize"],
  [{ parallel: 0 }, "upload.parallel"],
  [{ parallel: 101 }, "upload.parallel"],
  [{ rateLimit: 0 }, "upload.rateLimit"],
  [{ rateLimit: "fast" }, "upload.rateLimit"],
  [{ threads: 3 }, "upload.threads"],
])("an upload of %j names %s", (upload, property) => {
  expect(faultsOf({ upload })).toMatchObject([{ property }]);
});

test("upload options at the ends of their ranges are valid", () => {
  for (const partSize of [102_400, 5_368_709_120])
    expect(faultsOf({ upload: { partSize, parallel: 100 } })).toEqual([]);
});

test("an unknown argument is reported: a spelling mistake must not be ignored silently", () => {
  expect(faultsOf({ databasename: "erp" })).toMatchObject([
    { property: "databasename", fault: "is not an argument of DatabaseMigration" },
  ]);
});

test("all faults are reported", () => {
  expect(faultsOf({ bucket: "B", wait: "x", timeout: "y" }).map(({ property }) => property)).toEqual(
    expect.arrayContaining(["bucket", "wait", "timeout"]),
  );
});

test("a database name of 128 characters, bucket names of 3 and 63 and a task id are valid", () => {
  const sound = { databaseName: "d".repeat(128), adopt: "106121" };
  expect(faultsOf({ ...sound, bucket: "b".repeat(63) })).toEqual([]);
  expect(faultsOf({ ...sound, bucket: "abc" })).toEqual([]);
});

test("arguments that are unknown before up are not checked, at any depth", () => {
  const names = ["instanceId", "bucket", "backup", "databaseName", "timeout", "adopt", "upload", "region"];
  fc.assert(
    fc.property(fc.subarray(names), (unknown) => {
      const values = unknown.map((name) => [name, name === "upload" ? { partSize: UNKNOWN_VALUE } : UNKNOWN_VALUE]);
      expect(faultsOf(Object.fromEntries(values))).toEqual([]);
    }),
  );
});

test("names of system databases are refused in any case; names that only contain one are valid", () => {
  for (const name of SYSTEM_DATABASES) {
    expect(faultsOf({ databaseName: name.toUpperCase() })).toHaveLength(1);
    expect(faultsOf({ databaseName: `${name}2` })).toEqual([]);
  }
});

test("for any input, faults name a property and a remedy, and parseInputs throws the first", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...Object.keys(SOUND), "wait", "adopt", "upload"), fc.anything()),
      (news) => {
        const faults = inputFaults(news);
        for (const { property, fault, remedy } of faults) expect([property, fault, remedy].every(Boolean)).toBe(true);
        if (faults[0] === undefined) return;
        try {
          parseInputs(news);
          expect(faults).toEqual([]);
        } catch (error) {
          expect(isMigrationError(error) && error.message).toContain(`[${faults[0].property}]`);
        }
      },
    ),
  );
});

test("without a timeout the default applies", () => {
  expect(timeoutMs(parseInputs(SOUND))).toBe(timeoutMs(parseInputs({ ...SOUND, timeout: DEFAULT_TIMEOUT })));
});
