import * as fs from "node:fs";
import { ERROR_EXAMPLES } from "../../docs/generate/error-examples";
import { describeExampleMismatch } from "../../docs/generate/example-mismatch";
import { catalogue } from "../../provider/errors/catalogue";

const FILE = "docs/generate/error-examples.ts";

test.each<[string, string[], string[], string | undefined]>([
  ["accepts matching codes in any order", ["A", "B"], ["B", "A"], undefined],
  ["names each missing code", ["A", "B", "C"], ["B"], `${FILE} does not match the catalogue: add an example for A, C.`],
  [
    "names a superfluous code",
    ["A"],
    ["A", "OLD"],
    `${FILE} does not match the catalogue: remove the example for OLD.`,
  ],
  [
    "names both kinds in one line",
    ["A", "B"],
    ["A", "OLD"],
    `${FILE} does not match the catalogue: add an example for B; remove the example for OLD.`,
  ],
])("%s", (_, codes, exampleCodes, message) => {
  expect(describeExampleMismatch(codes, exampleCodes)).toBe(message);
});

test("every code of the catalogue has an example", () => {
  expect(describeExampleMismatch(Object.keys(catalogue), Object.keys(ERROR_EXAMPLES))).toBeUndefined();
});

describe("npm run docs without an example for a code", () => {
  const previousExitCode = process.exitCode;
  afterEach(() => {
    process.exitCode = previousExitCode;
    jest.restoreAllMocks();
    jest.dontMock("../../docs/generate/error-examples");
    jest.dontMock("node:fs");
  });

  test("prints one line, sets exit code 1 and writes no page", () => {
    const { UNEXPECTED: _, ...rest } = ERROR_EXAMPLES;
    const writeFileSync = jest.fn();
    const printed = jest.spyOn(console, "error").mockImplementation(() => undefined);
    jest.doMock("../../docs/generate/error-examples", () => ({ ERROR_EXAMPLES: rest }));
    jest.doMock("node:fs", () => ({ ...fs, writeFileSync }));
    jest.isolateModules(() => require("../../docs/generate/main"));
    expect(printed.mock.calls).toEqual([[`${FILE} does not match the catalogue: add an example for UNEXPECTED.`]]);
    expect(process.exitCode).toBe(1);
    expect(writeFileSync).not.toHaveBeenCalled();
  });
});
