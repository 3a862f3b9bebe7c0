import * as fc from "fast-check";
import { entryOf, ResourceLog, textOf } from "../../../provider/model/log";
import { terminalText } from "../../../provider/model/terminal-text";

test("a text of several lines becomes a first line and details, and back", () => {
  const entry = entryOf("warning", "urn:a", "first\nsecond\nthird");
  expect(entry).toEqual({ urn: "urn:a", severity: "warning", firstLine: "first", details: "second\nthird" });
  expect(textOf(entry)).toBe("first\nsecond\nthird");
});

test("a long first line ends after its last sentence or clause that fits", () => {
  const entry = entryOf("info", undefined, `not checked: the baseline. ${"x".repeat(120)}`);
  expect(entry).toEqual({ severity: "info", firstLine: "not checked: the baseline.", details: "x".repeat(120) });
  const clause = entryOf("info", "", `the data is as of today; ${"x".repeat(120)}`);
  expect(clause.firstLine).toBe("the data is as of today;");
});

test("a long first line without a sentence is shortened in its middle and given whole below", () => {
  const path = `${"a".repeat(90)}/${"b".repeat(90)}`;
  const { firstLine, details } = entryOf("info", undefined, path);
  expect(firstLine).toMatch(/^a+…b+$/);
  expect(details).toBe(path);
});

test("no first line is longer than 100 characters, and no text is lost", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (text) => {
      const entry = entryOf("error", "urn:a", text);
      expect(Array.from(entry.firstLine).length).toBeLessThanOrEqual(100);
      expect(textOf(entry).replaceAll(/\s/g, "")).toContain(terminalText(text).replaceAll(/\s/g, ""));
    }),
  );
});

test("escapes count in the length of a first line", () => {
  const { firstLine } = entryOf("error", undefined, `${"\u001b".repeat(60)} is no name`);
  expect(firstLine).toMatch(/^(\\x1b)+/);
  expect(firstLine.length).toBeLessThanOrEqual(100);
  const shown: string[] = [];
  new ResourceLog({ write: (entry) => shown.push(textOf(entry)) }, "urn:a").status("\u001b".repeat(60));
  expect(shown.map(({ length }) => length)).toEqual([100]);
});

test("what the Info column shows is one line", () => {
  const shown: string[] = [];
  const log = new ResourceLog({ write: (entry) => shown.push(textOf(entry)) }, "urn:a");
  log.status(`${"a".repeat(200)}\nmore`);
  expect(shown).toEqual([expect.stringMatching(/^a{33}…a{66}$/)]);
});

test("a status is written again only after another text: without a terminal each one is a line", () => {
  const shown: string[] = [];
  const log = new ResourceLog({ write: (entry) => shown.push(textOf(entry)) }, "urn:a");
  for (const text of ["0 %", "0 %", "1 %", "1 %", "0 %"]) log.status(text);
  expect(shown).toEqual(["0 %", "1 %", "0 %"]);
  log.info("uploaded"); // replaces the text in the Info column
  log.status("0 %");
  expect(shown.slice(3)).toEqual(["uploaded", "0 %"]);
});
