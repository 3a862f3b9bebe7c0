import { readFileSync } from "node:fs";
import { join } from "node:path";
import { errorsPage, exampleError } from "../../docs/generate/errors-page";
import { catalogue, type ErrorCode } from "../../provider/errors/catalogue";
import type { CatalogueEntry } from "../../provider/errors/catalogue-entry";
import { codeOfService } from "../../provider/errors/service-error";
import { taskErrorCode } from "../../provider/errors/task-errors";

const page = readFileSync(join(__dirname, "..", "..", "docs", "reference", "errors.md"), "utf8");
const codes = Object.keys(catalogue) as ErrorCode[];
const entryOf = (code: ErrorCode): CatalogueEntry<never> => catalogue[code];

/** The page is the golden file of all messages: a change of one shows in the diff of docs/reference/errors.md. */
test("docs/reference/errors.md matches the catalogue (npm run docs)", () => {
  expect(page).toBe(errorsPage());
});

test("every code has exactly one section, and every section a code", () => {
  const headings = [...page.matchAll(/^### (\w+)$/gm)].map(([, code]) => code);
  expect(headings.sort()).toEqual([...codes].sort());
});

describe.each(codes)("%s", (code) => {
  test("consists of sentences, contains no undefined value and ends with the remedy", () => {
    const { what, remedy, message } = exampleError(code);
    expect(message).toBe(`${code}: ${what}\n${remedy}`);
    expect(message).not.toMatch(/undefined|NaN|\[object|\bnull\b/);
    expect(remedy).toMatch(/[.)}]$/);
  });

  const { match } = entryOf(code);
  for (const serviceCode of match?.openApi ?? []) {
    test(`matches ${serviceCode} in any letter case and with any suffix`, () => {
      expect(codeOfService(serviceCode)).toBe(code);
      expect(codeOfService(serviceCode.toUpperCase())).toBe(code);
      expect(codeOfService(`${serviceCode}.Anew`)).toBe(code);
    });
  }
  const { description } = match ?? {};
  if (description !== undefined && code.startsWith("TASK_")) {
    test("matches its description", () => {
      expect(taskErrorCode(exampleError(code).what)).toBe(code);
    });
  }
});

test("an unknown service code matches no entry", () => {
  expect(codeOfService("SomethingNew")).toBeUndefined();
  expect(codeOfService("")).toBeUndefined();
});

test("all refusals by service code have the same message format", () => {
  for (const code of codes.filter((each) => entryOf(each).match?.openApi !== undefined)) {
    expect(exampleError(code).what).toMatch(
      /^\w+ \(.+\) was refused: [\w.]+ ".+" \(HTTP \d{3}, RequestId [\w-]+\)\.$/m,
    );
  }
});

test("no remedy suggests splitting a backup, because RDS restores from one file", () => {
  for (const code of codes) expect(exampleError(code).remedy).not.toMatch(/\bsplit\b/i);
});
