import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { errorsPage, exampleError } from "../../docs/generate/errors-page";
import { catalogue, type ErrorCode } from "../../provider/errors/catalogue";
import type { CatalogueEntry } from "../../provider/errors/catalogue-entry";
import { errorAnchor } from "../../provider/errors/error-address";
import { codeOfService } from "../../provider/errors/service-error";
import { taskErrorCode } from "../../provider/errors/task-errors";
import { BASELINE_CASES } from "../../testing/baseline/baseline-cases";

const page = readFileSync(join(__dirname, "..", "..", "docs", "reference", "errors.md"), "utf8");
const codes = Object.keys(catalogue) as ErrorCode[];
const entryOf = (code: ErrorCode): CatalogueEntry<never> => catalogue[code];

/** The page is the golden file of all messages: a change of one shows in the diff of docs/reference/errors.md. */
test("docs/reference/errors.md matches the catalogue (npm run docs)", () => {
  expect(page).toBe(errorsPage());
});

test("every code of the catalogue and of a baseline has exactly one section below its anchor", () => {
  const documented = [...codes, ...new Set(BASELINE_CASES.map(([code]) => code))];
  const headings = [...page.matchAll(/^<a id="(\w+)"><\/a>\n\n### (\w+)$/gm)].map(([, id, code]) => [id, code]);
  expect(headings.sort()).toEqual(documented.map((code) => [errorAnchor(code), code]).sort());
  expect(page.match(/^### /gm)).toHaveLength(documented.length);
});

test("the table at the top links to every code", () => {
  const [, table = ""] = /\n## All codes\n(.*?)\n## /s.exec(page) ?? [];
  const linked = [...table.matchAll(/\[([A-Z]\w+)\]\(#(\w+)\)/g)].filter(([, code]) => code === code?.toUpperCase());
  const documented = [...codes, ...new Set(BASELINE_CASES.map(([code]) => code)), "NOT_CHECKED"];
  expect(linked.map(([, code, id]) => [code, id]).sort()).toEqual(
    documented.map((code) => [code, errorAnchor(code)]).sort(),
  );
});

/** Reads the texts from the source, so that a new one needs a row. */
test("the page explains every fact that the code reports as not checked", () => {
  const [, section = ""] = /\n## Not checked\n(.*?)\n## /s.exec(page) ?? [];
  const explained = [...section.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, facts = ""]) => facts.split("<br>"));
  const root = join(__dirname, "..", "..");
  const texts = ["provider", "components"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(root, folder, name), "utf8")),
  );
  const facts = texts
    .flatMap((text) => [
      ...text.matchAll(/(?:\bnotChecked\(\s*|\bfetchOrNote\(findings, )["`]([^"`$.]+)/g),
      ...text.matchAll(/["`]not checked: ([^"`$.;]+)/g),
    ])
    .map(([, fact = ""]) => fact.trim());
  expect(facts.length).toBeGreaterThan(15);
  expect(facts.filter((fact) => !explained.some((each) => each.startsWith(fact)))).toEqual([]);
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
