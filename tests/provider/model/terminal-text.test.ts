import fc from "fast-check";
import {
  outputKey,
  resourceName,
  terminalJson,
  terminalLine,
  terminalText,
} from "../../../provider/model/terminal-text";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const RAW_CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Whether a runner obeys a line: GitHub trims its begin, Azure and GitHub's older form search the whole line. */
const isCommand = (line: string): boolean => line.trimStart().startsWith("::") || /##(?:vso|teamcity)?\[/.test(line);

const PARTS = [
  "::",
  ":",
  "error",
  "##",
  "#",
  "[",
  "##[error]",
  "##vso[",
  "##teamcity[",
  "\r",
  "\n",
  "\t",
  " ",
  "\u00a0",
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PARTS), fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 30 })
  .map((parts) => parts.join(""));

describe("terminalText", () => {
  it("leaves no control character and no workflow command in any text", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = terminalText(text);
        expect(shown).not.toMatch(RAW_CONTROL);
        expect(shown.split(/\r\n|\r|\n/).filter(isCommand)).toEqual([]);
        expect(terminalText(shown)).toBe(shown);
        expect(terminalLine(text)).not.toContain("\n");
      }),
    );
  });

  it.each([
    ["\u001b[2J", "\\x1b[2J"],
    ["\u001b]0;title\u0007", "\\x1b]0;title\\x07"],
    ["\u009b2J\u007f", "\\x9b2J\\x7f"],
    ["a\u202eb\u2066c", "a\\u202eb\\u2066c"],
    ["one\n \t::error::two", "one\n \t\\x3a:error::two"],
    ["one\r::error::two", "one\\x0d::error::two"],
    ["one\r\ntwo", "one\ntwo"],
    ["see ##[error]x", "see \\x23#[error]x"],
    ["##vso[task]", "\\x23#vso[task]"],
    ["###[x]", "#\\x23#[x]"],
  ])("shows %j as %j", (text, shown) => expect(terminalText(text)).toBe(shown));

  it.each(["数据库", "العربية", "नि\u200dन", "می\u200cخواهم", "👩\u200d💻", "a::b", "C:\\x # [y]", "one\n\ttwo"])(
    "keeps %s",
    (text) => expect(terminalText(text)).toBe(text),
  );
});

describe("terminalJson", () => {
  it("is harmless and has the value of the JSON", () => {
    const value = {
      "k\u009b": "\u001b[2J\u007f\u009b\u202e\u2066\u2028 ##[error] ##vso[x] ::error:: 数据库 العربية",
      at: [1, "\n::"],
    };
    for (const json of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
      const printed = terminalJson(json);
      expect(JSON.parse(printed)).toEqual(value);
      expect(RAW_CONTROL.test(printed) || printed.split("\n").some(isCommand)).toBe(false);
      expect(printed).toContain("数据库 العربية");
    }
  });
});

describe("resourceName", () => {
  it("encodes control characters and hash commands, and keeps every other name", () => {
    expect(resourceName("m-a\u001b[2J\n::error::")).toBe("m-a\\x1b[2J\\x0a::error::");
    expect(resourceName("m-##[x]##vso[y]")).toBe("m-\\x23#[x]\\x23#vso[y]");
    for (const name of ["m-数据库 #[x]::y", "m-##x", "m-a##"]) expect(resourceName(name)).toBe(name);
  });
});

describe("outputKey", () => {
  it("is harmless, keeps plain names, and differs where names differ", () => {
    expect(outputKey("::a\u001b\n##[x]")).toBe("\\x3a:a\\x1b\\x0a\\x23#[x]");
    expect(outputKey("a\\x1b")).toBe("a\\x5cx1b");
    for (const name of ["erp", "数据库 2024", "a::b", "C:\\data", "a\\xyz", "#1"]) expect(outputKey(name)).toBe(name);
    const parts = [...PARTS, "\\", "x1b", "x3a", "x23", "u202e"];
    const names = new Set(parts.flatMap((a) => parts.flatMap((b) => parts.map((c) => a + b + c))));
    const keys = [...names].map(outputKey);
    expect(new Set(keys).size).toBe(names.size);
    expect(keys.filter((key) => RAW_CONTROL.test(key) || isCommand(key))).toEqual([]);
  });
});
