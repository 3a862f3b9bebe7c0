import fc from "fast-check";
import {
  codeOfMessage,
  counted,
  countedOf,
  listed,
  messageText,
  parseMessage,
} from "../../../provider/errors/message-text";

test("a message is read back into its parts", () => {
  const line = fc.string().filter((text) => !text.includes("\n"));
  const parts = fc.record({
    code: fc.constantFrom("BACKUP_EMPTY", "VERSION_2008R2_CLOUD"),
    what: fc.array(line, { minLength: 1 }).map((lines) => lines.join("\n")),
    remedy: line.filter((text) => text !== ""),
  });
  fc.assert(fc.property(parts, (each) => expect(parseMessage(messageText(each))).toEqual(each)));
});

test("one line has no remedy", () => {
  expect(messageText({ code: "SOURCE_TDE", what: "erp is encrypted.", remedy: "" })).toBe(
    "SOURCE_TDE: erp is encrypted.",
  );
  expect(parseMessage("SOURCE_TDE: erp is encrypted.")).toMatchObject({ what: "erp is encrypted.", remedy: "" });
});

test("a text without a code is no message", () => {
  expect(parseMessage("not checked: the bucket")).toBeUndefined();
  expect(codeOfMessage("BACKUP_EMPTY")).toBeUndefined();
  expect(codeOfMessage("BACKUP_EMPTY: empty")).toBe("BACKUP_EMPTY");
});

test("a list has a line for each item, and none without items", () => {
  expect(listed("Files:", ["a", "b"])).toEqual(["Files:", "  a", "  b"]);
  expect(listed("Files:", [])).toEqual([]);
  expect([counted(1, "file"), counted(2, "file")]).toEqual(["1 file", "2 files"]);
});

test("words agree with their count, also in a share of a whole", () => {
  expect([0, 1, 2].map((count) => counted(count, "database needs", "databases need"))).toEqual([
    "0 databases need",
    "1 database needs",
    "2 databases need",
  ]);
  const are = ["is", "are"] as const;
  expect([countedOf(0, 1, "database"), countedOf(0, 1, "database", are)]).toEqual([
    "0 of 1 database",
    "0 of 1 database is",
  ]);
  expect([
    countedOf(1, 3, "database", are),
    countedOf(2, 3, "database", are),
    countedOf(0, 3, "database", are),
  ]).toEqual(["1 of 3 databases is", "2 of 3 databases are", "0 of 3 databases are"]);
});
