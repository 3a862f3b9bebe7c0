import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { runCommand } from "./run-command";
import type { SdkSuite, TestResult } from "./sdk-suite";

/** Tests of services that no migration uses. */
const IGNORED = ["vector", "tables", "datapocess"];

export const pythonV2: SdkSuite = {
  name: "alibabacloud-oss-python-sdk-v2",
  versionIn(folder) {
    const file = join(folder, "alibabacloud_oss_v2", "_version.py");
    return existsSync(file) ? /VERSION\s*=\s*"([^"]+)"/.exec(readFileSync(file, "utf8"))?.[1] : undefined;
  },
  async run(emulator, { folder, python, reports }) {
    const report = join(reports, "junit.xml");
    const ignored = IGNORED.map((name) => `--ignore=tests/integration/${name}`);
    const plugin = ["-p", "no:cacheprovider", "-p", "skip_cleanup"];
    const env = {
      ...process.env,
      PYTHONPATH: `${folder}:${__dirname}`,
      PYTHONDONTWRITEBYTECODE: "1",
      TZ: "Asia/Shanghai", // the tests expect the days of the vendor's time zone
      OSS_TEST_ACCESS_KEY_ID: emulator.accessKeyId,
      OSS_TEST_ACCESS_KEY_SECRET: emulator.accessKeySecret,
      OSS_TEST_ENDPOINT: emulator.endpoint,
      OSS_TEST_REGION: emulator.region,
      OSS_TEST_RAM_ROLE_ARN: `acs:ram::${emulator.accountId}:role/test`,
      OSS_TEST_USER_ID: emulator.accountId,
      OSS_TEST_PAYER_ACCESS_KEY_ID: emulator.accessKeyId,
      OSS_TEST_PAYER_ACCESS_KEY_SECRET: emulator.accessKeySecret,
    };
    const args = ["-m", "pytest", "-q", ...plugin, `--junitxml=${report}`, ...ignored, "tests/integration"];
    const { output } = await runCommand(python, args, { cwd: folder, env });
    if (!existsSync(report)) throw new Error(`pytest wrote no report. Its output ends:\n${output}`);
    return parseJunit(readFileSync(report, "utf8"));
  },
};

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
    const test = `${entry["@_classname"].replace(/^tests\.integration\./, "")}.${entry["@_name"]}`;
    const failure = entry.failure ?? entry.error;
    if (failure !== undefined) {
      results.set(test, { test, outcome: "failed", message: `${failure["@_message"]}\n${failure["#text"] ?? ""}` });
    } else if (!results.has(test)) {
      results.set(test, { test, outcome: entry.skipped === undefined ? "passed" : "skipped" });
    }
  }
  return [...results.values()];
}
