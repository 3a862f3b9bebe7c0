import { readFileSync } from "node:fs";
import { join } from "node:path";
import { errorsPage, exampleError } from "../../docs/generate/errors-page";
import { catalogue, type ErrorCode } from "../../provider/errors/catalogue";
import type { CatalogueEntry } from "../../provider/errors/catalogue-entry";
import { codeOfService } from "../../provider/errors/service-error";
import { taskErrorCode } from "../../provider/errors/task-errors";

const page = readFileSync(join(__dirname, "..", "..", "docs", "errors.md"), "utf8");
const codes = Object.keys(catalogue) as ErrorCode[];
const entryOf = (code: ErrorCode): CatalogueEntry<never> => catalogue[code];

/** The page is the golden file of all messages: a change of one shows in the diff of docs/errors.md. */
test("docs/errors.md is what the catalogue says now (npm run docs)", () => {
  expect(page).toBe(errorsPage());
});

test("every code has a section, once, and every section a code", () => {
  const headings = [...page.matchAll(/^### (\w+)$/gm)].map(([, code]) => code);
  expect(headings.sort()).toEqual([...codes].sort());
});

describe.each(codes)("%s", (code) => {
  test("reads as sentences, names no undefined value and ends with what to do", () => {
    const { what, remedy, message } = exampleError(code);
    expect(message).toBe(`${code}: ${what}\n${remedy}`);
    expect(message).not.toMatch(/undefined|NaN|\[object|\bnull\b/);
    expect(remedy).toMatch(/[.)}]$/);
  });

  const { match } = entryOf(code);
  for (const said of match?.openApi ?? []) {
    test(`is what ${said} means, in any spelling and with anything behind it`, () => {
      expect(codeOfService(said)).toBe(code);
      expect(codeOfService(said.toUpperCase())).toBe(code);
      expect(codeOfService(`${said}.Anew`)).toBe(code);
    });
  }
  const { description } = match ?? {};
  if (description !== undefined && code.startsWith("TASK_")) {
    test("is what its description means", () => {
      expect(taskErrorCode(exampleError(code).what)).toBe(code);
    });
  }
});

test("a code that no entry claims is no entry's", () => {
  expect(codeOfService("SomethingNew")).toBeUndefined();
  expect(codeOfService("")).toBeUndefined();
});

test("what the service refuses by code is worded by the one shape of a refusal", () => {
  for (const code of codes.filter((each) => entryOf(each).match?.openApi !== undefined)) {
    expect(exampleError(code).what).toMatch(
      /^\w+ \(.+\) was refused: [\w.]+ ".+" \(HTTP \d{3}, RequestId [\w-]+\)\.$/m,
    );
  }
});

test("a remedy never tells to split a backup: RDS restores from one file", () => {
  for (const code of codes) expect(exampleError(code).remedy).not.toMatch(/\bsplit\b/i);
});
