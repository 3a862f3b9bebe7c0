import { ERROR_EXAMPLES } from "../../../docs/generate/error-examples";
import { faultText } from "../../../provider/cli/bakinfo/report";
import { catalogue, type ErrorCode } from "../../../provider/errors/catalogue";
import { type MigrationError, migrationError } from "../../../provider/errors/migration-error";
import { FIRST_LINE_LENGTH } from "../../../provider/errors/shorten";

const codes = Object.keys(catalogue) as ErrorCode[];

// The table's values differ in type from code to code, which a loop over it cannot keep.
const make = migrationError as (code: ErrorCode, values: unknown) => MigrationError;

/** The same values with every text in them made by `change`, which gets a number for each. */
function withTexts(value: unknown, change: (text: string, number: number) => string, numbers = { next: 0 }): unknown {
  if (typeof value === "string") return change(value, numbers.next++);
  if (Array.isArray(value)) return value.map((each) => withTexts(each, change, numbers));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withTexts(each, change, numbers)]));
}

/** A text of `length` characters that begins and ends like `text`, and differs from that of any other number. */
function ofLength(length: number, text: string, number: number): string {
  const filled = `${text.slice(0, 4)}${number}${"abcdefghij".repeat(length)}`.replace(/\n/g, " ");
  const ending = text.slice(-4).replace(/\n/g, " ");
  return `${filled.slice(0, length - ending.length)}${ending}`;
}

/** An example's values with texts of that length, and the texts in their order. */
function filled(code: ErrorCode, length: number): { values: unknown; texts: string[] } {
  const texts: string[] = [];
  const values = withTexts(ERROR_EXAMPLES[code], (text, number) => {
    texts[number] = ofLength(length, text, number);
    return ofLength(length, text, number);
  });
  return { values, texts };
}

/** Sentences of a message; a colon before a list or a quotation ends none. RAM policies are no sentences. */
const sentencesOf = (text: string): string[] => text.replace(/\{"Version".*\}/g, "{}").split(/\n|[.?!]["`)]?\s+/);

const firstLine = (text: string): string => text.split("\n")[0] ?? "";

describe.each(codes)("%s", (code) => {
  const example = make(code, ERROR_EXAMPLES[code]);

  test("is a code, a first line, details, and what to do on the last line", () => {
    const { summary, what, remedy, message } = example;
    expect(message).toBe(`${code}: ${what}\n${remedy}`);
    expect(firstLine(what)).toBe(summary);
    expect(summary).toMatch(/\.$/);
    expect(remedy).toMatch(/^\S[^\n]*[.)}]$/);
    for (const line of message.split("\n")) expect(line).toMatch(/\S$/);
  });

  test("has a first line of at most 100 characters with values of 30", () => {
    const { values } = filled(code, 30);
    const { message, summary } = make(code, values);
    expect(firstLine(message).length).toBeLessThanOrEqual(FIRST_LINE_LENGTH);
    expect(summary).not.toContain("…");
  });

  test("shortens longer values in the first line only, and gives them whole on a later one", () => {
    const short = filled(code, 30);
    const long = filled(code, 200);
    const { message } = make(code, long.values);
    expect(firstLine(message).length).toBeLessThanOrEqual(FIRST_LINE_LENGTH);
    const withShort = make(code, short.values).message;
    const shown = long.texts.filter((_, index) => withShort.includes(short.texts[index] ?? ""));
    for (const text of shown) expect(message).toContain(text);
  });

  test("says it in sentences of at most 30 words, without an aside", () => {
    for (const sentence of sentencesOf(example.message)) {
      const words = sentence.split(/\s+/).filter((word) => /\w/.test(word));
      expect({ sentence, words: words.length <= 30 }).toEqual({ sentence, words: true });
    }
    expect(example.message).not.toMatch(/\bthere (is|are)\b/i);
  });
});

describe("a command prints a message as lines", () => {
  test.each(codes)("%s: a whole first line of at most 100 characters, then the others", (code) => {
    const { values } = filled(code, 200);
    for (const { message } of [make(code, ERROR_EXAMPLES[code]), make(code, values)]) {
      const [first = "", ...others] = faultText("bakinfo", message).split("\n");
      expect(first).toMatch(/^bakinfo: error [A-Z][A-Z0-9_]+: .*\.$/);
      expect(first.slice("bakinfo: error ".length).length).toBeLessThanOrEqual(FIRST_LINE_LENGTH);
      expect(others.length).toBe(message.split("\n").length - 1);
      expect(others.at(-1)).toMatch(/^ {2}\S.*[.)}]$/);
    }
  });
});
