import { catalogue } from "../../../provider/errors/catalogue";
import { withAddress } from "../../../provider/errors/error-address";
import { parseMessage } from "../../../provider/errors/message-text";
import { migrationError } from "../../../provider/errors/migration-error";
import { plainErrorOf } from "../../../provider/errors/plain-error";
import { FIRST_LINE_LENGTH } from "../../../provider/errors/shorten";

const { message } = migrationError("BACKUP_EMPTY", { file: "erp.bak" });
const published = "https://example.com/errors";

test("an error ends with the page of errors in the repository, until the page is published", () => {
  expect(withAddress(message)).toBe(`${message}\nMore: docs/reference/errors.md#backup_empty`);
  expect(withAddress(message, published)).toBe(`${message}\nMore: https://example.com/errors#backup_empty`);
});

test("the address is added once, also to a message in which a URL was redacted", () => {
  for (const page of [undefined, published]) {
    const text = withAddress(message, page);
    expect(withAddress(text, page)).toBe(text);
    expect(withAddress(plainErrorOf(new Error(text)).message, page)).toBe(text);
  }
});

test("a message is taken apart without its address", () => {
  expect(parseMessage(withAddress(message))).toEqual(parseMessage(message));
  expect(parseMessage(withAddress(message, published))).toEqual(parseMessage(message));
});

test.each(["erp: not finished within 2h", "ECONNRESET: socket hang up", ""])("%j has no address", (text) => {
  expect(withAddress(text)).toBe(text);
});

test("a finding of the baseline has an address, though it is no entry of the catalogue", () => {
  expect(withAddress("SOURCE_FILESTREAM: Database erp: it has FILESTREAM. Remove it.")).toMatch(
    /\nMore: docs\/reference\/errors\.md#source_filestream$/,
  );
});

/** Pulumi indents diagnostics by four columns and puts `error: ` before the first line only. */
test("the first line stays as it is, and the address fits a terminal of 80 columns", () => {
  for (const code of Object.keys(catalogue)) {
    const [first, last = ""] = withAddress(`${code}: ${"x".repeat(FIRST_LINE_LENGTH - code.length - 2)}`).split("\n");
    expect(first).toHaveLength(FIRST_LINE_LENGTH);
    expect(last.length).toBeLessThanOrEqual(76);
  }
});
