import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseMocha } from "../../../testing/suites/ali-oss";
import { compareResults, expectedResultsSchema } from "../../../testing/suites/expected-results";
import { parseGoTest } from "../../../testing/suites/go-v2";
import { parseJunit } from "../../../testing/suites/pytest";
import { MissingProgram, runCommand } from "../../../testing/suites/run-command";

const ROOT = join(__dirname, "..", "..", "..");
const FOLDER = join(ROOT, "testing", "suites", "expected");
const README = readFileSync(join(ROOT, "emulator", "README.md"), "utf8");

/** The first cells of the README's table of unsupported operations. */
const rows = [...(/^\| not emulated(.*?)\n\n/ms.exec(README)?.[1] ?? "").matchAll(/^\| ([^|]+?) +\|/gm)].map(
  ([, cell]) => cell,
);

describe.each(readdirSync(FOLDER))("%s", (file) => {
  const expected = expectedResultsSchema.parse(JSON.parse(readFileSync(join(FOLDER, file), "utf8")));

  it("has the name of its SDK and version", () => {
    expect(file).toBe(`${expected.sdk}-${expected.version}.json`);
  });

  it("has a row in the README's table of suites", () => {
    const count = (reason: string) =>
      expected.failed.filter((group) => group.reason === reason).reduce((sum, { tests }) => sum + tests.length, 0);
    const cells = [expected.sdk, expected.version, expected.passed, count("not emulated"), count("limit of the run")];
    expect(README.replace(/ +/g, " ")).toContain(`| ${cells.join(" | ")} |`);
  });

  it("gives every failure one reason, and names a row of the README where something is not emulated", () => {
    const tests = expected.failed.flatMap((group) => group.tests);
    expect(tests).toHaveLength(new Set(tests).size);
    const named = expected.failed.filter(({ reason }) => reason === "not emulated").map(({ because }) => because);
    expect(named.filter((because) => !rows.includes(because))).toEqual([]);
  });
});

describe("a comparison", () => {
  const expected = expectedResultsSchema.parse({
    sdk: "s",
    version: "1",
    passed: 1,
    failed: [
      { reason: "not emulated", because: "versioning", tests: ["known", "mended"] },
      { reason: "limit of the run", because: "a race", unstable: true, tests: ["flaky"] },
    ],
  });
  const passed = (test: string) => ({ test, outcome: "passed" as const });
  const failed = (test: string) => ({ test, outcome: "failed" as const });

  it("names failures without a reason and listed tests that no longer fail", () => {
    const results = [passed("a"), failed("known"), passed("mended"), failed("new"), passed("flaky")];
    const comparison = compareResults(results, expected);
    expect(comparison.unexplained.map(({ test }) => test)).toEqual(["new"]);
    expect(comparison.outdated).toEqual(["mended"]);
    expect(comparison.expectedPassed).toBe(1); // "mended" makes two
    expect(comparison.explained.map(({ failed: count }) => count)).toEqual([1, 0]);
  });

  it("agrees when the results are those of the list, with unstable tests either way", () => {
    for (const flaky of [passed("flaky"), failed("flaky")]) {
      const results = [passed("a"), failed("known"), failed("mended"), flaky];
      expect(compareResults(results, expected)).toMatchObject({
        unexplained: [],
        outdated: [],
        expectedPassed: undefined,
      });
    }
  });

  it("has no reason for any failure of a version without a list", () => {
    expect(compareResults([failed("a")], undefined).unexplained).toHaveLength(1);
  });
});

it("reads pytest's report, where a failed test and its failed clean-up are two entries", () => {
  const report = `<?xml version="1.0"?><testsuites><testsuite>
    <testcase classname="tests.integration.test_client.TestA" name="test_ok"/>
    <testcase classname="tests.integration.test_client.TestA" name="test_bad"><failure message="no">trace</failure></testcase>
    <testcase classname="tests.integration.test_client.TestA" name="test_bad"><error message="clean-up">trace</error></testcase>
    <testcase classname="tests.integration.test_client.TestA" name="test_not"><skipped/></testcase>
  </testsuite></testsuites>`;
  expect(parseJunit(report).map(({ test, outcome }) => [test, outcome])).toEqual([
    ["test_client.TestA.test_ok", "passed"],
    ["test_client.TestA.test_bad", "failed"],
    ["test_client.TestA.test_not", "skipped"],
  ]);
});

it("reads mocha's report, and numbers titles that occur twice", () => {
  const report = {
    passes: [{ fullTitle: "a" }, { fullTitle: "a" }],
    pending: [],
    failures: [{ fullTitle: "b", err: {} }],
  };
  expect(parseMocha(JSON.stringify(report)).map(({ test, outcome }) => [test, outcome])).toEqual([
    ["a", "passed"],
    ["a #2", "passed"],
    ["b", "failed"],
  ]);
});

it.each([
  [0, "--- PASS: TestA (0.01s)\nPASS\n", "passed"],
  [0, "--- SKIP: TestA (0.01s)\nPASS\n", "skipped"],
  [1, "--- FAIL: TestA (0.01s)\nFAIL\n", "failed"],
  [2, "panic: runtime error: invalid memory address\n", "failed"],
])("reads the exit status %i of a Go test that prints %j", (status, output, outcome) => {
  expect(parseGoTest("TestA", { status, output })).toMatchObject({ test: "TestA", outcome });
});

it("tells a program that is not installed from one that fails", async () => {
  const run = runCommand("no-such-program", [], { cwd: ROOT, env: process.env });
  await expect(run).rejects.toBeInstanceOf(MissingProgram);
});
