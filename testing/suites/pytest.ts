import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { runCommand } from "./run-command";
import type { SuiteOptions, TestResult } from "./sdk-suite";

interface PytestRun {
  /** A pytest plug-in of this folder. */
  plugin: string;
  /** Options and files of pytest. */
  args: readonly string[];
  env: NodeJS.ProcessEnv;
}

/** Runs pytest in the folder of an SDK and returns the result of each test, named without the package of the tests. */
export async function runPytest(
  { folder, python, reports }: SuiteOptions,
  { plugin, args, env }: PytestRun,
): Promise<TestResult[]> {
  const report = join(reports, "junit.xml");
  const { output } = await runCommand(
    python,
    ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", plugin, `--junitxml=${report}`, ...args],
    {
      cwd: folder,
      env: {
        ...process.env,
        PYTHONPATH: `${folder}${delimiter}${__dirname}`,
        PYTHONDONTWRITEBYTECODE: "1",
        TZ: "Asia/Shanghai", // the tests expect the days of the vendor's time zone
        ...env,
      },
    },
  );
  if (!existsSync(report)) throw new Error(`pytest wrote no report. Its output ends:\n${output}`);
  return parseJunit(readFileSync(report, "utf8"));
}

interface JunitFailure {
  "#text"?: string;
  "@_message"?: string;
}

interface JunitCase {
  "@_classname": string;
  "@_name": string;
  failure?: JunitFailure;
  error?: JunitFailure;
  skipped?: unknown;
}

/** Reads pytest's report. A test that fails and whose clean-up fails too has two entries. */
export function parseJunit(xml: string): TestResult[] {
  const parser = new XMLParser({
    ignoreAttributes: false,
    htmlEntities: true, // pytest writes line feeds as &#10;
    isArray: (name) => name === "testcase" || name === "testsuite",
  });
  const suites: { testcase?: JunitCase[] }[] = parser.parse(xml).testsuites.testsuite;
  const results = new Map<string, TestResult>();
  for (const entry of suites.flatMap(({ testcase }) => testcase ?? [])) {
    const test = `${entry["@_classname"].replace(/^tests\.(integration\.)?/, "")}.${entry["@_name"]}`;
    const failure = entry.failure ?? entry.error;
    if (failure !== undefined) {
      results.set(test, { test, outcome: "failed", message: `${failure["@_message"]}\n${failure["#text"] ?? ""}` });
    } else if (!results.has(test)) {
      results.set(test, { test, outcome: entry.skipped === undefined ? "passed" : "skipped" });
    }
  }
  return [...results.values()];
}
