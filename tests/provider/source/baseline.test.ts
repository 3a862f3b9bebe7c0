import fc from "fast-check";
import { readBaseline, sizeBytes } from "../../../provider/source/baseline";
import { isRecordKind, recordSchemas } from "../../../provider/source/baseline-records";
import { baselineText, PLAIN_CONTENTS, PLAIN_DATABASE, PLAIN_SERVER } from "../../../testing/baseline/baseline-text";
import { partOf } from "../../sql/support/scripts";

const read = (text: string) => readBaseline(text, "baseline.json");

it("merges the records of a database in any order", () => {
  const { server, databases } = read(
    baselineText([
      PLAIN_CONTENTS,
      { record: "file", database: "ERP", name: "ERP", type: "ROWS", sizeBytes: 8388608 },
      { ...PLAIN_DATABASE, lastGoodCheckDb: null },
      { record: "database", database: "ERP", isQueryStoreOn: true },
      { record: "database", database: "ERP", lastGoodCheckDb: "2024-04-28T03:00:00" },
      { record: "file", database: "ERP", name: "ERP_log", type: "LOG", sizeBytes: 1048576 },
      PLAIN_SERVER,
    ]),
  );
  expect(server).toMatchObject({ serverName: "SQL01", clrEnabled: null });
  expect(databases).toHaveLength(1);
  expect(databases[0]).toMatchObject({
    ...{ name: "ERP", collation: "Latin1_General_CI_AS", isQueryStoreOn: true, lastGoodCheckDb: "2024-04-28T03:00:00" },
    ...{ contents: { tables: 3 }, files: [{ name: "ERP" }, { name: "ERP_log" }], delayedDurability: null },
  });
  expect(databases.map(sizeBytes)).toEqual([9437184]);
});

it("ignores lines that a client prints before and after the JSON", () => {
  const text = `Changed database context to 'master'.\r\n${baselineText([PLAIN_DATABASE]).replaceAll("\n", "\r\n")}\r\n(0 rows affected)`;
  expect(read(text).databases).toHaveLength(1);
});

it("ignores unknown kinds of records and unknown facts", () => {
  const text = baselineText([{ ...PLAIN_DATABASE, isQuantum: true }, PLAIN_SERVER]).replace('"server"', '"cluster"');
  expect(read(text).databases[0]).not.toHaveProperty("isQuantum");
});

it.each([
  ["", /it contains no JSON/],
  ["no braces", /it contains no JSON/],
  [baselineText([PLAIN_DATABASE]).slice(0, 200), /incomplete or was changed/],
  ['{"some":"thing"}', /format: it is not the output of baseline\.sql/],
  [baselineText([{ ...PLAIN_DATABASE, isReadOnly: "yes" }]), /records\.0\.isReadOnly/],
  [baselineText([{ record: "file", database: "ERP" }]), /records\.0\.name/],
])("%j is not a baseline, and the message contains the reason", (text, why) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({ code: "BASELINE_INVALID", message: expect.stringMatching(why) }),
  );
});

it("a newer format is not misread", () => {
  const newer = baselineText([PLAIN_DATABASE]).replace('"version":1', '"version":2');
  expect(() => read(newer)).toThrow(expect.objectContaining({ code: "BASELINE_NEWER" }));
});

it("any text is parsed or refused with a catalogue error", () => {
  const cut = fc.nat({ max: 600 }).map((length) => baselineText([PLAIN_SERVER, PLAIN_DATABASE]).slice(0, length));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), cut), (text) => {
      try {
        read(text);
      } catch (error) {
        expect(error).toMatchObject({ name: "MigrationError" });
      }
    }),
  );
});

it("names of databases and tables may contain any characters", () => {
  const name = fc.string({ unit: "binary", minLength: 1 });
  fc.assert(
    fc.property(name, name, (database, table) => {
      const [found] = read(baselineText([{ record: "table", database, name: table, rows: 1 }])).databases;
      expect(found).toMatchObject({ name: database, tables: [{ name: table, rows: 1 }] });
    }),
  );
});

it("a database may be called __proto__", () => {
  expect(read(baselineText([{ ...PLAIN_DATABASE, database: "__proto__" }])).databases[0]?.name).toBe("__proto__");
  expect(isRecordKind("__proto__")).toBe(false);
});

it("the baselines of the tests have the format of the scripts: head, openers, values and end", () => {
  const lines = partOf("baseline.sql", "json-lines");
  for (const piece of [
    `N'{"format":"sqlserver-baseline","version":1,"script":"' + @script + N'","records":['`,
    `N'{"record":"' + f.record + N'"'`,
    `N'},{"record":"' + f.record + N'"'`,
    `N',"' + f.name + N'":null'`,
    `N',"' + f.name + N'":"' + f.value + N'"'`,
    "N'}]}'",
  ])
    expect(lines).toContain(piece);
  expect(Object.keys(recordSchemas).every((kind) => /^[A-Za-z]+$/.test(kind))).toBe(true);
});
