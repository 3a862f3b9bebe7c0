import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startEmulator } from "../../emulator/emulator";
import { aliOss } from "./ali-oss";
import { type Comparison, compareResults, expectedResultsSchema } from "./expected-results";
import { goV2 } from "./go-v2";
import { oss2 } from "./oss2";
import { pythonV2 } from "./python-v2";
import { MissingProgram } from "./run-command";
import type { SdkSuite, TestResult } from "./sdk-suite";

const SUITES: readonly SdkSuite[] = [pythonV2, oss2, aliOss, goV2];

const USAGE = `Usage: npm run suites -- --sdk FOLDER [--python PROGRAM] [--json]

Runs the integration tests of a vendor's SDK against the emulator, and compares the results with the list of known
failures in testing/suites/expected. FOLDER has the sources of the SDK and what its tests need; for Go, that is in the
module cache. Nothing is downloaded.

  ${SUITES.map(({ name }) => name).join(", ")}

  --python PROGRAM  the interpreter with pytest and the SDK's requirements (python3)
  --json            prints every result as JSON

Exit status:
  0  every failure is in the list, and every test in the list failed; or no folder was given, or
     Python or Go is not installed
  1  the list does not agree with the results
  2  the tests could not run`;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      sdk: { type: "string" },
      python: { type: "string", default: "python3" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.sdk === undefined) {
    console.log("suites: SKIPPED. No --sdk FOLDER was given; this command downloads nothing.");
    return 0;
  }
  const folder = resolve(values.sdk);
  const suite = SUITES.find((candidate) => candidate.versionIn(folder) !== undefined);
  const version = suite?.versionIn(folder);
  if (suite === undefined || version === undefined) {
    throw new Error(`${folder} has the sources of none of ${SUITES.map(({ name }) => name).join(", ")}.`);
  }
  const results = await runSuite(suite, folder, values.python);
  if (values.json) console.log(JSON.stringify(results, null, 2));
  const comparison = compareResults(results, readExpected(suite.name, version));
  console.log(describe(`${suite.name} ${version}`, comparison));
  const { unexplained, outdated, expectedPassed } = comparison;
  return unexplained.length + outdated.length === 0 && expectedPassed === undefined ? 0 : 1;
}

async function runSuite(suite: SdkSuite, folder: string, python: string): Promise<TestResult[]> {
  const emulator = await startEmulator({ bucket: false });
  const reports = mkdtempSync(join(tmpdir(), "suites-"));
  try {
    return await suite.run(emulator, { folder, python, reports });
  } finally {
    rmSync(reports, { recursive: true, force: true });
    await emulator.close();
  }
}

function readExpected(sdk: string, version: string) {
  const file = join(__dirname, "expected", `${sdk}-${version}.json`);
  return existsSync(file) ? expectedResultsSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

function describe(
  title: string,
  { passed, skipped, explained, unexplained, outdated, expectedPassed }: Comparison,
): string {
  const failed = explained.reduce((sum, group) => sum + group.failed, unexplained.length);
  return [
    `${title}: ${passed} of ${passed + failed} passed, ${skipped} skipped`,
    ...explained.map((group) => `  ${String(group.failed).padStart(3)} ${group.reason}: ${group.because}`),
    `  ${String(unexplained.length).padStart(3)} without a reason`,
    ...unexplained.map(({ test, message = "" }) => `      ${test}: ${message.trim().split("\n")[0]}`),
    ...outdated.map((test) => `      no longer fails: ${test}`),
    ...(expectedPassed === undefined ? [] : [`      the list says that ${expectedPassed} pass`]),
  ].join("\n");
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    if (error instanceof MissingProgram) {
      console.log(`suites: SKIPPED. ${error.message}.`);
      return;
    }
    process.stderr.write(`suites: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
